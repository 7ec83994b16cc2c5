// Package wait bounds the waits of an operation inside this process.
package wait

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// TimeoutError ends an operation that has taken as long as it may. It is a
// cancellation: requests sent by then go on as after an interrupt.
type TimeoutError struct {
	// Operation names the setting of the timeouts block: create, read, update or
	// delete.
	Operation string
	After     time.Duration
	// Waiting is the cause of the operation's last wait.
	Waiting string
}

func (e *TimeoutError) Error() string {
	text := fmt.Sprintf("timed out after %s (timeouts.%s)", e.After, e.Operation)
	if e.Waiting != "" {
		text += " while waiting for " + e.Waiting
	}
	return text
}

// Unwrap makes it a cancellation for callers that ignore the reason.
func (e *TimeoutError) Unwrap() error { return context.Canceled }

// End is the error of a wait that the end of its context has cut short.
func End(ctx context.Context, waiting string) error {
	if timeout, ok := errors.AsType[*TimeoutError](context.Cause(ctx)); ok {
		return &TimeoutError{timeout.Operation, timeout.After, waiting}
	}
	return ctx.Err()
}

// Locks is a set of mutexes with names, for which a caller waits no longer than its
// context lasts.
type Locks struct {
	mu     sync.Mutex
	byName map[string]chan struct{}
}

// Lock takes the mutex of a name. waiting describes its holder.
func (l *Locks) Lock(ctx context.Context, name, waiting string) (unlock func(), err error) {
	l.mu.Lock()
	if l.byName == nil {
		l.byName = map[string]chan struct{}{}
	}
	named, ok := l.byName[name]
	if !ok {
		named = make(chan struct{}, 1)
		l.byName[name] = named
	}
	l.mu.Unlock()
	select {
	case named <- struct{}{}:
		return func() { <-named }, nil
	case <-ctx.Done():
		return nil, End(ctx, waiting)
	}
}
