// Package emulator is a local organization: the Administration API on top of
// SQLite, for offline use and for tests. It is a reading of the API of its
// own and shares no code with the provider or the SDK.
package emulator

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator/api"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/apikey"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/audit"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/certificate"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/dashboard"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/externalkey"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/externalstorage"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/file"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/inference"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/metering"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/project"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/ratelimit"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/rbac"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/seed"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/settings"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/spend"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/store"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/usage"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/user"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/workloadidentity"
)

// Options say what kind of organization is emulated. The zero value is the
// default seed in memory, at full speed.
type Options struct {
	// Data is the SQLite file; empty means memory. A file that holds an
	// organization already is continued, and Seed is not applied again.
	Data string
	// Seed is the organization to start with, seed.Default when nil.
	Seed *seed.Seed
	// Snapshot is a file to begin with instead of Seed, as GET
	// /_emulator/snapshot gives it.
	Snapshot string
	// AdminKey is the owner's admin key, generated when empty.
	AdminKey string
	// Now is the clock, time.Now when nil.
	Now func() time.Time
	// Deterministic makes ids repeatable. Secrets are random all the same.
	Deterministic bool
	// Profile is ProfileFast when empty.
	Profile Profile
	// Prices is what calls cost, metering.BuiltIn when nil.
	Prices *metering.Prices
	// SMTP is the address of a mail server that delivers alerts; without one
	// they stay in the outbox.
	SMTP string
	// Behaviour chooses between readings of the documentation.
	Behaviour api.Behaviour
	// BodyTimeout is how long a client may take to send a body, and how long to
	// receive an answer; a minute when zero.
	BodyTimeout time.Duration
	// ErrorLog takes failures of the emulator itself, log.Default when nil.
	ErrorLog *log.Logger
}

// Server is a running organization. It is an http.Handler.
type Server struct {
	options  Options
	adminKey string
	store    *store.Store
	snapshot *store.Snapshot
	mux      *http.ServeMux
	throttle *throttle
	meter    *metering.Meter
	postman  *postman
	served   []string
	names    operationNames

	// One request at a time, so that what a handler has read stays true until
	// it has written.
	mu sync.Mutex
}

// New opens the organization.
func New(options Options) (*Server, error) {
	if options.Now == nil {
		options.Now = time.Now
	}
	if options.Seed == nil {
		options.Seed = seed.Default()
	}
	if options.Prices == nil {
		options.Prices = metering.BuiltIn()
	}
	if options.BodyTimeout == 0 {
		options.BodyTimeout = time.Minute
	}
	if options.ErrorLog == nil {
		options.ErrorLog = log.Default()
	}
	limits, err := options.Profile.throttle()
	if err != nil {
		return nil, err
	}
	ctx := context.Background()
	db, err := store.Open(ctx, options.Data, options.Deterministic)
	if err != nil {
		return nil, fmt.Errorf("opening the database: %w", err)
	}
	s := &Server{
		options: options, store: db, mux: http.NewServeMux(), throttle: limits, adminKey: options.AdminKey,
		meter: metering.New(options.Prices, options.SMTP != ""),
	}
	if s.adminKey == "" {
		s.adminKey = store.NewSecret(store.AdminSecretPrefix)
	}
	if options.Snapshot != "" {
		if s.snapshot, err = store.OpenSnapshot(ctx, options.Snapshot); err != nil {
			return nil, errors.Join(err, db.Close())
		}
	}
	if err := s.begin(ctx); err != nil {
		return nil, errors.Join(err, db.Close(), s.snapshot.Close())
	}
	s.routes()
	if options.SMTP != "" {
		s.postman = newPostman(options.SMTP)
		s.postman.call() // what an earlier run has left
		go s.runPostman()
	}
	return s, nil
}

// Behave changes the behaviour of a running organization.
func (s *Server) Behave(behaviour api.Behaviour) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.options.Behaviour = behaviour
}

// AdminKey is the secret of the owner's admin key.
func (s *Server) AdminKey() string { return s.adminKey }

// Close closes the database, once no request is under way.
func (s *Server) Close() error {
	s.postman.dismiss()
	return errors.Join(s.store.Close(), s.snapshot.Close())
}

