package emulator

import (
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator/api"
)

// changes wakes everybody who waits for the organization to change.
type changes struct {
	mu    sync.Mutex
	next  chan struct{}
	ended chan struct{}
	once  sync.Once
}

func newChanges() *changes {
	return &changes{next: make(chan struct{}), ended: make(chan struct{})}
}

// wait returns a channel that is closed at the next change.
func (c *changes) wait() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.next
}

func (c *changes) announce() {
	c.mu.Lock()
	defer c.mu.Unlock()
	close(c.next)
	c.next = make(chan struct{})
}

// end ends all streams.
func (c *changes) end() { c.once.Do(func() { close(c.ended) }) }

// EndStreams ends the streams of events, which last until then: a server that
// shuts down waits for the requests under way.
func (s *Server) EndStreams() { s.changes.end() }

// events is a stream of server-sent events, one for each change. It has no
// content: the page is read again.
func (s *Server) events(w http.ResponseWriter, r *http.Request) {
	changed := s.changes.wait()
	visit := endpoint{route: "/_emulator/events", open: s.visitor, handle: func(*api.Request) (any, error) { return nil, nil }}
	if err := s.allowed(r, visit); err != nil {
		visit.handle = func(*api.Request) (any, error) { return nil, err }
		s.serve(w, r, visit)
		return
	}
	w.Header().Set("Content-Type", "text/event-stream; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	control := http.NewResponseController(w)
	send := func(text string) bool {
		_ = control.SetWriteDeadline(time.Now().Add(s.options.BodyTimeout))
		_, err := io.WriteString(w, text)
		return err == nil && control.Flush() == nil
	}
	for text := "retry: 2000\n\n"; send(text); text = "data: changed\n\n" {
		select {
		case <-changed:
			changed = s.changes.wait()
		case <-r.Context().Done():
			return
		case <-s.changes.ended:
			return
		}
	}
}
