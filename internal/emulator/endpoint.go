package emulator

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator/api"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/store"
)

// endpoint is how the requests to a route are answered.
type endpoint struct {
	// route is the pattern of the path, empty for paths that are not served.
	route string
	// open refuses callers who may not use the endpoint.
	open func(*api.Request) error
	// handle answers callers who may.
	handle api.Handler
	// throttledAs is the budget that every request counts against, allowed or
	// not; empty for none.
	throttledAs string
	// mostBytes is the size of the largest body, zero where none is read.
	mostBytes int64
}

func (s *Server) register(route, root string, e endpoint) {
	method, path, _ := strings.Cut(route, " ")
	e.route = root + path
	s.served = append(s.served, method+" "+e.route)
	s.mux.HandleFunc(method+" "+e.route, func(w http.ResponseWriter, r *http.Request) { s.serve(w, r, e) })
}

// maxUpload is the size of a request that uploads a file.
const maxUpload = 64 << 20

func (s *Server) serve(w http.ResponseWriter, r *http.Request, e endpoint) {
	// The request is read and the answer written outside of the lock, so that a
	// slow client does not block the others.
	body, refusal := s.readBody(w, r, e)
	if refusal != nil {
		e.handle = func(*api.Request) (any, error) { return nil, refusal }
	}
	r = r.WithContext(r.Context()) // the caller keeps its own
	r.Body = io.NopCloser(bytes.NewReader(body))
	answer := s.answer(w.Header(), r, e)
	s.postman.call()
	if !strings.HasPrefix(e.route, "/_emulator") || r.Method != http.MethodGet {
		s.changes.announce()
	}
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(s.options.BodyTimeout))
	answer.write(w)
}

// readBody reads the body of a caller who may use the endpoint. Other bodies
// are not read, and their connections are closed after the answer.
func (s *Server) readBody(w http.ResponseWriter, r *http.Request, e endpoint) (body []byte, err error) {
	if r.Body == nil || r.Body == http.NoBody || r.ContentLength == 0 {
		return nil, nil
	}
	// Not every ResponseWriter knows deadlines; those of net/http do. The deadline
	// also ends the reads of net/http from a body after the answer.
	deadline := http.NewResponseController(w).SetReadDeadline
	_ = deadline(time.Now().Add(s.options.BodyTimeout))
	defer func() {
		if err != nil || e.mostBytes == 0 {
			w.Header().Set("Connection", "close")
		} else {
			_ = deadline(time.Time{})
		}
	}()
	if e.mostBytes == 0 {
		return nil, nil
	}
	if err := s.allowed(r, e); err != nil {
		return nil, err
	}
	tooLarge := &api.Error{Status: http.StatusRequestEntityTooLarge, Type: "invalid_request_error",
		Message: fmt.Sprintf("The request body is larger than %d bytes.", e.mostBytes)}
	if r.ContentLength > e.mostBytes {
		return nil, tooLarge
	}
	body, err = io.ReadAll(http.MaxBytesReader(w, r.Body, e.mostBytes))
	switch _, cut := errors.AsType[*http.MaxBytesError](err); {
	case cut:
		return nil, tooLarge
	case errors.Is(err, os.ErrDeadlineExceeded):
		return nil, &api.Error{Status: http.StatusRequestTimeout, Type: "invalid_request_error",
			Message: fmt.Sprintf("The request body did not arrive within %s.", s.options.BodyTimeout)}
	case err != nil:
		return nil, api.BadRequest("", "The request body could not be read.")
	}
	return body, nil
}

// errUndone rolls a transaction back that has done its work.
var errUndone = errors.New("undone")

// allowed refuses callers who may not use the endpoint, and changes nothing.
func (s *Server) allowed(r *http.Request, e endpoint) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	err := s.store.Update(context.WithoutCancel(r.Context()), func(tx *store.Tx) error {
		if _, err := s.handle(endpoint{open: e.open, handle: func(*api.Request) (any, error) { return nil, nil }}, s.request(r, tx, http.Header{})); err != nil {
			return err
		}
		return errUndone
	})
	if errors.Is(err, errUndone) {
		return nil
	}
	return err
}

func (s *Server) request(r *http.Request, tx *store.Tx, header http.Header) *api.Request {
	return &api.Request{Request: r, Tx: tx, Time: s.options.Now().UTC(), Reply: header, Behavior: s.options.Behavior}
}

// handle is an endpoint's answer. A panic is answered like a failure, so that
// the server goes on; only http.ErrAbortHandler cuts the connection.
func (s *Server) handle(e endpoint, r *api.Request) (result any, err error) {
	defer func() {
		failure := recover()
		if failure == http.ErrAbortHandler { //nolint:errorlint // net/http compares it like this
			panic(failure)
		}
		if failure != nil {
			result, err = nil, fmt.Errorf("panic: %v\n%s", failure, debug.Stack())
		}
	}()
	if e.throttledAs != "" {
		if err := s.throttle.before(e.throttledAs, r); err != nil {
			return nil, err
		}
	}
	if err := e.open(r); err != nil {
		return nil, err
	}
	if earlier, err := s.assumed.earlier(r); earlier != nil || err != nil {
		return earlier, err
	}
	return e.handle(r)
}