// begin applies the seed to an empty database and makes sure that the admin
// key opens it.
func (s *Server) begin(ctx context.Context) error {
	return s.store.Update(ctx, func(tx *store.Tx) error {
		organization, err := tx.Setting(seed.OrganizationID)
		if err != nil {
			return err
		}
		now := s.options.Now().UTC()
		if organization == "" {
			if err := s.fill(tx, now); err != nil {
				return err
			}
		}
		return seed.EnsureAdminKey(tx, s.adminKey, now)
	})
}

// fill makes the organization that an empty database begins with.
func (s *Server) fill(tx *store.Tx, now time.Time) error {
	if s.snapshot == nil {
		if err := s.options.Seed.Apply(tx, now); err != nil {
			return fmt.Errorf("applying the seed: %w", err)
		}
		return nil
	}
	return s.snapshot.Update(context.Background(), func(source *store.Tx) error {
		organization, err := source.Setting(seed.OrganizationID)
		if err == nil && organization == "" {
			err = errors.New("there is no organization in it")
		}
		if err == nil {
			err = tx.CopyFrom(source)
		}
		if err != nil {
			return fmt.Errorf("reading the snapshot: %w", err)
		}
		return nil
	})
}

func (s *Server) routes() {
	for _, register := range []func(api.Router){
		project.Routes, user.Routes, apikey.Routes, spend.Routes, ratelimit.Routes, audit.Routes, rbac.Routes, settings.Routes,
		certificate.Routes, workloadidentity.Routes, externalkey.Routes, externalstorage.Routes, file.Routes, s.control,
		func(router api.Router) { usage.Routes(router, s.meter) },
		func(router api.Router) { inference.Routes(router, s.meter) },
	} {
		register(s)
	}
	s.names = s.operationNames()
	s.served = append(s.served, "GET /")
	s.mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		s.serve(w, r, endpoint{route: "/_emulator", open: s.visitor, handle: dashboard.Page})
	})
	s.mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		s.serve(w, r, endpoint{open: everybody, handle: s.notEmulated})
	})
}

// Routes lists what is served, such as "GET /v1/organization/projects".
func (s *Server) Routes() []string { return slices.Clone(s.served) }

// Handle implements api.Router.
func (s *Server) Handle(route string, h api.Handler) {
	s.register(route, "/v1", endpoint{open: s.admin, handle: h, throttledAs: route, mostBytes: api.MaxBody})
}

// Call implements api.Router.
func (s *Server) Call(route, scope string, h api.Handler) {
	most := int64(api.MaxBody)
	if route == "POST /files" {
		most = maxUpload
	}
	s.register(route, "/v1", endpoint{open: s.call(scope), handle: h, mostBytes: most})
}

// Control implements api.Router.
func (s *Server) Control(route string, h api.Handler) {
	s.register(route, "/_emulator", endpoint{open: s.admin, handle: h, mostBytes: api.MaxBody})
}

// endpoint is how the requests to a route are answered.
type endpoint struct {
	// route is the pattern of the path, empty for what is not served.
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

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }

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
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(s.options.BodyTimeout))
	answer.write(w)
}

