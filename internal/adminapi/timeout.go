package adminapi

import (
	"context"
	"time"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/wait"
)

// WithTimeout returns a context for an operation that is canceled after a time,
// by the clock of the client. The function releases it.
func (c *Client) WithTimeout(ctx context.Context, operation string, after time.Duration) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	c.clock.AfterFunc(after, func() { cancel(&wait.TimeoutError{Operation: operation, After: after}) })
	return ctx, func() { cancel(nil) }
}
