package faults_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
)

// settings are those of the provider.
type settings = map[string]any

// hasAge says whether the API reports when an object was created. Without, an old
// one may be an orphan, too.
func hasAge(typeName string) bool {
	_, reported := registered[typeName].Schema.Attributes["created_at"]
	return reported
}

// orphanDiagnostics are the diagnostics of a plan that name orphans.
func orphanDiagnostics(p *acctest.Plan) (found []*tfprotov6.Diagnostic) {
	for _, d := range p.Diagnostics {
		if strings.HasPrefix(d.Summary, "Possible orphan of ") {
			found = append(found, d)
		}
	}
	return found
}

// objectID is the id of an object, for any name of the attribute.
func objectID(o *acctest.Object) string { return o.Attribute(idName(o)) }

// lose creates an object that is in no state, as a kill leaves it.
func (w *world) lose(t testing.TB, typeName string, config map[string]any) *acctest.Object {
	t.Helper()
	lost, diags := w.driver(t).Apply(t, typeName, nil, config)
	if hasError(diags) || lost == nil || objectID(lost) == "" {
		t.Fatalf("%s cannot be created: %v", typeName, diags)
	}
	return lost
}

// at is a driver for a server in front of the organization.
func (w *world) at(t testing.TB, handler http.HandlerFunc, more settings) *acctest.Driver {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return w.driverAt(t, server.URL+"/v1", w.clock, more)
}

// isKey reports whether objects of a type are keys, whose secret cannot be
// replaced.
func isKey(typeName string) bool { return strings.HasSuffix(typeName, "_api_key") }

// eachSubject runs a test for all subjects whose id the API assigns.
func eachSubject(t *testing.T, test func(t *testing.T, w *world, s subject)) {
	for i, s := range subjectsOf(serverNamed, secret) {
		t.Run(fmt.Sprintf("%s %d", s.typeName, i), func(t *testing.T) {
			t.Parallel()
			test(t, newWorld(t), s)
		})
	}
}

func TestOrphansAreNamedBeforeTheyAreCreatedAgain(t *testing.T) {
	for setting, severity := range map[string]tfprotov6.DiagnosticSeverity{"warn": tfprotov6.DiagnosticSeverityWarning, "error": tfprotov6.DiagnosticSeverityError} {
		t.Run(setting, func(t *testing.T) {
			eachSubject(t, func(t *testing.T, w *world, s subject) {
				id := objectID(w.lose(t, s.typeName, s.first(w)))
				p := w.driverAt(t, w.faulty.URL+"/v1", w.clock, settings{"on_orphan": setting}).Plan(t, s.typeName, nil, s.first(w))
				found := orphanDiagnostics(p)
				if len(found) != 1 || found[0].Severity != severity || p.Failed() != (setting == "error") {
					t.Fatalf("found %v in %v", found, p.Diagnostics)
				}
				words := []string{id, "may be an orphan", "import {", "to = " + s.typeName + ".", "on_orphan"}
				if isKey(s.typeName) {
					words = append(words, "curl -X DELETE", "api_keys/"+id)
				}
				for _, word := range words {
					if !strings.Contains(found[0].Detail, word) {
						t.Errorf("%q is not in:\n%s", word, found[0].Detail)
					}
				}
			})
		})
	}
}

// The plan of a replacement is made twice, and the warnings of the second time
// are dropped, so the first has to name the orphan.
func TestOrphansOfReplacementsAreNamed(t *testing.T) {
	var replaced atomic.Int32
	t.Run("of", func(t *testing.T) {
		eachSubject(t, func(t *testing.T, w *world, s subject) {
			saved := w.lose(t, s.typeName, s.first(w))
			if refusesSecond(s.typeName) {
				t.Skip("the API refuses a second one")
			}
			next := w.driver(t)
			if !next.Plan(t, s.typeName, saved, s.second(w), acctest.CreateBeforeDestroy).Action.Replaces() {
				return
			}
			replaced.Add(1)
			id := objectID(w.lose(t, s.typeName, s.second(w)))
			next = w.driver(t)
			next.ReadState(t, saved)
			found := orphanDiagnostics(next.Plan(t, s.typeName, saved, s.second(w), acctest.CreateBeforeDestroy))
			if len(found) != 1 || !strings.Contains(found[0].Detail, id) || strings.Contains(found[0].Detail, objectID(saved)) {
				t.Errorf("found %v, expected %s", found, id)
			}
		})
	})
	if replaced.Load() == 0 {
		t.Error("nothing was replaced")
	}
}

