// Package emulator is a local organisation: the Administration API on top of
// SQLite, for offline use and for tests. It is a reading of the API of its
// own and shares no code with the provider or the SDK.
package emulator

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator/api"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/audit"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/key"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/limit"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/member"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/policy"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/project"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/seed"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/store"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/trust"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/usage"
)

// Options say what kind of organisation is emulated. The zero value is the
// default seed in memory, at full speed.
type Options struct {
	// Data is the SQLite file; empty means memory. A file that holds an
	// organisation already is continued, and Seed is not applied again.
	Data string
	// Seed is the organisation to start with, seed.Default when nil.
	Seed *seed.Seed
	// AdminKey is the owner's admin key, generated when empty.
	AdminKey string
	// Now is the clock, time.Now when nil.
	Now func() time.Time
	// Deterministic makes ids repeatable. Secrets are random all the same.
	Deterministic bool
	// Profile is ProfileFast when empty.
	Profile Profile
	// Behaviour chooses between readings of the documentation.
	Behaviour api.Behaviour
}

// Server is a running organisation. It is an http.Handler.
type Server struct {
	options  Options
	adminKey string
	store    *store.Store
	mux      *http.ServeMux
	throttle *throttle
	served   []string

	// One request at a time, so that what a handler has read stays true until
	// it has written.
	mu sync.Mutex
}

// New opens the organisation.
func New(options Options) (*Server, error) {
	if options.Now == nil {
		options.Now = time.Now
	}
	if options.Seed == nil {
		options.Seed = seed.Default()
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
	s := &Server{options: options, store: db, mux: http.NewServeMux(), throttle: limits, adminKey: options.AdminKey}
	if s.adminKey == "" {
		s.adminKey = store.NewSecret(store.AdminSecretPrefix)
	}
	if err := s.begin(ctx); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	s.routes()
	return s, nil
}

// AdminKey is the secret of the owner's admin key.
func (s *Server) AdminKey() string { return s.adminKey }

// Close closes the database.
func (s *Server) Close() error { return s.store.Close() }

// begin applies the seed to an empty database and makes sure that the admin
// key opens it.
func (s *Server) begin(ctx context.Context) error {
	return s.store.Update(ctx, func(tx *store.Tx) error {
		organisation, err := tx.Setting(seed.OrganizationID)
		if err != nil {
			return err
		}
		now := s.options.Now().UTC()
		if organisation == "" {
			if err := s.options.Seed.Apply(tx, now); err != nil {
				return fmt.Errorf("applying the seed: %w", err)
			}
		}
		return seed.EnsureAdminKey(tx, s.adminKey, now)
	})
}

func (s *Server) routes() {
	for _, register := range []func(api.Router){
		project.Routes, member.Routes, key.Routes, limit.Routes, usage.Routes, audit.Routes, policy.Routes, trust.Routes, s.control,
	} {
		register(s)
	}
	s.mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		s.serve(w, r, "", s.notEmulated)
	})
}

// Routes lists what is served, such as "GET /v1/organization/projects".
func (s *Server) Routes() []string { return slices.Clone(s.served) }

// Handle implements api.Router.
func (s *Server) Handle(route string, h api.Handler) { s.register(route, "/v1", s.admin(h)) }

// Control implements api.Router.
func (s *Server) Control(route string, h api.Handler) { s.register(route, "/_emulator", s.admin(h)) }

func (s *Server) register(route, root string, h api.Handler) {
	method, path, _ := strings.Cut(route, " ")
	s.served = append(s.served, method+" "+root+path)
	s.mux.HandleFunc(method+" "+root+path, func(w http.ResponseWriter, r *http.Request) {
		s.serve(w, r, root+path, h)
	})
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }

func (s *Server) serve(w http.ResponseWriter, r *http.Request, route string, h api.Handler) {
	now := s.options.Now().UTC()
	requestID := "req_" + strings.ToLower(rand.Text())
	w.Header().Set("X-Request-Id", requestID)
	w.Header().Set("Date", now.Format(http.TimeFormat))

	s.mu.Lock()
	defer s.mu.Unlock()
	var result any
	err := s.throttle.admit(r.Method, route, now)
	if err == nil {
		// A request that has begun is finished, whether or not the client waits.
		err = s.store.Update(context.WithoutCancel(r.Context()), func(tx *store.Tx) (err error) {
			result, err = h(&api.Request{Request: r, Tx: tx, Time: now, Behaviour: s.options.Behaviour})
			if after, ok := errors.AsType[*api.AppliedError](err); ok {
				// The change stays although the answer is an error.
				result, err = after.Answer, nil
			}
			return err
		})
	}
	status := s.reply(w, result, err)
	if strings.HasPrefix(route, "/_emulator") {
		return
	}
	if err := s.store.Record(context.WithoutCancel(r.Context()), store.JournalEntry{
		At: now.Format(time.RFC3339Nano), Method: r.Method, Path: r.URL.Path, Route: route,
		Query: r.URL.RawQuery, Status: status, RequestID: requestID,
	}); err != nil {
		panic(fmt.Sprintf("the journal cannot be written: %v", err))
	}
}

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

func (s *Server) reply(w http.ResponseWriter, result any, err error) int {
	if answer, ok := result.(*api.Error); ok {
		err = answer
	}
	status := http.StatusOK
	if err != nil {
		answer, ok := errors.AsType[*api.Error](err)
		if !ok {
			answer = &api.Error{Status: http.StatusInternalServerError, Type: "server_error", Message: "The emulator failed: " + err.Error()}
		}
		status = answer.Status
		if answer.Bare {
			result = bareError{Code: status, Message: answer.Message}
		} else {
			result = errorEnvelope{errorFields{Message: answer.Message, Type: answer.Type, Param: orNull(answer.Param), Code: orNull(answer.Code)}}
		}
		if status == http.StatusTooManyRequests && s.options.Behaviour.SendRetryAfter {
			w.Header().Set("Retry-After", "10")
		}
	}
	body, err := json.Marshal(result)
	if err != nil {
		panic(err) // our own types always encode
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	// A client that has gone away needs no answer.
	_, _ = w.Write(append(body, '\n'))
	return status
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
		return nil, api.Unauthorized("", "Admin API keys can only be used with the Administration API, not with %s.", r.URL.Path)
	}
	return nil, &api.Error{Status: http.StatusNotImplemented, Type: "not_emulated", Code: "not_emulated",
		Message: fmt.Sprintf("%s %s is not emulated.", r.Method, r.URL.Path)}
}
