package adminapi

import (
	"context"

	"github.com/openai/openai-go/v3/option"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/cache"
	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/transport"
)

// Calls for one object of a list. They keep the shared list up to date.

// getListed returns an object of a list. do reads it alone.
func getListed[T any](ctx context.Context, c *Client, shared *cache.Collection[T], id string, op transport.Operation,
	do func(ctx context.Context, opts ...option.RequestOption) (*T, error),
) (*T, error) {
	return shared.Get(ctx, id, func(ctx context.Context) (*T, error) { return call(ctx, c, op, do) })
}

// updateListed changes an object of a list.
func updateListed[T any](ctx context.Context, c *Client, shared *cache.Collection[T], op transport.Operation,
	do func(ctx context.Context, opts ...option.RequestOption) (*T, error),
) (*T, error) {
	updated, err := call(ctx, c, op, do)
	if err != nil {
		return nil, err
	}
	shared.Put(*updated)
	return updated, nil
}

// updateLogged is updateListed for an object whose changes the audit log shows
// as this event.
func updateLogged[T any](ctx context.Context, c *Client, shared *cache.Collection[T], id, event string, op transport.Operation,
	do func(ctx context.Context, opts ...option.RequestOption) (*T, error),
) (*T, error) {
	updated, err := updateListed(ctx, c, shared, op, do)
	if err == nil {
		c.ChangeLog.wrote(id, event)
	}
	return updated, err
}

// deleteListed removes an object from a list. One that is not there, or whose
// project is archived, is a success.
func deleteListed[T, R any](ctx context.Context, c *Client, shared *cache.Collection[T], id string, op transport.Operation,
	do func(ctx context.Context, opts ...option.RequestOption) (*R, error),
) error {
	_, err := call(ctx, c, op, do)
	if err = ignoreNotFound(err); err == nil {
		shared.Drop(id)
	}
	return err
}

// removal is the answer to a DELETE, in which nothing matters.
type removal struct{}

func (removal) complete() bool { return true }

// removed makes one type out of those that the SDK has for such answers.
func removed[T any](answer *T, err error) (*removal, error) {
	if answer == nil {
		return nil, err
	}
	return &removal{}, err
}
