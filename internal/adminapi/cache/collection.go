package cache

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/wait"
)

var errListTooLong = errors.New("the list is longer than what a search for orphans reads")

// listOfOthers is what a caller waits for whose list another one reads.
const listOfOthers = "a list that another operation reads"

// Collection answers single reads of one list of objects with as few requests
// as possible. The first reads go out one by one; then the list is fetched,
// page by page and no further than needed, and everything in it is served from
// memory. A miss is confirmed with one direct read before it is believed. So n
// objects cost at most 2 + ⌈n/100⌉ requests, plus one per object that is gone.
//
// What this process writes goes into the snapshot and is never overwritten by
// a page, which may have been made before the write.
type Collection[T any] struct {
	// ID names an object.
	ID func(T) string
	// check refuses impossible ids.
	check func(id string) error
	fetch func(ctx context.Context, after string) (Page[T], error)

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

// rereading is a read of the whole list past the snapshot.
type rereading[T any] struct {
	began time.Time
	done  chan struct{}
	items []T
	err   error
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

// Get returns the object with this id; direct reads it alone.
func (c *Collection[T]) Get(ctx context.Context, id string, direct func(ctx context.Context) (*T, error)) (*T, error) {
	return c.Find(ctx, func(item T) bool { return c.ID(item) == id }, direct)
}

type optionalKey struct{}

// OnlyToWarn returns a context whose reads only serve a warning. Their failure
// is not that of others who wait for the same page.
func OnlyToWarn(ctx context.Context) context.Context {
	return context.WithValue(ctx, optionalKey{}, true)
}

func isOptional(ctx context.Context) bool { return ctx.Value(optionalKey{}) != nil }

type pastSnapshot struct{}

// PastSnapshot returns a context whose reads of lists go to the API, whatever is
// in memory: for a look at what a write did of which the answers were lost.
func PastSnapshot(ctx context.Context) context.Context {
	return context.WithValue(ctx, pastSnapshot{}, true)
}

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

// Find returns the first object that matches; direct reads it alone, and is
// nil where the API has no such read. The result is nil when direct is nil and
// nothing matches.
func (c *Collection[T]) Find(ctx context.Context, match func(T) bool, direct func(ctx context.Context) (*T, error)) (*T, error) {
	if ctx.Value(pastSnapshot{}) != nil {
		return c.lookPast(ctx, match, direct)
	}
	for {
		c.mu.Lock()
		if item := c.lookup(match); item != nil {
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
	if ctx.Value(pastSnapshot{}) != nil {
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

// Peek returns the object with this id if it is in memory.
func (c *Collection[T]) Peek(id string) *T {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.lookup(func(item T) bool { return c.ID(item) == id })
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
		// A read that failed, perhaps because its caller was canceled, serves nobody.
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

// NotWritten lists the objects that match and that this process has not
// written. A list of more than so many pages is read no further, which is an
// error beside what was found.
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
		if errors.Is(running.err, context.Canceled) || running.optional && !isOptional(ctx) && running.err != nil {
			return nil // that caller gave up; this one tries for itself
		}
		return running.err
	}
	running := &fetching{done: make(chan struct{}), optional: isOptional(ctx)}
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

// merge takes a page in. A list that the server cut short must never look
// complete, because objects would seem to be gone.
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

// ByParent keeps one collection for each parent object, which is named by its
// id.
type ByParent[T any] = ByKey[string, T]

// NewByParent returns collections by parent, each made when it is first used.
func NewByParent[T any](begin func(parent string) *Collection[T]) *ByParent[T] {
	return NewByKey(begin)
}

// ByKey keeps one collection for each key.
type ByKey[K comparable, T any] struct {
	begin func(key K) *Collection[T]

	mu  sync.Mutex
	all map[K]*Collection[T]
}

// NewByKey returns collections by key, each made when it is first used.
func NewByKey[K comparable, T any](begin func(key K) *Collection[T]) *ByKey[K, T] {
	return &ByKey[K, T]{begin: begin, all: map[K]*Collection[T]{}}
}

// Of returns the collection of a key.
func (b *ByKey[K, T]) Of(key K) *Collection[T] {
	b.mu.Lock()
	defer b.mu.Unlock()
	c, ok := b.all[key]
	if !ok {
		c = b.begin(key)
		b.all[key] = c
	}
	return c
}