func TestWhatIsNoOrphanIsNotNamed(t *testing.T) {
	none := func(t *testing.T, p *acctest.Plan) {
		t.Helper()
		if found := orphanDiagnostics(p); len(found) > 0 {
			t.Errorf("found %v", found)
		}
	}
	t.Run("in another state", func(t *testing.T) {
		eachSubject(t, func(t *testing.T, w *world, s subject) {
			lost := w.lose(t, s.typeName, s.first(w))
			d := w.driver(t)
			d.ReadState(t, lost)
			none(t, d.Plan(t, s.typeName, nil, s.first(w)))
		})
	})
	t.Run("in another state, announced later", func(t *testing.T) {
		eachSubject(t, func(t *testing.T, w *world, s subject) {
			lost := w.lose(t, s.typeName, s.first(w))
			clock := &pausingClock{Clock: w.clock, asleep: make(chan struct{}), wake: make(chan struct{})}
			d := w.driverAt(t, w.faulty.URL+"/v1", clock)
			planned := make(chan *acctest.Plan)
			go func() { planned <- d.Plan(t, s.typeName, nil, s.first(w)) }()
			<-clock.asleep
			d.ReadState(t, lost)
			close(clock.wake)
			none(t, <-planned)
		})
	})
	t.Run("older than a day", func(t *testing.T) {
		eachSubject(t, func(t *testing.T, w *world, s subject) {
			w.lose(t, s.typeName, s.first(w))
			w.clock.Advance(25 * time.Hour)
			p := w.driver(t).Plan(t, s.typeName, nil, s.first(w))
			if !hasAge(s.typeName) {
				if len(orphanDiagnostics(p)) != 1 {
					t.Errorf("an old one is not named: %v", p.Diagnostics)
				}
				return
			}
			none(t, p)
		})
	})
	t.Run("another name", func(t *testing.T) {
		eachSubject(t, func(t *testing.T, w *world, s subject) {
			w.lose(t, s.typeName, s.first(w))
			config := s.second(w)
			if s.typeName == "openai_project_api_key" || s.typeName == "openai_webhook_endpoint" {
				config = s.first(w)
				config["name"] = "another"
			}
			none(t, w.driver(t).Plan(t, s.typeName, nil, config))
		})
	})
	t.Run("of another account", func(t *testing.T) {
		for _, s := range subjectsOf(secret) {
			if s.typeName != "openai_project_api_key" {
				continue // belongs to no account
			}
			w := newWorld(t)
			w.lose(t, s.typeName, s.first(w))
			other := w.lose(t, "openai_project_service_account", map[string]any{"project_id": w.project, "name": "other"})
			config := s.first(w)
			config["service_account_id"] = other.Attribute("id")
			none(t, w.driver(t).Plan(t, s.typeName, nil, config))
		}
	})
	t.Run("created by this configuration", func(t *testing.T) {
		eachSubject(t, func(t *testing.T, w *world, s subject) {
			d := w.driver(t)
			if _, diags := d.Apply(t, s.typeName, nil, s.first(w)); hasError(diags) {
				t.Fatal(diags)
			}
			none(t, d.Plan(t, s.typeName, nil, s.first(w)))
		})
	})
}

// pausingClock pauses the first wait until it is woken.
type pausingClock struct {
	*acctest.Clock
	once         sync.Once
	asleep, wake chan struct{}
}

func (c *pausingClock) Sleep(ctx context.Context, d time.Duration) error {
	c.once.Do(func() {
		close(c.asleep)
		<-c.wake
	})
	return c.Clock.Sleep(ctx, d)
}

