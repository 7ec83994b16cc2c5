// Package emulator is a local organization: the Administration API on top of
// SQLite, for offline use and for tests. It is a reading of the API of its
// own and shares no code with the provider or the SDK.
package emulator

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"
	"slices"
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
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/finetuning"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/inference"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/metering"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/project"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/ratelimit"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/rbac"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/seed"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/settings"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/spend"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/store"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/tunnel"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/usage"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/user"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/webhook"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/workloadidentity"
)

// Options are the options of an emulated organization. The zero value is the
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
	// Now is the clock, time.Now when nil. Deadlines for clients and mail servers
	// are those of the real time.
	Now func() time.Time
	// Deterministic makes ids repeatable. Secrets are always random.
	Deterministic bool
	// Profile is ProfileFast when empty.
	Profile Profile
	// Prices are the prices of calls, metering.BuiltIn when nil.
	Prices *metering.Prices
	// SMTP is the address of a mail server that delivers alerts; without one
	// they stay in the outbox.
	SMTP string
	// Behavior chooses between readings of the documentation.
	Behavior api.Behavior
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
	assumed  assumedAnswers
	changes  *changes

	// One request at a time, so that the values that a handler has read do not
	// change until it has written.
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
		meter: metering.New(options.Prices, options.SMTP != ""), changes: newChanges(),
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
		s.postman.call() // messages that an earlier process has left
		go s.runPostman()
	}
	return s, nil
}

// Behave changes the behavior of a running organization.
func (s *Server) Behave(behavior api.Behavior) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.options.Behavior = behavior
}

// AdminKey is the secret of the owner's admin key.
func (s *Server) AdminKey() string { return s.adminKey }

// Close closes the database, once no request is under way.
func (s *Server) Close() error {
	s.changes.end()
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
		certificate.Routes, workloadidentity.Routes, externalkey.Routes, externalstorage.Routes, tunnel.Routes, finetuning.Routes, file.Routes, webhook.Routes, s.control,
		func(router api.Router) { usage.Routes(router, s.meter) },
		func(router api.Router) { inference.Routes(router, s.meter) },
	} {
		register(s)
	}
	s.served = append(s.served, "GET /", "GET /projects/{project_id}", "GET /_emulator/events")
	page := func(w http.ResponseWriter, r *http.Request) {
		s.serve(w, r, endpoint{route: "/_emulator", open: s.visitor, handle: dashboard.Page})
	}
	s.mux.HandleFunc("GET /{$}", page)
	s.mux.HandleFunc("GET /projects/{project_id}", page)
	s.mux.HandleFunc("GET /_emulator/events", s.events)
	s.mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		s.serve(w, r, endpoint{open: everybody, handle: s.notEmulated})
	})
}

// Routes lists the served routes, such as "GET /v1/organization/projects".
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

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }
