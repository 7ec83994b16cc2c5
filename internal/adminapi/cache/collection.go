package cache

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/wait"
)

var errListTooLong = errors.New("the list is longer than what a search for orphans reads")

// listOfOthers is the cause of a wait for a list that another caller reads.
const listOfOthers = "a list that another operation reads"

// Collection answers single reads of one list of objects with as few requests
// as possible. The first reads go out one by one; then the list is fetched,
// page by page and no further than needed, and everything in it is served from
// memory. A miss is confirmed with one direct read before it is believed. So n
// objects cost at most 2 + ⌈n/100⌉ requests, plus one per deleted object.
//
// Objects that this process writes go into the snapshot and are never
// overwritten by a page, which may be older than the write.
type Collection[T any] struct {
	// ID names an object.
	ID func(T) string
	// check refuses impossible ids.
	check func(id string) error
	fetch func(ctx context.Context, after string) (Page[T], error)

	// onRead is called, if set, when a caller first reads the list or an object.
	onRead func()
	noted  atomic.Bool

	mu       sync.Mutex
	items    map[string]T
	order    []string
	written  map[string]bool
	claimed  map[string]bool
	cursor   string
	seen     Progress
	pages    int
	singles  int
	complete bool
	running  *fetching
	reading  *rereading[T]
}

// fetching is a page under way, which other callers wait for.
type fetching struct {
	done chan struct{}
	err  error
	// optional says that the page only serves a warning, so that its failure is
	// not that of a caller who needs it.
	optional bool
}

// NewCollection returns the collection of a list that fetch reads page by page.
func NewCollection[T any](id func(T) string, check func(id string) error, fetch func(ctx context.Context, after string) (Page[T], error)) *Collection[T] {
	return &Collection[T]{ID: id, check: check, fetch: fetch, items: map[string]T{}, written: map[string]bool{}, claimed: map[string]bool{}}
}

// Get returns the object with this id; direct reads it alone. An object in
// memory takes the same time in a list of any length.
func (c *Collection[T]) Get(ctx context.Context, id string, direct func(ctx context.Context) (*T, error)) (*T, error) {
	return c.search(ctx, func(item T) bool { return c.ID(item) == id }, func() *T { return c.byID(id) }, direct)
}

type optionalKey struct{}

// OnlyToWarn returns a context whose reads only serve a warning. Their failure
// is not that of others who wait for the same page.
func OnlyToWarn(ctx context.Context) context.Context {
	return context.WithValue(ctx, optionalKey{}, true)
}

// IsOnlyToWarn reports whether reads in a context only serve a warning.
func IsOnlyToWarn(ctx context.Context) bool { return ctx.Value(optionalKey{}) != nil }

// Find returns the first object that matches; direct reads it alone, and is
// nil where the API has no such read. The result is nil when direct is nil and
// nothing matches.
func (c *Collection[T]) Find(ctx context.Context, match func(T) bool, direct func(ctx context.Context) (*T, error)) (*T, error) {
	return c.search(ctx, match, func() *T { return c.lookup(match) }, direct)
}

// search reads pages until an object that matches is in memory, or reads it
// alone. look finds it in memory, and is called with the lock held.
func (c *Collection[T]) search(ctx context.Context, match func(T) bool, look func() *T, direct func(ctx context.Context) (*T, error)) (*T, error) {
	c.noteRead(ctx)
	if IsPastSnapshot(ctx) {
		return c.lookPast(ctx, match, direct)
	}
	for {
		c.mu.Lock()
		if item := look(); item != nil {
			c.mu.Unlock()
			return item, nil
		}
		// Two direct reads are cheaper than a list that may be long: the first,
		// and a second one when the first page did not have the object.
		single := direct != nil && (c.singles == 0 || c.singles == 1 && c.pages == 1 && !c.complete)
		if c.complete || single && c.running == nil {
			c.singles++
			c.mu.Unlock()
			if direct == nil {
				return nil, nil
			}
			return c.readDirect(ctx, direct)
		}
		if err := c.advance(ctx); err != nil {
			return nil, err
		}
	}
}

// All returns every object of the list.
func (c *Collection[T]) All(ctx context.Context) ([]T, error) {
	c.noteRead(ctx)
	if IsPastSnapshot(ctx) {
		items, err := readPages(ctx, c.ID, c.check, c.fetch)
		if err == nil {
			for _, item := range items {
				c.Put(item)
			}
		}
		return items, err
	}
	for {
		c.mu.Lock()
		if c.complete {
			items := make([]T, 0, len(c.items))
			for _, id := range c.order {
				items = append(items, c.items[id])
			}
			c.mu.Unlock()
			return items, nil
		}
		if err := c.advance(ctx); err != nil {
			return nil, err
		}
	}
}

// noteRead notes the first read that does not only serve a warning.
func (c *Collection[T]) noteRead(ctx context.Context) {
	if c.onRead != nil && !IsOnlyToWarn(ctx) && !c.noted.Swap(true) {
		c.onRead()
	}
}

