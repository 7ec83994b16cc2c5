package cache

import (
	"sync"
)

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
	// read is called when a caller reads a collection for the first time.
	read func(key K)

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
		if b.read != nil {
			c.onRead = func() { b.read(key) }
		}
		b.all[key] = c
	}
	return c
}

// OnRead calls a function when a caller reads a collection for the first time.
// It must be set before the first use.
func (b *ByKey[K, T]) OnRead(read func(key K)) { b.read = read }
