package cache

import (
	"context"
	"sync"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/wait"
)

// SameSetting is the cause of a wait while another caller reads or writes the
// setting.
const SameSetting = "another operation on the same setting"

// Singletons are values that a scope has at most once. Each is read once in the
// life of the process, and values that this process writes are kept.
type Singletons[T any] struct {
	onRead func(scope string)

	mu    sync.Mutex
	known map[string]T
	// using is held, for each scope, while its setting is read or written.
	using wait.Locks
}

// Get returns the setting of a scope; read fetches it.
func (s *Singletons[T]) Get(ctx context.Context, scope string, read func() (*T, error)) (*T, error) {
	if s.onRead != nil && !IsOnlyToWarn(ctx) {
		s.onRead(scope)
	}
	unlock, err := s.using.Lock(ctx, scope, SameSetting)
	if err != nil {
		return nil, err
	}
	defer unlock()
	s.mu.Lock()
	value, ok := s.known[scope]
	s.mu.Unlock()
	if ok {
		return &value, nil
	}
	return s.store(scope, read)
}

// OnRead calls a function when a caller reads a setting, unless that only serves
// a warning. It must be set before the first use.
func (s *Singletons[T]) OnRead(read func(scope string)) { s.onRead = read }

// Knows reports whether the setting of a scope is in memory.
func (s *Singletons[T]) Knows(scope string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, ok := s.known[scope]
	return ok
}

// Set changes the setting of a scope.
func (s *Singletons[T]) Set(ctx context.Context, scope string, write func() (*T, error)) (*T, error) {
	unlock, err := s.using.Lock(ctx, scope, SameSetting)
	if err != nil {
		return nil, err
	}
	defer unlock()
	s.forget(scope) // the effect of a failed write is not known
	return s.store(scope, write)
}

// Remove takes the setting of a scope away.
func (s *Singletons[T]) Remove(ctx context.Context, scope string, remove func() error) error {
	unlock, err := s.using.Lock(ctx, scope, SameSetting)
	if err != nil {
		return err
	}
	defer unlock()
	s.forget(scope)
	return remove()
}

func (s *Singletons[T]) store(scope string, fetch func() (*T, error)) (*T, error) {
	value, err := fetch()
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.known == nil {
		s.known = map[string]T{}
	}
	s.known[scope] = *value
	return value, nil
}

func (s *Singletons[T]) forget(scope string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.known, scope)
}