// answer carries out a request and writes it into the journal, in one
// transaction if it succeeds.
func (s *Server) answer(header http.Header, r *http.Request, e endpoint) (answer reply) {
	began := time.Now()
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.options.Now().UTC()
	requestID := "req_" + strings.ToLower(rand.Text())
	header.Set("X-Request-Id", requestID)
	header.Set("Date", now.Format(http.TimeFormat))
	var request *api.Request
	var refusal *api.Error
	record := func(tx *store.Tx) error {
		if strings.HasPrefix(e.route, "/_emulator") {
			return nil
		}
		project := r.PathValue("project_id")
		key, code := "", ""
		if request != nil {
			key, project = cmp.Or(request.AdminKeyID, request.Key.ID), cmp.Or(project, request.Key.ProjectID)
		}
		if refusal != nil {
			code = cmp.Or(refusal.Code, refusal.Type)
		}
		return tx.Record(store.JournalEntry{
			At: now.Format(time.RFC3339Nano), Method: r.Method, Path: short(r.URL.Path), Route: e.route,
			Query: short(r.URL.RawQuery), Status: answer.status, RequestID: requestID,
			KeyID: key, ProjectID: short(project), ErrorCode: code, DurationUS: time.Since(began).Microseconds(),
		})
	}

	// A request that has begun is finished, whether or not the client waits.
	ctx := context.WithoutCancel(r.Context())
	defer func() { s.assumed.remember(s.options.Behavior, r, answer) }()
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		request = s.request(r, tx, header)
		result, err := s.handle(e, request)
		if after, ok := errors.AsType[*api.AppliedError](err); ok {
			// The change stays although the answer is an error.
			result, err, refusal = after.Answer, nil, after.Answer
		}
		if err != nil {
			return err
		}
		answer = newReply(result)
		return record(tx)
	})
	if err == nil {
		return answer
	}
	refusal, _ = errors.AsType[*api.Error](err)
	answer = s.failure(r, err)
	if err := s.store.Update(ctx, record); err != nil {
		answer = s.failure(r, fmt.Errorf("writing the journal: %w", err))
	}
	return answer
}

// failure is the answer to a request that had no effect. An error that is not
// the caller's is logged.
func (s *Server) failure(r *http.Request, err error) reply {
	if answer, ok := errors.AsType[*api.Error](err); ok {
		return newReply(answer)
	}
	s.options.ErrorLog.Printf("%s %q failed: %v", r.Method, short(r.URL.Path), err)
	message, _, _ := strings.Cut(err.Error(), "\n")
	return newReply(&api.Error{Status: http.StatusInternalServerError, Type: "server_error", Message: "The emulator failed: " + message})
}

// short bounds the texts of a request in the journal and the log.
func short(text string) string { return text[:min(len(text), 4000)] }

// The first parts of the paths that the API has.
var (
	administrationParts = []string{"organization", "projects", "tunnels"}
	applicationParts    = []string{
		"agents", "assistants", "audio", "batches", "chat", "chatkit", "completions", "containers", "conversations", "embeddings", "evals", "files",
		"fine_tuning", "images", "live", "models", "moderations", "realtime", "responses", "skills", "threads", "uploads", "vector_stores",
		"videos", "webhook_endpoints", "webhook_event_types",
	}
)

// notEmulated answers paths that no part serves: 501 for paths that the API may
// have, so that the answer is never taken for a missing object, and 404 for
// other paths.
func (s *Server) notEmulated(r *api.Request) (any, error) {
	if !strings.HasPrefix(r.URL.Path, "/v1/") {
		return nil, &api.Error{Status: http.StatusNotFound, Type: "invalid_request_error", Message: fmt.Sprintf("Invalid URL (%s %s). The API is served below /v1.", r.Method, r.URL.Path)}
	}
	if name := namesOfOperations().of(r.Request); name != "" {
		return nil, api.NotEmulated("%s (%s %s) is not emulated.", name, r.Method, r.URL.Path)
	}
	part, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/v1/"), "/")
	switch {
	case slices.Contains(administrationParts, part):
	case !slices.Contains(applicationParts, part):
		return nil, &api.Error{Status: http.StatusNotFound, Type: "invalid_request_error", Message: fmt.Sprintf("Invalid URL (%s %s)", r.Method, r.URL.Path)}
	default:
		if _, err := r.Tx.AdminKeyBySecret(bearer(r.Request)); err == nil {
			return nil, noAdministration(r)
		}
	}
	return nil, api.NotEmulated("%s %s is not emulated.", r.Method, r.URL.Path)
}
