package faults_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/seed"
)

// foreign is an organization with the same people as the world and none of its
// objects.
type foreign struct {
	url    string
	server *emulator.Server
	apiKey string
	// writes and lookups count the requests that change something, and those for
	// the organization alone.
	writes, lookups atomic.Int32
}

func otherOrganization(t *testing.T, w *world) *foreign {
	t.Helper()
	organization := seed.Default()
	organization.Usage = nil
	organization.Organization.ID = "org-other"
	organization.Owner.ID, organization.Members[0].ID = "user-owner", "user-member"
	organization.Projects = []seed.Project{{ID: "proj_other", Name: "world", ServiceAccounts: []seed.ServiceAccount{{ID: "svc_acct_other", Name: "world", Role: "owner"}}}}
	server, err := emulator.New(emulator.Options{Seed: organization, Now: w.clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	f := &foreign{server: server}
	listener := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		switch {
		case r.Method != http.MethodGet:
			f.writes.Add(1)
		case r.URL.Query().Get("limit") == "1":
			f.lookups.Add(1)
		}
		server.ServeHTTP(rw, r)
	}))
	f.url = listener.URL + "/v1"
	f.apiKey = newAPIKey(t, listener.URL, server.AdminKey(), "proj_other", "svc_acct_other")
	f.writes.Store(0)
	t.Cleanup(func() {
		listener.Close()
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	return f
}

// driver is a new Terraform command with the keys of this organization.
func (f *foreign) driver(t *testing.T, w *world) *acctest.Driver {
	t.Helper()
	return acctest.NewDriver(t, f.url, f.server.AdminKey(), w.clock, map[string]any{"api_key": f.apiKey})
}

// tenancy has the words for what an object belongs to, and another object that
// belongs to the same.
type tenancy struct {
	kind, key, ours, others, variable string
	typeName                          string
	config                            map[string]any
}

// tenancyOf is the organization of the admin key, or the project of the API key.
func tenancyOf(typeName string) tenancy {
	if typeName == "openai_webhook_endpoint" {
		return tenancy{"project", "API key", "proj_hooks", "proj_other", "OPENAI_API_KEY", typeName, webhook("new", "batch.failed")}
	}
	return tenancy{"organization", "admin key", "org-emulator", "org-other", "OPENAI_ADMIN_KEY", "openai_project", map[string]any{"name": "new"}}
}

// expectOther asserts one error that names both organizations, or both projects.
func (o tenancy) expectOther(t *testing.T, operation string, diags []*tfprotov6.Diagnostic) {
	t.Helper()
	at := slices.IndexFunc(diags, func(d *tfprotov6.Diagnostic) bool {
		return d.Severity == tfprotov6.DiagnosticSeverityError && strings.EqualFold(d.Summary, o.key+" of another "+o.kind)
	})
	if at < 0 {
		t.Errorf("%s: no error names the other organization: %v", operation, diags)
		return
	}
	for _, word := range []string{o.kind + " " + o.ours + ", according to the state, but the " + o.key + " belongs to " + o.kind + " " + o.others, o.variable} {
		if !strings.Contains(diags[at].Detail, word) {
			t.Errorf("%s: %q is not in: %s", operation, word, diags[at].Detail)
		}
	}
}

// A key of another organization finds nothing, or finds a setting of the same
// name: nothing is dropped from state, and nothing is changed there.
func TestOrganization_keyOfAnother(t *testing.T) {
	t.Parallel()
	for _, s := range subjects {
		t.Run(strings.TrimPrefix(s.typeName, "openai_"), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			object, _ := mustApply(t, w, s, nil, s.first(w))
			foreign := otherOrganization(t, w)
			other := foreign.driver(t, w)
			kept, diags := other.Refresh(t, object)
			of := tenancyOf(s.typeName)
			of.expectOther(t, "refresh", diags)
			if kept == nil || kept.String() != object.String() {
				t.Errorf("the refresh changed the state to %s", kept)
			}
			// Without a refresh, by a process that has had no answer and by one that has.
			for name, driver := range map[string]*acctest.Driver{"known": other, "unknown": foreign.driver(t, w)} {
				left, diags := driver.Apply(t, s.typeName, object, nil)
				of.expectOther(t, "destroy, organization "+name, diags)
				if left == nil {
					t.Errorf("destroy, organization %s: the object left the state", name)
				}
			}
			// The right key goes on, without a change.
			same, diags := w.driver(t).Refresh(t, object)
			if same == nil || hasError(diags) {
				t.Errorf("with the right key: %v", diags)
			}
		})
	}
}

