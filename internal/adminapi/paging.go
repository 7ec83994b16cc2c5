package adminapi

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/openai/openai-go/v3/option"
	"github.com/openai/openai-go/v3/packages/pagination"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/cache"
	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/text"
	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/transport"
)

// The largest pages that the lists of the API give, and those of rate limits.
const (
	pageSize          = 100
	rateLimitPageSize = 1000
)

var errNoPage = errors.New("the list is broken: the response has no data or does not say whether there is more")

// cursorPage converts the SDK's page. An answer without the fields of a page is
// an error: the objects would seem to be deleted.
func cursorPage[T any](got *pagination.ConversationCursorPage[T], err error) (cache.Page[T], error) {
	if err != nil {
		return cache.Page[T]{}, err
	}
	if !got.JSON.Data.Valid() || !got.JSON.HasMore.Valid() {
		return cache.Page[T]{}, errNoPage
	}
	return cache.Page[T]{Items: got.Data, More: got.HasMore, Next: got.LastID}, nil
}

// checkID refuses the id of an object that is impossible.
func checkID(id string) error {
	if !validID(id) {
		return fmt.Errorf("the response could not be read: %w: %q", errInvalidID, text.Clean(transport.Redact(id)))
	}
	return nil
}

// newCollection returns the shared reads of a list of objects.
func newCollection[T any](id func(T) string, fetch func(ctx context.Context, after string) (cache.Page[T], error)) *cache.Collection[T] {
	return cache.NewCollection(id, checkID, fetch)
}

// convertPage makes a page of our type out of one of the SDK's.
func convertPage[From, To any](convert func(*From, error) (*To, error)) func(cache.Page[From], error) (cache.Page[To], error) {
	return func(from cache.Page[From], err error) (cache.Page[To], error) {
		if err != nil {
			return cache.Page[To]{}, err
		}
		to := cache.Page[To]{More: from.More, Next: from.Next}
		for i := range from.Items {
			item, err := convert(&from.Items[i], nil)
			if err != nil {
				return cache.Page[To]{}, err
			}
			to.Items = append(to.Items, *item)
		}
		return to, nil
	}
}

// fromPage asks for the page that follows a cursor.
func fromPage(after string, size int, opts []option.RequestOption) []option.RequestOption {
	opts = append(opts, option.WithQuery("limit", strconv.Itoa(size)))
	if after != "" {
		opts = append(opts, option.WithQuery("after", after))
	}
	return opts
}

// lastIDPages reads a list whose pages name their last id. send makes the SDK call for a page.
func lastIDPages[T any](c *Client, op transport.Operation, size int, send func(ctx context.Context, opts ...option.RequestOption) (*pagination.ConversationCursorPage[T], error)) func(ctx context.Context, after string) (cache.Page[T], error) {
	return func(ctx context.Context, after string) (cache.Page[T], error) {
		return cursorPage(call(ctx, c, op, func(ctx context.Context, opts ...option.RequestOption) (*pagination.ConversationCursorPage[T], error) {
			return send(ctx, fromPage(after, size, opts)...)
		}))
	}
}

// lastIDLists returns the shared reads of such lists, one within each parent.
func lastIDLists[T any](c *Client, op transport.Operation, size int, id func(T) string,
	send func(ctx context.Context, parent string, opts ...option.RequestOption) (*pagination.ConversationCursorPage[T], error),
) *cache.ByParent[T] {
	lists := cache.NewByParent(func(parent string) *cache.Collection[T] {
		return newCollection(id, lastIDPages(c, op, size, func(ctx context.Context, opts ...option.RequestOption) (*pagination.ConversationCursorPage[T], error) {
			return send(ctx, parent, opts...)
		}))
	})
	listsAhead(c, op, lists)
	return lists
}

// itemList returns the shared reads of a list whose cursor is the id of the
// last item, and whose items are made into a type of ours.
func itemList[From, To any](c *Client, op transport.Operation, convert func(*From, error) (*To, error), id func(To) string,
	send func(ctx context.Context, opts ...option.RequestOption) (*pagination.CursorPage[From], error),
) *cache.Collection[To] {
	return newCollection(id, func(ctx context.Context, after string) (cache.Page[To], error) {
		page, err := convertPage(convert)(itemPage(call(ctx, c, op, func(ctx context.Context, opts ...option.RequestOption) (*pagination.CursorPage[From], error) {
			return send(ctx, fromPage(after, pageSize, opts)...)
		})))
		if n := len(page.Items); n > 0 {
			page.Next = id(page.Items[n-1])
		}
		return page, err
	})
}

// itemPage is cursorPage for these lists, without the cursor.
func itemPage[T any](got *pagination.CursorPage[T], err error) (cache.Page[T], error) {
	if err != nil {
		return cache.Page[T]{}, err
	}
	if !got.JSON.Data.Valid() || !got.JSON.HasMore.Valid() {
		return cache.Page[T]{}, errNoPage
	}
	return cache.Page[T]{Items: got.Data, More: got.HasMore}, nil
}
