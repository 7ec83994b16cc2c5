package adminapi

import (
	"context"
	"errors"
	"fmt"

	"github.com/openai/openai-go/v3/packages/pagination"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/transport"
)

var errNoPage = errors.New("the list is broken: the answer has no data or does not say whether there is more")

// cursorPage brings the SDK's page into ours. An answer that does not say
// clearly that it is a page is none: its objects would seem to be gone.
func cursorPage[T any](got *pagination.ConversationCursorPage[T], err error) (page[T], error) {
	if err != nil {
		return page[T]{}, err
	}
	if !got.JSON.Data.Valid() || !got.JSON.HasMore.Valid() {
		return page[T]{}, errNoPage
	}
	return page[T]{items: got.Data, more: got.HasMore, next: got.LastID}, nil
}

// progress notices a list that does not end: a cursor that was given before, or
// a page on which nothing is new.
type progress struct{ cursors, ids map[string]bool }

// check takes a page that says that there is more. ids are those of its items;
// without any only the cursors are checked.
func (p *progress) check(items int, ids []string, cursor, next string) error {
	if p.cursors == nil {
		p.cursors, p.ids = map[string]bool{}, map[string]bool{}
	}
	p.cursors[cursor] = true
	if items == 0 || next == "" {
		return fmt.Errorf("the list is broken: the server announces more after %q but gives no way to it", clean(cursor))
	}
	if p.cursors[next] {
		return fmt.Errorf("the list is broken: the server gives the cursor %q a second time, so the list never ends", clean(next))
	}
	isNew := len(ids) == 0
	for _, id := range ids {
		isNew = isNew || !p.ids[id]
		p.ids[id] = true
	}
	if !isNew {
		return fmt.Errorf("the list is broken: the page after %q has no new object, so the list never ends", clean(cursor))
	}
	return nil
}

// checkIDs refuses objects whose ids are impossible.
func checkIDs[T any](items []T, id func(T) string) error {
	for _, item := range items {
		if !validID(id(item)) {
			return fmt.Errorf("the answer could not be read: %w: %q", errInvalidID, clean(transport.Redact(id(item))))
		}
	}
	return nil
}

// idsOf lists the ids of the items of a page.
func idsOf[T any](items []T, id func(T) string) []string {
	ids := make([]string, len(items))
	for i, item := range items {
		ids[i] = id(item)
	}
	return ids
}

// readAll follows a list to its end, past every snapshot.
func readAll[T any](ctx context.Context, fetch func(ctx context.Context, after string) (page[T], error)) ([]T, error) {
	return readPages(ctx, nil, fetch)
}

// readPages is readAll for items with ids.
func readPages[T any](ctx context.Context, id func(T) string, fetch func(ctx context.Context, after string) (page[T], error)) ([]T, error) {
	var items []T
	var seen progress
	cursor := ""
	for {
		got, err := fetch(ctx, cursor)
		if err != nil {
			return nil, err
		}
		if id != nil {
			if err := checkIDs(got.items, id); err != nil {
				return nil, err
			}
		}
		items = append(items, got.items...)
		if !got.more {
			return items, nil
		}
		var ids []string
		if id != nil {
			ids = idsOf(got.items, id)
		}
		if err := seen.check(len(got.items), ids, cursor, got.next); err != nil {
			return nil, err
		}
		cursor = got.next
	}
}

// convertPage makes a page of our type out of one of the SDK's.
func convertPage[From, To any](convert func(*From, error) (*To, error)) func(page[From], error) (page[To], error) {
	return func(from page[From], err error) (page[To], error) {
		if err != nil {
			return page[To]{}, err
		}
		to := page[To]{more: from.more, next: from.next}
		for i := range from.items {
			item, err := convert(&from.items[i], nil)
			if err != nil {
				return page[To]{}, err
			}
			to.items = append(to.items, *item)
		}
		return to, nil
	}
}

// itemPage is cursorPage for the lists whose cursor is the id of the last item.
func itemPage[T any](id func(*T) string) func(got *pagination.CursorPage[T], err error) (page[T], error) {
	return func(got *pagination.CursorPage[T], err error) (page[T], error) {
		if err != nil {
			return page[T]{}, err
		}
		if !got.JSON.Data.Valid() || !got.JSON.HasMore.Valid() {
			return page[T]{}, errNoPage
		}
		p := page[T]{items: got.Data, more: got.HasMore}
		if n := len(got.Data); n > 0 {
			p.next = id(&got.Data[n-1])
		}
		return p, nil
	}
}
