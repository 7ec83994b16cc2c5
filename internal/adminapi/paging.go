package adminapi

import (
	"context"
	"errors"
	"fmt"

	"github.com/openai/openai-go/v3/packages/pagination"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/transport"
)

// pageSize is the largest page that the lists of the API give.
const pageSize = 100

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

// checkID refuses the id of an object that is impossible.
func checkID(id string) error {
	if !validID(id) {
		return fmt.Errorf("the answer could not be read: %w: %q", errInvalidID, clean(transport.Redact(id)))
	}
	return nil
}

// newCollection returns the shared reads of a list of objects.
func newCollection[T any](id func(T) string, fetch func(ctx context.Context, after string) (page[T], error)) *collection[T] {
	return newCollectionOf(id, checkID, fetch)
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
