package adminapi

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
)

// clockSkew is how far the server's clock may be behind what we believe when
// an object is tested for being newer than a request.
const clockSkew = 2 * time.Minute

// creation is how an object comes into being exactly once, also when the
// answer to the request is lost on the way.
type creation[T any] struct {
	operation string
	// alike is shared by creations that could be taken for each other. Such
	// ones go out one after the other, so that each finds what is its own.
	alike string
	// send makes the request.
	send func(ctx context.Context) (*T, error)
	// candidates lists, past every snapshot, the objects that the lost request
	// may have made: equal to what was asked for, not older than since, and not
	// made by another request of this process.
	candidates func(ctx context.Context, since time.Time) ([]T, error)
	// record keeps what was made, before the next creation alike begins.
	record func(T)
	// describe names a candidate for the error text.
	describe func(T) string
	// discard, when not nil, removes a candidate that is of no use because its
	// secret was lost with the answer; the request is then sent again.
	discard func(ctx context.Context, item T) error
}

// maxCreations is how often a request may be sent whose answers get lost.
const maxCreations = 3

// run sends the request. When the outcome is unknown, it looks for what the
// server made: exactly one match is the object; none means that nothing
// happened, and the request is sent again; several cannot be told apart.
func (c creation[T]) run(ctx context.Context, client *Client) (*T, error) {
	defer client.creating.lock(c.operation + "\x00" + c.alike)()
	created, err := c.once(ctx, client.server.at(client.clock.Now()).Add(-clockSkew))
	if err == nil {
		c.record(*created)
	}
	return created, err
}

func (c creation[T]) once(ctx context.Context, started time.Time) (*T, error) {
	for attempt := 1; ; attempt++ {
		created, err := c.send(ctx)
		if err == nil || !IsOutcomeUnknown(err) || ctx.Err() != nil {
			return created, err
		}
		found, findErr := c.candidates(ctx, started)
		switch {
		case findErr != nil:
			return nil, errors.Join(err, fmt.Errorf("looking for what the lost request made: %w", findErr))
		case len(found) == 1 && c.discard == nil:
			return &found[0], nil
		case len(found) == 1:
			if discardErr := c.discard(ctx, found[0]); discardErr != nil {
				return nil, &Error{Operation: c.operation, OutcomeUnknown: true, Err: errors.Join(err, discardErr), Message: fmt.Sprintf(
					"the answer was lost, and what the request made, %s, could not be removed: %v. Remove it by hand", c.describe(found[0]), discardErr)}
			}
			if attempt == maxCreations {
				return nil, err
			}
		case len(found) > 1:
			names := make([]string, len(found))
			for i, item := range found {
				names[i] = c.describe(item)
			}
			return nil, &Error{Operation: c.operation, OutcomeUnknown: true, Err: err, Message: fmt.Sprintf(
				"the answer was lost, and several new objects match it: %s. Import the right one and remove the others",
				strings.Join(names, ", "))}
		case attempt == maxCreations:
			return nil, err
		}
	}
}

// newest reads the whole list past the snapshot and returns what matches and
// was not made by this process.
func newest[T any](ctx context.Context, shared *collection[T], fetch func(ctx context.Context, after string) (page[T], error), match func(T) bool) ([]T, error) {
	all, err := readAll(ctx, fetch)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(item T) bool { return !match(item) || shared.owns(shared.id(item)) }), nil
}

// locks is a set of mutexes with names.
type locks struct {
	mu     sync.Mutex
	byName map[string]*sync.Mutex
}

func (l *locks) lock(name string) (unlock func()) {
	l.mu.Lock()
	if l.byName == nil {
		l.byName = map[string]*sync.Mutex{}
	}
	named, ok := l.byName[name]
	if !ok {
		named = new(sync.Mutex)
		l.byName[name] = named
	}
	l.mu.Unlock()
	named.Lock()
	return named.Unlock
}
