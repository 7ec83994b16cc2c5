package adminapi

import (
	"context"
	"fmt"

	"github.com/openai/openai-go/v3/option"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/cache"
	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/transport"
)

// Groups and roles are decoded into types of our own, because the SDK has one
// for each endpoint, all with the same fields. Their lists have cursors that
// are not the ids of objects.

// decoded is such a type.
type decoded interface {
	// complete reports whether the object has the fields that identify it.
	complete() bool
}

// into runs an SDK call and decodes the answer into a type of ours.
func into[T decoded](ctx context.Context, c *Client, op transport.Operation, send func(ctx context.Context, opts ...option.RequestOption) error) (*T, error) {
	return call(ctx, c, op, func(ctx context.Context, opts ...option.RequestOption) (*T, error) {
		var result T
		err := send(ctx, append(opts, option.WithResponseBodyInto(&result))...)
		return &result, err
	})
}

// nextList is a page with the cursor of the page that follows.
type nextList[T decoded] struct {
	Data    []T     `json:"data"`
	HasMore *bool   `json:"has_more"`
	Next    *string `json:"next"`
}

// complete implements decoded. nextPages reports the missing fields of a page.
func (nextList[T]) complete() bool { return true }

// nextLists returns the shared reads of lists with such pages, one within each
// parent.
func nextLists[T decoded](c *Client, op transport.Operation, size int, id func(T) string,
	send func(ctx context.Context, parent string, opts ...option.RequestOption) error,
) *cache.ByParent[T] {
	lists := cache.NewByParent(func(parent string) *cache.Collection[T] {
		return newCollection(id, nextPages[T](c, op, size, func(ctx context.Context, opts ...option.RequestOption) error {
			return send(ctx, parent, opts...)
		}))
	})
	listsAhead(c, op, lists)
	return lists
}

// nextPages reads a list page by page. send makes the SDK call for a page.
func nextPages[T decoded](c *Client, op transport.Operation, size int, send func(ctx context.Context, opts ...option.RequestOption) error) func(ctx context.Context, after string) (cache.Page[T], error) {
	return func(ctx context.Context, after string) (cache.Page[T], error) {
		got, err := into[nextList[T]](ctx, c, op, func(ctx context.Context, opts ...option.RequestOption) error {
			return send(ctx, fromPage(after, size, opts)...)
		})
		if err != nil {
			return cache.Page[T]{}, err
		}
		if got.Data == nil || got.HasMore == nil {
			return cache.Page[T]{}, errNoPage
		}
		for _, item := range got.Data {
			if !item.complete() {
				return cache.Page[T]{}, fmt.Errorf("%s: an item of the list is broken: %w", op.Name, errIncomplete)
			}
		}
		next := cache.Page[T]{Items: got.Data, More: *got.HasMore}
		if got.Next != nil {
			next.Next = *got.Next
		}
		return next, nil
	}
}
