package adminapi

import (
	"context"
	"sync"
)

// sameSetting is what a caller waits for while another one reads or writes the
// setting.
const sameSetting = "another operation on the same setting"

// settings are values of which every scope has one at most. Each is read once
// in the life of the process, and what this process writes is kept.
type settings[T any] struct {
	mu    sync.Mutex
	known map[string]T
	// using is held, for each scope, while its setting is read or written.
	using locks
}

// get returns the setting of a scope; read fetches it.
func (s *settings[T]) get(ctx context.Context, scope string, read func() (*T, error)) (*T, error) {
	unlock, err := s.using.lock(ctx, scope, sameSetting)
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
	return s.take(scope, read)
}

// set changes the setting of a scope.
func (s *settings[T]) set(ctx context.Context, scope string, write func() (*T, error)) (*T, error) {
	unlock, err := s.using.lock(ctx, scope, sameSetting)
	if err != nil {
		return nil, err
	}
	defer unlock()
	s.forget(scope) // nobody knows what a write that fails has done
	return s.take(scope, write)
}

// remove takes the setting of a scope away.
func (s *settings[T]) remove(ctx context.Context, scope string, remove func() error) error {
	unlock, err := s.using.lock(ctx, scope, sameSetting)
	if err != nil {
		return err
	}
	defer unlock()
	s.forget(scope)
	return remove()
}

func (s *settings[T]) take(scope string, fetch func() (*T, error)) (*T, error) {
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

func (s *settings[T]) forget(scope string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.known, scope)
}
