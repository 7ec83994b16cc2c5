package cache

import (
	"context"
	"fmt"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/text"
)

// Page is one answer of a list endpoint.
type Page[T any] struct {
	Items []T
	More  bool
	// Next is the cursor of the page that follows.
	Next string
}

// Progress notices a list that does not end: a cursor that was given before, or
// a page on which nothing is new.
type Progress struct{ cursors, ids map[string]bool }

// Check takes a page that says that there is more. ids are those of its items;
// without any only the cursors are checked.
func (p *Progress) Check(items int, ids []string, cursor, next string) error {
	if p.cursors == nil {
		p.cursors, p.ids = map[string]bool{}, map[string]bool{}
	}
	p.cursors[cursor] = true
	if items == 0 || next == "" {
		return fmt.Errorf("the list is broken: the server announces more after %q but gives no way to it", text.Clean(cursor))
	}
	if p.cursors[next] {
		return fmt.Errorf("the list is broken: the server gives the cursor %q a second time, so the list never ends", text.Clean(next))
	}
	isNew := len(ids) == 0
	for _, id := range ids {
		isNew = isNew || !p.ids[id]
		p.ids[id] = true
	}
	if !isNew {
		return fmt.Errorf("the list is broken: the page after %q has no new object, so the list never ends", text.Clean(cursor))
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

// IDsOf lists the ids of the items of a page.
func IDsOf[T any](items []T, id func(T) string) []string {
	ids := make([]string, len(items))
	for i, item := range items {
		ids[i] = id(item)
	}
	return ids
}

// ReadAll follows a list to its end, past every snapshot.
func ReadAll[T any](ctx context.Context, fetch func(ctx context.Context, after string) (Page[T], error)) ([]T, error) {
	return readPages(ctx, nil, nil, fetch)
}

// readPages is ReadAll for items with ids.
func readPages[T any](ctx context.Context, id func(T) string, check func(id string) error, fetch func(ctx context.Context, after string) (Page[T], error)) ([]T, error) {
	var items []T
	var seen Progress
	cursor := ""
	for {
		got, err := fetch(ctx, cursor)
		if err != nil {
			return nil, err
		}
		if id != nil {
			if err := checkIDs(got.Items, id, check); err != nil {
				return nil, err
			}
		}
		items = append(items, got.Items...)
		if !got.More {
			return items, nil
		}
		var ids []string
		if id != nil {
			ids = IDsOf(got.Items, id)
		}
		if err := seen.Check(len(got.Items), ids, cursor, got.Next); err != nil {
			return nil, err
		}
		cursor = got.Next
	}
}
