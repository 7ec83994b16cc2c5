package adminapi

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// TimeoutError ends an operation that has taken as long as it may. It is a
// cancellation: what was sent by then goes on as after an interrupt.
type TimeoutError struct {
	// Operation names the setting of the timeouts block: create, read, update or
	// delete.
	Operation string
	After     time.Duration
	// Waiting is what the operation waited for in the end.
	Waiting string
}

func (e *TimeoutError) Error() string {
	text := fmt.Sprintf("timed out after %s (timeouts.%s)", e.After, e.Operation)
	if e.Waiting != "" {
		text += " while waiting for " + e.Waiting
	}
	return text
}

// Unwrap makes it a cancellation for whoever does not care about the reason.
func (e *TimeoutError) Unwrap() error { return context.Canceled }

// WithTimeout returns a context for an operation that is canceled after a time,
// by the clock of the client. The function releases it.
func (c *Client) WithTimeout(ctx context.Context, operation string, after time.Duration) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	c.clock.AfterFunc(after, func() { cancel(&TimeoutError{Operation: operation, After: after}) })
	return ctx, func() { cancel(nil) }
}

// endOfWait is the error of a wait that the end of its context has cut short.
func endOfWait(ctx context.Context, waiting string) error {
	if timeout, ok := errors.AsType[*TimeoutError](context.Cause(ctx)); ok {
		return &TimeoutError{timeout.Operation, timeout.After, waiting}
	}
	return ctx.Err()
}
