package adminapi

import (
	"context"
	"errors"
	"fmt"

	"github.com/openai/openai-go/v3/packages/pagination"
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

// readAll follows a list to its end, past every snapshot.
func readAll[T any](ctx context.Context, fetch func(ctx context.Context, after string) (page[T], error)) ([]T, error) {
	var items []T
	cursor := ""
	for {
		got, err := fetch(ctx, cursor)
		if err != nil {
			return nil, err
		}
		items = append(items, got.items...)
		if !got.more {
			return items, nil
		}
		if len(got.items) == 0 || got.next == "" || got.next == cursor {
			return nil, fmt.Errorf("the list is broken: the server announces more after %q but gives no way to it", cursor)
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
