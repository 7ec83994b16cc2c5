package adminapi

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/transport"
)

// A read that only serves a warning and fails does not fail a read that is
// needed and waits for the same page.
func TestOptionalReadsFailAlone(t *testing.T) {
	reading, proceed := make(chan struct{}), make(chan struct{})
	asked := 0
	c := newCollection(func(id string) string { return id }, func(context.Context, string) (page[string], error) {
		if asked++; asked == 1 {
			close(reading)
			<-proceed
			return page[string]{}, errors.New("throttled")
		}
		return page[string]{items: []string{"a"}}, nil
	})
	ctx, cancel := transport.Briefly(t.Context(), time.Minute, transport.NewOptionalReads(transport.SystemClock{}))
	defer cancel()
	failed := make(chan error)
	go func() {
		_, err := c.notWritten(ctx, func(string) bool { return true })
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
		items, err := c.all(t.Context())
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
	c := newCollection(func(id string) string { return id }, func(_ context.Context, after string) (page[string], error) {
		pages++
		return page[string]{items: []string{after + "x"}, more: true, next: after + "x"}, nil
	})
	ids, err := c.notWritten(t.Context(), func(string) bool { return true })
	if pages != orphanPages || len(ids) != orphanPages || !errors.Is(err, errListTooLong) {
		t.Errorf("%d pages, %v, %v", pages, ids, err)
	}
}
