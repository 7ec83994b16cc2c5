package api

import (
	"cmp"
	"encoding/base64"
	"net/url"
	"slices"
	"strconv"
)

// List is a page of a list with item ids as cursors.
type List[T any] struct {
	Object  string  `json:"object"`
	Data    []T     `json:"data"`
	FirstID *string `json:"first_id"`
	LastID  *string `json:"last_id"`
	HasMore bool    `json:"has_more"`
}

// Limits are the bounds of a list's page size.
type Limits struct{ Min, Max, Default int }

// Usual are the bounds of most lists.
var Usual = Limits{Min: 1, Max: 100, Default: 20}

// Unordered is the order of lists that have no parameter for it.
const Unordered = ""

// Paginate cuts the page out of items that the request asks for with limit,
// after, before and order. Items come in ascending order. order is the list's
// own when the request has none.
func Paginate[T any](r *Request, items []T, id func(T) string, limits Limits, order string) (List[T], error) {
	return paginate(r, r.URL.Query(), items, id, limits, order)
}

func paginate[T any](r *Request, query url.Values, items []T, id func(T) string, limits Limits, order string) (List[T], error) {
	page := List[T]{Object: "list", Data: []T{}}
	limit, err := limits.read(r, query)
	if err != nil {
		return page, err
	}
	switch asked := cmp.Or(query.Get("order"), order); {
	case order == Unordered && !r.Behavior.ReversesLists, order != Unordered && asked == "asc":
	case order == Unordered, asked == "desc":
		items = slices.Clone(items)
		slices.Reverse(items)
	default:
		return page, BadRequest("order", "Invalid 'order': %q. Expected 'asc' or 'desc'.", asked)
	}
	if after := query.Get("after"); after != "" {
		at := slices.IndexFunc(items, func(item T) bool { return id(item) == after })
		if at < 0 {
			return page, BadRequest("after", "No object with id %q to continue after.", after)
		}
		items = items[at+1:]
	}
	if before := query.Get("before"); before != "" {
		at := slices.IndexFunc(items, func(item T) bool { return id(item) == before })
		if at < 0 {
			return page, BadRequest("before", "No object with id %q to end before.", before)
		}
		items = items[:at]
		// The page ends right before the cursor.
		page.HasMore = len(items) > limit
		items = items[max(0, len(items)-limit):]
	} else {
		page.HasMore = len(items) > limit
		items = items[:min(limit, len(items))]
	}
	page.Data = append(page.Data, items...)
	if len(page.Data) > 0 {
		first, last := id(page.Data[0]), id(page.Data[len(page.Data)-1])
		page.FirstID, page.LastID = &first, &last
	}
	return page, nil
}

// NextList is a page of a list with cursors that are no ids.
type NextList[T any] struct {
	Object  string  `json:"object"`
	Data    []T     `json:"data"`
	HasMore bool    `json:"has_more"`
	Next    *string `json:"next"`
}

// PaginateNext is Paginate for such lists, which all have an order.
func PaginateNext[T any](r *Request, items []T, id func(T) string, limits Limits, order string) (NextList[T], error) {
	query := r.URL.Query()
	// Ids are taken as well, as parts of the documentation say.
	if plain, err := base64.RawURLEncoding.DecodeString(query.Get("after")); err == nil && slices.ContainsFunc(items, func(item T) bool { return id(item) == string(plain) }) {
		query.Set("after", string(plain))
	}
	list, err := paginate(r, query, items, id, limits, order)
	page := NextList[T]{Object: list.Object, Data: list.Data, HasMore: list.HasMore}
	if page.HasMore && list.LastID != nil {
		next := base64.RawURLEncoding.EncodeToString([]byte(*list.LastID))
		page.Next = &next
	}
	return page, err
}

func (l Limits) read(r *Request, query url.Values) (int, error) {
	limit, err := Integer(query, "limit", l.Min, l.Max, l.Default)
	if limit == 0 && r.Behavior.ZeroIsDefaultLimit {
		limit = l.Default
	}
	return limit, err
}

// Integer reads a whole number from the query.
func Integer(query url.Values, name string, least, most, otherwise int) (int, error) {
	text := query.Get(name)
	if text == "" {
		return otherwise, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		return 0, BadRequest(name, "'%s' must be an integer, got %q.", name, text)
	}
	if n < least || n > most {
		return 0, BadRequest(name, "'%s' must be between %d and %d, got %d.", name, least, most, n)
	}
	return n, nil
}

// Boolean reads true or false from the query.
func Boolean(query url.Values, name string) (value, present bool, err error) {
	switch text := query.Get(name); text {
	case "":
		return false, false, nil
	case "true", "false":
		return text == "true", true, nil
	default:
		return false, false, BadRequest(name, "'%s' must be true or false, got %q.", name, text)
	}
}

// Strings reads a list from the query, written name=a&name=b or
// name[]=a&name[]=b.
func Strings(query url.Values, name string) []string {
	return slices.Concat(query[name], query[name+"[]"])
}