// ReadAhead reads the first page, unless a page was read or is being read. It
// reports whether the list has an object.
func (c *Collection[T]) ReadAhead(ctx context.Context) (found bool, err error) {
	c.mu.Lock()
	if c.complete || c.pages > 0 || c.running != nil {
		c.mu.Unlock()
		return false, ErrKnown
	}
	err = c.advance(OnlyToWarn(ctx))
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.items) > 0, err
}

// Peek returns the object with this id if it is in memory.
func (c *Collection[T]) Peek(id string) *T {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.byID(id)
}

// Put records an object that this process wrote.
func (c *Collection[T]) Put(item T) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.written[c.ID(item)] = true
	c.store(item)
}

// Drop records that this process removed an object.
func (c *Collection[T]) Drop(id string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.written[id] = true
	delete(c.items, id)
	c.order = slices.DeleteFunc(c.order, func(other string) bool { return other == id })
}

// Claim records an object that this process made and whose answer had too
// little to put it into the snapshot.
func (c *Collection[T]) Claim(id string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.claimed[id] = true
}

// Owns reports whether this process wrote the object.
func (c *Collection[T]) Owns(id string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.written[id] || c.claimed[id]
}

// IDs returns the ids of all objects in memory.
func (c *Collection[T]) IDs() map[string]bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	ids := map[string]bool{}
	for id := range maps.Keys(c.items) {
		ids[id] = true
	}
	return ids
}

// NotWritten lists the objects that match and that this process has not
// written. A list of more than so many pages is read no further, which is an
// error in addition to the objects that were found.
func (c *Collection[T]) NotWritten(ctx context.Context, match func(T) bool, most int) (ids []string, err error) {
	for {
		c.mu.Lock()
		if c.complete {
			break
		}
		if c.pages >= most {
			err = errListTooLong
			break
		}
		if err := c.advance(ctx); err != nil {
			return nil, err
		}
	}
	defer c.mu.Unlock()
	for _, id := range c.order {
		if match(c.items[id]) && !c.written[id] && !c.claimed[id] {
			ids = append(ids, id)
		}
	}
	return ids, err
}

func (c *Collection[T]) readDirect(ctx context.Context, direct func(ctx context.Context) (*T, error)) (*T, error) {
	item, err := direct(ctx)
	if err != nil {
		return nil, err
	}
	if item != nil {
		if err := c.check(c.ID(*item)); err != nil {
			return nil, err
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		if !c.written[c.ID(*item)] {
			c.store(*item)
		}
	}
	return item, nil
}

// advance fetches the next page, or waits for the caller that does. It is
// called with the lock held and releases it.
func (c *Collection[T]) advance(ctx context.Context) error {
	if running := c.running; running != nil {
		c.mu.Unlock()
		select {
		case <-ctx.Done():
			return wait.End(ctx, listOfOthers)
		case <-running.done:
		}
		if errors.Is(running.err, context.Canceled) || running.optional && !IsOnlyToWarn(ctx) && running.err != nil {
			// That caller gave up; this one tries for itself, if there is time.
			return wait.End(ctx, listOfOthers)
		}
		return running.err
	}
	running := &fetching{done: make(chan struct{}), optional: IsOnlyToWarn(ctx)}
	c.running = running
	cursor := c.cursor
	c.mu.Unlock()

	got, err := c.fetch(ctx, cursor)

	c.mu.Lock()
	defer c.mu.Unlock()
	c.running = nil
	if err == nil {
		err = c.merge(got)
	}
	running.err = err
	close(running.done)
	return err
}

// merge adds a page. A list that the server cut short must never look
// complete, because objects would seem to be deleted.
func (c *Collection[T]) merge(got Page[T]) error {
	if err := checkIDs(got.Items, c.ID, c.check); err != nil {
		return err
	}
	for _, item := range got.Items {
		if !c.written[c.ID(item)] {
			c.store(item)
		}
	}
	c.pages++
	if !got.More {
		c.complete, c.seen = true, Progress{}
		return nil
	}
	if err := c.seen.Check(len(got.Items), IDsOf(got.Items, c.ID), c.cursor, got.Next); err != nil {
		return err
	}
	c.cursor = got.Next
	return nil
}

// byID returns a copy of the object with this id, nil when it is not in memory.
func (c *Collection[T]) byID(id string) *T {
	if item, ok := c.items[id]; ok {
		return &item
	}
	return nil
}

func (c *Collection[T]) lookup(match func(T) bool) *T {
	for _, id := range c.order {
		if item := c.items[id]; match(item) {
			return &item
		}
	}
	return nil
}

func (c *Collection[T]) store(item T) {
	id := c.ID(item)
	if _, ok := c.items[id]; !ok {
		c.order = append(c.order, id)
	}
	c.items[id] = item
}