// Without a refresh, the first request of an operation could be a write. Before
// it, the provider asks once which organization answers, in the plan and in the
// apply of a plan that was made with another key.
func TestOrganization_isKnownBeforeTheFirstWrite(t *testing.T) {
	t.Parallel()
	for _, s := range subjects {
		t.Run(strings.TrimPrefix(s.typeName, "openai_"), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			object, _ := mustApply(t, w, s, nil, s.first(w))
			foreign, of := otherOrganization(t, w), tenancyOf(s.typeName)
			for _, name := range []string{"no change", "change", "destroy"} {
				target := map[string]map[string]any{"no change": s.first(w), "change": s.second(w)}[name]
				if name == "no change" {
					// Nothing will be written, so nothing is asked. A read may have had an answer.
					foreign.driver(t, w).Plan(t, s.typeName, object, target)
					if n := foreign.lookups.Load(); n > 0 {
						t.Errorf("a plan without a change: %d requests to find out which organization answers", n)
					}
					continue
				}
				of.expectOther(t, "plan, "+name, foreign.driver(t, w).Plan(t, s.typeName, object, target).Diagnostics)
				plan := w.driver(t).Plan(t, s.typeName, object, target)
				if plan.Failed() {
					t.Fatal(plan.Diagnostics)
				}
				left, diags := foreign.driver(t, w).ApplyPlan(t, plan)
				of.expectOther(t, "apply, "+name, diags)
				if left == nil {
					t.Errorf("apply, %s: the object left the state", name)
				}
			}
			// Two plans of one configuration ask once at most: a read may have had an
			// answer. After a refused change, nothing is created either.
			foreign.lookups.Store(0)
			d := foreign.driver(t, w)
			d.Plan(t, s.typeName, object, nil)
			d.Plan(t, s.typeName, object, s.second(w))
			if n := foreign.lookups.Load(); n > 1 {
				t.Errorf("%d requests to find out which organization answers", n)
			}
			d = foreign.driver(t, w)
			_, _ = d.ApplyPlan(t, w.driver(t).Plan(t, s.typeName, object, nil))
			created, diags := d.ApplyPlan(t, w.driver(t).Plan(t, of.typeName, nil, of.config))
			if created != nil || !strings.Contains(texts(diags), "the "+of.key+" belongs to "+of.kind+" "+of.others+". "+of.typeName+" was not created") {
				t.Errorf("a create in the same configuration: %s", texts(diags))
			}
			if n := foreign.writes.Load(); n != 0 {
				t.Errorf("%d writes reached the other organization", n)
			}
		})
	}
}

// An API that does not answer is no reason to write, and one that names no
// organization none to stop.
func TestOrganization_cannotBeFound(t *testing.T) {
	t.Parallel()
	for _, s := range subjects {
		t.Run(strings.TrimPrefix(s.typeName, "openai_"), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			object, _ := mustApply(t, w, s, nil, s.first(w))
			plan := w.driver(t).Plan(t, s.typeName, object, nil)
			unnamed := func(status int) *acctest.Driver {
				return w.at(t, func(rw http.ResponseWriter, r *http.Request) {
					if r.Method == http.MethodGet && r.URL.Query().Get("limit") == "1" {
						rw.WriteHeader(status)
						return
					}
					answer := httptest.NewRecorder()
					w.server.ServeHTTP(answer, r)
					rw.Header().Set("Content-Type", answer.Header().Get("Content-Type"))
					rw.WriteHeader(answer.Code)
					_, _ = rw.Write(answer.Body.Bytes())
				}, nil)
			}
			writes := len(w.journal.writes())
			of := tenancyOf(s.typeName)
			left, diags := unnamed(http.StatusServiceUnavailable).ApplyPlan(t, plan)
			if left == nil || !strings.Contains(texts(diags), "Cannot read the "+of.kind+" of the "+of.key) || len(w.journal.writes()) != writes {
				t.Errorf("without an answer: %s", texts(diags))
			}
			// A key that may not read projects gets an answer, too.
			if left, diags := unnamed(http.StatusForbidden).ApplyPlan(t, plan); left != nil || hasError(diags) {
				t.Errorf("without a name: %s", texts(diags))
			}
		})
	}
}

// An object that was found by an id that only its organization has belongs to
// that organization, which was renamed then.
func TestOrganization_renamed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var name atomic.Value
	name.Store("acme")
	proxy := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		answer := httptest.NewRecorder()
		w.server.ServeHTTP(answer, r)
		for key, values := range answer.Header() {
			rw.Header()[key] = values
		}
		rw.Header().Set("Openai-Organization", name.Load().(string))
		rw.WriteHeader(answer.Code)
		_, _ = rw.Write(answer.Body.Bytes())
	}))
	t.Cleanup(proxy.Close)
	driver := func() *acctest.Driver {
		return w.driverAt(t, proxy.URL+"/v1", w.clock)
	}
	object, diags := driver().Apply(t, "openai_project", nil, map[string]any{"name": "renamed"})
	if object == nil || hasError(diags) {
		t.Fatal(diags)
	}
	name.Store("acme-2")
	object, diags = driver().Refresh(t, object)
	if object == nil || hasError(diags) {
		t.Fatal(diags)
	}
	// The new name is recorded: the project is deleted outside Terraform.
	w.make(t, "/projects/"+object.Attribute("id")+"/archive", map[string]any{})
	if left, diags := driver().Refresh(t, object); left != nil || hasError(diags) {
		t.Errorf("%s, %v", left, diags)
	}
}
