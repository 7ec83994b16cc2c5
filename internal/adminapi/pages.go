package adminapi

import (
	"context"
	"fmt"
)

// page is one answer of a list endpoint.
type page[T any] struct {
	items []T
	more  bool
	// next is the cursor of the page that follows.
	next string
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
func checkIDs[T any](items []T, id func(T) string, check func(id string) error) error {
	for _, item := range items {
		if err := check(id(item)); err != nil {
			return err
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
	return readPages(ctx, nil, nil, fetch)
}

// readPages is readAll for items with ids.
func readPages[T any](ctx context.Context, id func(T) string, check func(id string) error, fetch func(ctx context.Context, after string) (page[T], error)) ([]T, error) {
	var items []T
	var seen progress
	cursor := ""
	for {
		got, err := fetch(ctx, cursor)
		if err != nil {
			return nil, err
		}
		if id != nil {
			if err := checkIDs(got.items, id, check); err != nil {
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