// A throttled API delays a plan by seconds, and fails none.
func TestOptionalReadsDoNotWait(t *testing.T) {
	w := newWorld(t)
	var asked atomic.Int32
	throttled := func(out http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		out.Header().Set("Retry-After", "60")
		out.WriteHeader(http.StatusTooManyRequests)
	}
	// Where the API refuses a second object, the create depends on whether one
	// exists, so that the read is not optional.
	optional := slices.DeleteFunc(subjectsOf(serverNamed, secret), func(s subject) bool { return refusesSecond(s.typeName) })
	for _, setting := range []string{"warn", "error"} {
		d := w.at(t, throttled, settings{"on_orphan": setting, "max_wait": "30m"})
		asked.Store(0)
		before, unsaid := w.clock.Waited(), 0
		for range 3 {
			for _, s := range optional {
				p := d.Plan(t, s.typeName, nil, s.first(w))
				if p.Failed() || len(orphanDiagnostics(p)) > 0 {
					t.Fatalf("%s: %v", s.typeName, p.Diagnostics)
				}
				for _, warning := range p.Warnings() {
					if warning.Summary == "Orphaned objects may not be reported" {
						unsaid++
					}
				}
			}
		}
		if waited := w.clock.Waited() - before; waited > 10*time.Second {
			t.Errorf("the plans waited %v", waited)
		}
		if asked.Load() == 0 || asked.Load() > 40 {
			t.Errorf("%d requests", asked.Load())
		}
		if unsaid != 1 {
			t.Errorf("said %d times that orphans may not be reported", unsaid)
		}
	}
}

// Slow answers use up the time of all optional reads together.
func TestOptionalReadsShareTheirTime(t *testing.T) {
	w := newWorld(t)
	d := w.at(t, func(out http.ResponseWriter, r *http.Request) {
		w.clock.Advance(2 * time.Second)
		w.lab.ServeHTTP(out, r)
	}, nil)
	before := w.clock.Now()
	for _, s := range subjectsOf(serverNamed, secret) {
		if p := d.Plan(t, s.typeName, nil, s.first(w)); p.Failed() {
			t.Fatalf("%s: %v", s.typeName, p.Diagnostics)
		}
	}
	if elapsed := w.clock.Now().Sub(before); elapsed > 10*time.Second {
		t.Errorf("the plans took %v", elapsed)
	}
}

func TestPlanChecksOffReadNothing(t *testing.T) {
	eachSubject(t, func(t *testing.T, w *world, s subject) {
		w.lose(t, s.typeName, s.first(w))
		var asked atomic.Int32
		d := w.at(t, func(out http.ResponseWriter, r *http.Request) {
			asked.Add(1)
			w.lab.ServeHTTP(out, r)
		}, settings{"plan_checks": false})
		p := d.Plan(t, s.typeName, nil, s.first(w))
		if refusesSecond(s.typeName) {
			// The create depends on whether one exists.
			if asked.Load() != 1 || len(orphanDiagnostics(p)) > 0 {
				t.Errorf("%d requests, %v", asked.Load(), p.Diagnostics)
			}
			return
		}
		if asked.Load() != 0 || len(p.Diagnostics) > 0 {
			t.Errorf("%d requests, %v", asked.Load(), p.Diagnostics)
		}
	})
}

// on_orphan = "error" relies on the search, so that plan_checks = false does not
// switch it off.
func TestOrphansAreErrorsWithoutPlanChecks(t *testing.T) {
	eachSubject(t, func(t *testing.T, w *world, s subject) {
		id := objectID(w.lose(t, s.typeName, s.first(w)))
		d := w.driverAt(t, w.faulty.URL+"/v1", w.clock, settings{"on_orphan": "error", "plan_checks": false})
		p := d.Plan(t, s.typeName, nil, s.first(w))
		if found := orphanDiagnostics(p); !p.Failed() || len(found) != 1 || !strings.Contains(found[0].Detail, id) {
			t.Errorf("found %v in %v", found, p.Diagnostics)
		}
	})
}

// Below an object that this configuration has created, nothing is searched for.
func TestNothingIsSearchedBelowNewObjects(t *testing.T) {
	w := newWorld(t)
	var lists atomic.Int32
	d := w.at(t, func(out http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet && strings.Contains(r.URL.RawQuery, "limit=") {
			lists.Add(1)
		}
		w.lab.ServeHTTP(out, r)
	}, nil)
	project, diags := d.Apply(t, "openai_project", nil, map[string]any{"name": "new"})
	if hasError(diags) {
		t.Fatal(diags)
	}
	lists.Store(0)
	id := project.Attribute("id")
	d.Plan(t, "openai_project_service_account", nil, map[string]any{"project_id": id, "name": "new"})
	d.Plan(t, "openai_project_spend_alert", nil, alert(w, 100, map[string]any{"project_id": id}))
	d.Plan(t, "openai_project_role", nil, map[string]any{"project_id": id, "role_name": "new", "permissions": []string{}})
	if lists.Load() > 0 {
		t.Errorf("%d lists were read", lists.Load())
	}
}
