package cache

import (
	"context"
	"slices"
	"time"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/wait"
)

type pastSnapshot struct{}

// PastSnapshot returns a context whose reads of lists bypass the memory. They
// show the effect of a write whose answers were lost.
func PastSnapshot(ctx context.Context) context.Context {
	return context.WithValue(ctx, pastSnapshot{}, true)
}

// IsPastSnapshot reports whether reads in a context bypass the memory.
func IsPastSnapshot(ctx context.Context) bool { return ctx.Value(pastSnapshot{}) != nil }

// lookPast reads past the snapshot.
func (c *Collection[T]) lookPast(ctx context.Context, match func(T) bool, direct func(ctx context.Context) (*T, error)) (*T, error) {
	var found *T
	var err error
	if direct != nil {
		found, err = direct(ctx)
	} else {
		var items []T
		items, err = readPages(ctx, c.ID, c.check, c.fetch)
		if at := slices.IndexFunc(items, match); at >= 0 {
			found = &items[at]
		}
	}
	if err == nil && found != nil {
		c.Put(*found)
	}
	return found, err
}

// rereading is a read of the whole list past the snapshot.
type rereading[T any] struct {
	began time.Time
	done  chan struct{}
	items []T
	err   error
}

// Reread returns the whole list as it was at a time or later, past the
// snapshot. Callers share a read that began late enough for all of them.
func (c *Collection[T]) Reread(ctx context.Context, now func() time.Time, since time.Time) ([]T, error) {
	for {
		c.mu.Lock()
		running := c.reading
		if running == nil || running.began.Before(since) && isClosed(running.done) {
			break
		}
		c.mu.Unlock()
		select {
		case <-ctx.Done():
			return nil, wait.End(ctx, listOfOthers)
		case <-running.done:
		}
		// A read that failed, perhaps because its caller was canceled, serves no other caller.
		if !running.began.Before(since) && running.err == nil {
			return slices.Clone(running.items), nil
		}
		c.mu.Lock()
		if c.reading == running {
			break
		}
		c.mu.Unlock()
	}
	own := &rereading[T]{began: now(), done: make(chan struct{})}
	c.reading = own
	c.mu.Unlock()
	own.items, own.err = readPages(ctx, c.ID, c.check, c.fetch)
	close(own.done)
	return slices.Clone(own.items), own.err
}

func isClosed(done chan struct{}) bool {
	select {
	case <-done:
		return true
	default:
		return false
	}
}
