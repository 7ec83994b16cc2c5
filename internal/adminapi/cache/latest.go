package cache

import (
	"context"
	"errors"
	"sync"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/wait"
)

// Latest shares a read among callers who each need one that began after
// something that they did.
type Latest[T any] struct {
	mu      sync.Mutex
	begun   int
	running *latestRead[T]
}

type latestRead[T any] struct {
	number int
	done   chan struct{}
	value  T
	err    error
}

// Begun counts the reads that have begun.
func (l *Latest[T]) Begun() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.begun
}

// After returns the result of a read that began when so many reads had begun
// already. Of all callers who wait for such a read, one reads.
func (l *Latest[T]) After(ctx context.Context, begun int, waiting string, read func() (T, error)) (T, error) {
	for {
		l.mu.Lock()
		running := l.running
		if running == nil {
			l.begun++
			running = &latestRead[T]{number: l.begun, done: make(chan struct{})}
			l.running = running
			l.mu.Unlock()
			running.value, running.err = read()
			l.mu.Lock()
			l.running = nil
			l.mu.Unlock()
			close(running.done)
			return running.value, running.err
		}
		l.mu.Unlock()
		select {
		case <-ctx.Done():
			var none T
			return none, wait.End(ctx, waiting)
		case <-running.done:
		}
		// A caller that gave up read for itself alone.
		if running.number > begun && !errors.Is(running.err, context.Canceled) {
			return running.value, running.err
		}
	}
}