// readBody reads the body of a caller who may use the endpoint. Other bodies
// are not read, and their connections are closed after the answer.
func (s *Server) readBody(w http.ResponseWriter, r *http.Request, e endpoint) (body []byte, err error) {
	if r.Body == nil || r.Body == http.NoBody || r.ContentLength == 0 {
		return nil, nil
	}
	// Not every ResponseWriter knows deadlines; those of net/http do. The
	// deadline also ends what net/http reads of a body after the answer.
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
	switch _, over := errors.AsType[*http.MaxBytesError](err); {
	case over:
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
	return &api.Request{Request: r, Tx: tx, Time: s.options.Now().UTC(), Reply: header, Behaviour: s.options.Behaviour}
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
	return e.handle(r)
}

// answer carries out a request and writes it into the journal, in one
// transaction if it succeeds.
func (s *Server) answer(header http.Header, r *http.Request, e endpoint) (answer reply) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.options.Now().UTC()
	requestID := "req_" + strings.ToLower(rand.Text())
	header.Set("X-Request-Id", requestID)
	header.Set("Date", now.Format(http.TimeFormat))
	record := func(tx *store.Tx) error {
		if strings.HasPrefix(e.route, "/_emulator") {
			return nil
		}
		return tx.Record(store.JournalEntry{
			At: now.Format(time.RFC3339Nano), Method: r.Method, Path: short(r.URL.Path), Route: e.route,
			Query: short(r.URL.RawQuery), Status: answer.status, RequestID: requestID,
		})
	}

	// A request that has begun is finished, whether or not the client waits.
	ctx := context.WithoutCancel(r.Context())
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		result, err := s.handle(e, s.request(r, tx, header))
		if after, ok := errors.AsType[*api.AppliedError](err); ok {
			// The change stays although the answer is an error.
			result, err = after.Answer, nil
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
	answer = s.failure(r, err)
	if err := s.store.Update(ctx, record); err != nil {
		answer = s.failure(r, fmt.Errorf("writing the journal: %w", err))
	}
	return answer
}

// failure is the answer to a request that had no effect. What is not the
// caller's fault is logged.
func (s *Server) failure(r *http.Request, err error) reply {
	if answer, ok := errors.AsType[*api.Error](err); ok {
		return newReply(answer)
	}
	s.options.ErrorLog.Printf("%s %q failed: %v", r.Method, short(r.URL.Path), err)
	message, _, _ := strings.Cut(err.Error(), "\n")
	return newReply(&api.Error{Status: http.StatusInternalServerError, Type: "server_error", Message: "The emulator failed: " + message})
}

// short bounds what the journal and the log hold of a request.
func short(text string) string { return text[:min(len(text), 4000)] }

// errorEnvelope is how errors are sent.
type errorEnvelope struct {
	Error errorFields `json:"error"`
}

type errorFields struct {
	Message string  `json:"message"`
	Type    string  `json:"type"`
	Param   *string `json:"param"`
	Code    *string `json:"code"`
}

// bareError is how a few endpoints send errors.
type bareError struct {
	Code    int    `json:"code"`
	Message string `json:"message"`
}

// reply is an answer that is ready to leave.
type reply struct {
	status int
	body   body
}

// body is JSON, a stream or a file.
type body interface {
	ContentType() string
	Send(w http.ResponseWriter)
}

func (a reply) write(w http.ResponseWriter) {
	w.Header().Set("Content-Type", a.body.ContentType())
	w.WriteHeader(a.status)
	// A client that has gone away needs no answer.
	a.body.Send(w)
}

func newReply(result any) reply {
	if ready, ok := result.(body); ok {
		return reply{http.StatusOK, ready}
	}
	status := http.StatusOK
	if failure, ok := result.(*api.Error); ok {
		status = failure.Status
		if failure.Bare {
			result = bareError{Code: status, Message: failure.Message}
		} else {
			result = errorEnvelope{errorFields{Message: failure.Message, Type: failure.Type, Param: orNull(failure.Param), Code: orNull(failure.Code)}}
		}
	}
	encoded, err := json.Marshal(result)
	if err != nil {
		panic(err) // our own types always encode
	}
	return reply{status, &api.Content{Type: "application/json", Data: append(encoded, '\n')}}
}

func orNull(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// notEmulated answers what no part serves: 501 below /v1, so that it is never
// taken for a missing object.
func (s *Server) notEmulated(r *api.Request) (any, error) {
	if !strings.HasPrefix(r.URL.Path, "/v1/") {
		return nil, &api.Error{Status: http.StatusNotFound, Type: "invalid_request_error", Message: "The API is served below /v1."}
	}
	secret := bearer(r.Request)
	if _, err := r.Tx.AdminKeyBySecret(secret); err == nil && !strings.HasPrefix(r.URL.Path, "/v1/organization") && !strings.HasPrefix(r.URL.Path, "/v1/projects") {
		return nil, noAdministration(r)
	}
	if name := s.names.of(r.Request); name != "" {
		return nil, api.NotEmulated("%s (%s %s) is not emulated.", name, r.Method, r.URL.Path)
	}
	return nil, api.NotEmulated("%s %s is not emulated.", r.Method, r.URL.Path)
}
