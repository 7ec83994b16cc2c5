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
	// owned lists what this process has made of the kind.
	owned func() []string
	// describe gives the id of a candidate.
	describe func(T) string
	// discard, when not nil, removes a candidate that is of no use because its
	// secret was lost with the answer; the request is then sent again.
	discard func(ctx context.Context, item T) error
}

// Pending is a creation whose outcome nobody knows: the answer was lost, and
// what the server made could not be looked up. Kept in state, it is resolved
// by a later run.
type Pending struct {
	// Since is when the request went out, by the server's clock.
	Since time.Time `json:"since"`
	// Others are objects that other requests of the same run made.
	Others []string `json:"others,omitempty"`
}

// PendingCreation returns what a failed creation leaves to be resolved, nil
// when it certainly made nothing.
func PendingCreation(err error) *Pending {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Pending
	}
	return nil
}

// maxCreations is how often a request may be sent whose answers get lost, and
// maxLookups how often what it made is looked for.
const (
	maxCreations = 3
	maxLookups   = 3
)

// run sends the request. When the outcome is unknown, it looks for what the
// server made: exactly one match is the object; none means that nothing
// happened, and the request is sent again; several cannot be told apart.
func (c creation[T]) run(ctx context.Context, client *Client) (*T, error) {
	defer client.creating.lock(c.operation + "\x00" + c.alike)()
	pending := Pending{Since: client.server.at(client.clock.Now()).Add(-clockSkew)}
	for attempt := 1; ; attempt++ {
		created, err := c.send(ctx)
		if err == nil {
			c.record(*created)
			return created, nil
		}
		if !IsOutcomeUnknown(err) {
			return nil, err
		}
		found, findErr := c.find(ctx, pending)
		switch {
		case findErr != nil:
			return nil, c.leave(err, findErr, pending)
		case found != nil:
			return found, nil
		case attempt == maxCreations:
			return nil, err // nothing is left behind
		}
	}
}

// resolve finds out what a creation of an earlier run has come to: the object,
// or nil when there is none. A key whose secret is lost is removed.
func (c creation[T]) resolve(ctx context.Context, client *Client, pending Pending) (*T, error) {
	defer client.creating.lock(c.operation + "\x00" + c.alike)()
	return c.find(ctx, pending)
}

// find looks for the one object that a lost request made.
func (c creation[T]) find(ctx context.Context, pending Pending) (*T, error) {
	var found []T
	var err error
	for range maxLookups {
		if found, err = c.candidates(ctx, pending.Since); err == nil || ctx.Err() != nil {
			break
		}
	}
	if err != nil {
		return nil, fmt.Errorf("looking for what the lost request made: %w", err)
	}
	found = slices.DeleteFunc(found, func(item T) bool { return slices.Contains(pending.Others, c.describe(item)) })
	switch {
	case len(found) == 0:
		return nil, nil
	case len(found) > 1:
		names := make([]string, len(found))
		for i, item := range found {
			names[i] = c.describe(item)
		}
		return nil, fmt.Errorf("several new objects match the lost request: %s. Import the right one and remove the others", strings.Join(names, ", "))
	case c.discard == nil:
		c.record(found[0])
		return &found[0], nil
	}
	if err := c.discard(ctx, found[0]); err != nil {
		return nil, fmt.Errorf("%s, which the lost request made, could not be removed: %w", c.describe(found[0]), err)
	}
	return nil, nil
}

// leave is the error of a creation that has to be resolved later.
func (c creation[T]) leave(lost, reason error, pending Pending) error {
	pending.Others = c.owned()
	return &Error{Operation: c.operation, OutcomeUnknown: true, Pending: &pending, Err: lost, Message: fmt.Sprintf("the answer was lost (%v); %v", lost, reason)}
}

// newest reads the whole list past the snapshot and returns what matches and
// was not made by this process.
func newest[T any](ctx context.Context, shared *collection[T], fetch func(ctx context.Context, after string) (page[T], error), match func(T) bool) ([]T, error) {
	all, err := readPages(ctx, shared.id, fetch)
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
