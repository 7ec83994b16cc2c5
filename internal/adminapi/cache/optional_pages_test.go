package cache

import (
	"context"
	"errors"
	"testing"
)

// A read that only serves a warning and fails does not fail a read that is
// needed and waits for the same page.
func TestOptionalReadsFailAlone(t *testing.T) {
	reading, proceed := make(chan struct{}), make(chan struct{})
	asked := 0
	c := listOf(func(context.Context, string) (Page[string], error) {
		if asked++; asked == 1 {
			close(reading)
			<-proceed
			return Page[string]{}, errors.New("throttled")
		}
		return Page[string]{Items: []string{"a"}}, nil
	})
	failed := make(chan error)
	go func() {
		_, err := c.NotWritten(OnlyToWarn(t.Context()), func(string) bool { return true }, 2)
		failed <- err
	}()
	<-reading
	c.mu.Lock()
	waiting := c.running
	c.mu.Unlock()
	if !waiting.optional {
		t.Error("the page is not marked as optional")
	}
	needed := make(chan error)
	go func() {
		items, err := c.All(t.Context())
		if err == nil && len(items) != 1 {
			err = errors.New("the list is not complete")
		}
		needed <- err
	}()
	close(proceed)
	if err := <-failed; err == nil {
		t.Error("the optional read did not fail")
	}
	if err := <-needed; err != nil {
		t.Error(err)
	}
}

func TestSearchesReadTwoPages(t *testing.T) {
	pages := 0
	c := listOf(func(_ context.Context, after string) (Page[string], error) {
		pages++
		return Page[string]{Items: []string{after + "x"}, More: true, Next: after + "x"}, nil
	})
	ids, err := c.NotWritten(t.Context(), func(string) bool { return true }, 2)
	if pages != 2 || len(ids) != 2 || !errors.Is(err, errListTooLong) {
		t.Errorf("%d pages, %v, %v", pages, ids, err)
	}
}
