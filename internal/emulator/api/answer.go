package api

import (
	"encoding/json"
	"fmt"
	"net/http"
)

// Stream is an answer of server-sent events. It is sent after the transaction
// of its request, so that no other request waits for a slow reader.
type Stream struct {
	Events []Event
	// Done is the line that ends the stream, if the endpoint has one.
	Done string
}

// Event is one event of a stream; Name may be empty.
type Event struct {
	Name string
	Data any
}

// ContentType is that of server-sent events.
func (s *Stream) ContentType() string { return "text/event-stream; charset=utf-8" }

// Send sends the events, each as soon as it is there.
func (s *Stream) Send(w http.ResponseWriter) {
	flush := http.NewResponseController(w).Flush
	for _, event := range s.Events {
		data, err := json.Marshal(event.Data)
		if err != nil {
			panic(err) // our own types always encode
		}
		if event.Name != "" {
			_, _ = fmt.Fprintf(w, "event: %s\n", event.Name)
		}
		if _, err := fmt.Fprintf(w, "data: %s\n\n", data); err != nil {
			return // the client has closed the connection
		}
		_ = flush() // not every writer can
	}
	if s.Done != "" {
		_, _ = fmt.Fprintf(w, "data: %s\n\n", s.Done)
	}
}

// Content is an answer that is not JSON.
type Content struct {
	Type string
	Data []byte
}

// ContentType is the media type of the content.
func (c *Content) ContentType() string { return c.Type }

// Send sends the content.
func (c *Content) Send(w http.ResponseWriter) { _, _ = w.Write(c.Data) }

// NotEmulated refuses a request that the real API can serve and the emulator
// cannot.
func NotEmulated(format string, args ...any) *Error {
	return &Error{Status: http.StatusNotImplemented, Type: "not_emulated", Code: "not_emulated", Message: fmt.Sprintf(format, args...)}
}
