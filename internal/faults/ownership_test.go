package faults_test

import (
	"bytes"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
)

// settingsAndMemberships are the objects that the caller names, so that two resources can
// address the same one.
func settingsAndMemberships() []subject { return subjectsOf(removable, permanent, membership, set) }

// summaries lists the summaries of the diagnostics of one severity.
func summaries(diags []*tfprotov6.Diagnostic, severity tfprotov6.DiagnosticSeverity) []string {
	found := []string{}
	for _, d := range diags {
		if d.Severity == severity {
			found = append(found, d.Summary)
		}
	}
	return found
}

const (
	keptSummary     = "Object was not deleted"
	conflictSummary = "Object would be destroyed and managed"
	ownersSummary   = "Two resources manage one object"
)

func mustApply(t *testing.T, w *world, s subject, prior *acctest.Object, configured map[string]any, options ...acctest.PlanOption) (*acctest.Object, []*tfprotov6.Diagnostic) {
	t.Helper()
	object, diags := w.driver(t).Apply(t, s.typeName, prior, configured, options...)
	if hasError(diags) {
		t.Fatal(diags[0].Summary, diags[0].Detail)
	}
	return object, diags
}

// A replacement that is created before the first object is destroyed leaves its
// values in place, and names the object that was not destroyed.
func TestReplacementCreatedFirstStays(t *testing.T) {
	for _, s := range settingsAndMemberships() {
		for _, changed := range []bool{false, true} {
			name := s.typeName + ", same configuration"
			configure, want := s.first, s.one
			if changed {
				name, configure, want = s.typeName+", another configuration", s.second, s.two
			}
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				w := newWorld(t)
				object, _ := mustApply(t, w, s, nil, s.first(w))
				object, diags := mustApply(t, w, s, object, configure(w), acctest.ForceReplace, acctest.CreateBeforeDestroy)
				if found := s.found(t, w); !slices.Equal(found, want) {
					t.Errorf("found %q, expected %q", found, want)
				}
				if object == nil || len(object.Deposed) > 0 {
					t.Errorf("state holds %v", object)
				}
				// The second configuration of these is another object, so the first
				// one is destroyed as planned.
				another := changed && kinds[s.typeName] == membership && specialOf(s.typeName).overwrites == nil
				if kept := slices.Contains(summaries(diags, tfprotov6.DiagnosticSeverityWarning), keptSummary); kept == another {
					t.Errorf("that the object was not destroyed is said: %t, diagnostics %v", kept, diags)
				}
				if said := texts(diags); !another && strings.Contains(said, "Project without hard limit") {
					t.Errorf("a limit that stays is said to be lost: %s", said)
				}
				if pending, err := w.driver(t).Pending(t, s.typeName, object, configure(w)); err != nil || pending {
					t.Errorf("the next plan is not empty: %v", err)
				}
			})
		}
	}
}

// Destroying one address and creating another for the same object is refused
// in the plan, in both orders, and one that was planned all the same keeps it.
func TestRenamedKey(t *testing.T) {
	for _, s := range settingsAndMemberships() {
		t.Run(s.typeName, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			object, _ := mustApply(t, w, s, nil, s.first(w))

			var texts []string
			for _, destroyFirst := range []bool{true, false} {
				d := w.driver(t)
				var plans []*acctest.Plan
				destroy := func() { plans = append(plans, d.Plan(t, s.typeName, object, nil)) }
				if destroyFirst {
					destroy()
				}
				plans = append(plans, d.Plan(t, s.typeName, nil, s.first(w)))
				if !destroyFirst {
					destroy()
				}
				if plans[0].Failed() || !plans[1].Failed() {
					t.Fatalf("destroy first %t: the second plan must fail alone: %v, %v", destroyFirst, plans[0].Diagnostics, plans[1].Diagnostics)
				}
				for _, diag := range plans[1].Diagnostics {
					if diag.Summary == conflictSummary {
						texts = append(texts, diag.Detail)
					}
				}
			}
			if len(texts) != 2 || texts[0] != texts[1] || !strings.Contains(texts[0], "moved block") || !strings.Contains(texts[0], "creates") || !strings.Contains(texts[0], "destroys") {
				t.Errorf("the plans say %q", texts)
			}

			// Each is planned alone, as with -target, and both are applied at once.
			for _, destroyFirst := range []bool{true, false} {
				if destroyFirst && specialOf(s.typeName).cannotReturn {
					continue // the create fails
				}
				create := w.driver(t).Plan(t, s.typeName, nil, s.first(w))
				destroy := w.driver(t).Plan(t, s.typeName, object, nil)
				apply := w.driver(t)
				order := []*acctest.Plan{create, destroy}
				if destroyFirst {
					order = []*acctest.Plan{destroy, create}
				}
				var kept bool
				for _, plan := range order {
					made, diags := apply.ApplyPlan(t, plan)
					if hasError(diags) {
						t.Fatal(diags[0].Summary, diags[0].Detail)
					}
					if plan == create {
						object = made
					}
					kept = kept || slices.Contains(summaries(diags, tfprotov6.DiagnosticSeverityWarning), keptSummary)
				}
				if found := s.found(t, w); !slices.Equal(found, s.one) || kept == destroyFirst {
					t.Errorf("destroy first %t: found %q, expected %q; kept %t", destroyFirst, found, s.one, kept)
				}
			}
		})
	}
}

// A create owns its object from before the request is sent: a destroy that runs
// while the answer is under way keeps the created object.
func TestRenamedKey_atTheSameTime(t *testing.T) {
	for _, s := range settingsAndMemberships() {
		t.Run(s.typeName, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			object, _ := mustApply(t, w, s, nil, s.first(w))
			destroy := w.driver(t).Plan(t, s.typeName, object, nil)
			if !specialOf(s.typeName).cannotReturn {
				mustApply(t, w, s, object, nil) // so that the create has something to write
			}
			create := w.driver(t).Plan(t, s.typeName, nil, s.first(w))

			var apply *acctest.Driver
			var began atomic.Bool
			destroyed := make(chan []*tfprotov6.Diagnostic, 1)
			apply = w.at(t, func(rw http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodGet || began.Swap(true) {
					w.lab.ServeHTTP(rw, r)
					return
				}
				answer := httptest.NewRecorder()
				w.lab.ServeHTTP(answer, r)
				go func() {
					_, diags := apply.ApplyPlan(t, destroy)
					destroyed <- diags
				}()
				select {
				case diags := <-destroyed:
					destroyed <- diags
				case <-time.After(10 * time.Second):
					t.Error("the destroy waits for the create, or has sent something")
				}
				maps.Copy(rw.Header(), answer.Header())
				rw.WriteHeader(answer.Code)
				_, _ = rw.Write(answer.Body.Bytes())
			}, nil)
			if _, diags := apply.ApplyPlan(t, create); hasError(diags) {
				t.Fatal(texts(diags))
			}
			if !began.Load() {
				if !specialOf(s.typeName).cannotReturn {
					t.Error("the create has written nothing")
				}
				return
			}
			diags := <-destroyed
			if kept := summaries(diags, tfprotov6.DiagnosticSeverityWarning); hasError(diags) || !slices.Contains(kept, keptSummary) {
				t.Errorf("that the object stays is not said: %s", texts(diags))
			}
			if found := s.found(t, w); !slices.Equal(found, s.one) {
				t.Errorf("found %q, expected %q", found, s.one)
			}
		})
	}
}

// Two addresses with the same object are a warning of the one planned second.
func TestTwoOwners(t *testing.T) {
	for _, s := range settingsAndMemberships() {
		t.Run(s.typeName, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			object, _ := mustApply(t, w, s, nil, s.first(w))
			for name, pair := range map[string][2]*acctest.Object{
				"create and create": {nil, nil}, "create and keep": {nil, object}, "keep and create": {object, nil}, "keep and keep": {object, object},
			} {
				d := w.driver(t)
				for i, prior := range pair {
					plan := d.Plan(t, s.typeName, prior, s.first(w))
					if said := slices.Contains(summaries(plan.Diagnostics, tfprotov6.DiagnosticSeverityWarning), ownersSummary); plan.Failed() || said != (i == 1) {
						t.Errorf("%s, plan %d: %v", name, i+1, plan.Diagnostics)
					}
				}
			}
			// The two plans of one replacement are of one address.
			d := w.driver(t)
			for _, options := range [][]acctest.PlanOption{{acctest.ForceReplace}, {acctest.ForceReplace, acctest.CreateBeforeDestroy}} {
				d = w.driver(t)
				if plan := d.Plan(t, s.typeName, object, s.first(w), options...); plan.Failed() || slices.Contains(summaries(plan.Diagnostics, tfprotov6.DiagnosticSeverityWarning), ownersSummary) {
					t.Errorf("a replacement: %v", plan.Diagnostics)
				}
			}
			plan := d.Plan(t, s.typeName, nil, s.first(w))
			warned := slices.DeleteFunc(summaries(plan.Diagnostics, tfprotov6.DiagnosticSeverityWarning), func(summary string) bool { return summary != ownersSummary })
			if plan.Failed() || len(warned) != 1 {
				t.Errorf("create during a replacement: %d warnings, %v", len(warned), plan.Diagnostics)
			}
		})
	}
}

// A set whose members are not known yet removes none of them for certain: that
// another resource has them is a warning.
func TestTwoOwners_unknownMembers(t *testing.T) {
	eachSet(t, func(t *testing.T, s setCase) {
		config := s.configure(s.world, s.all[:2]...)
		object := s.apply(t, nil, config)
		open := maps.Clone(config)
		open[s.attribute] = acctest.Unknown
		d := s.driver(t)
		for i, configured := range []map[string]any{open, config} {
			plan := d.Plan(t, s.typeName, object, configured)
			if said := slices.Contains(summaries(plan.Diagnostics, tfprotov6.DiagnosticSeverityWarning), ownersSummary); plan.Failed() || said != (i == 1) {
				t.Errorf("plan %d: %v", i+1, plan.Diagnostics)
			}
		}
	})
}

// A person whose address changed since the refresh is the same object under
// another name, which only the answer to the create says: the destroy keeps it.
func TestRenamedKey_otherAddress(t *testing.T) {
	for _, s := range settingsAndMemberships() {
		if _, ok := registered[s.typeName].Schema.Attributes["email"]; !ok {
			continue
		}
		t.Run(s.typeName, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			address := s.first(w)["email"].(string)
			object, _ := mustApply(t, w, s, nil, s.first(w))
			const other = "renamed@example.com"
			driver := func() *acctest.Driver {
				return w.at(t, func(rw http.ResponseWriter, r *http.Request) {
					r.URL.RawQuery = strings.ReplaceAll(r.URL.RawQuery, url.QueryEscape(other), url.QueryEscape(address))
					body, _ := io.ReadAll(r.Body)
					body = bytes.ReplaceAll(body, []byte(other), []byte(address))
					r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
					answer := httptest.NewRecorder()
					w.lab.ServeHTTP(answer, r)
					maps.Copy(rw.Header(), answer.Header())
					rw.Header().Del("Content-Length")
					rw.WriteHeader(answer.Code)
					_, _ = rw.Write(bytes.ReplaceAll(answer.Body.Bytes(), []byte(address), []byte(other)))
				}, nil)
			}
			configured := maps.Clone(s.first(w))
			configured["email"] = other
			d := driver()
			create, destroy := d.Plan(t, s.typeName, nil, configured), d.Plan(t, s.typeName, object, nil)
			apply := driver()
			if _, diags := apply.ApplyPlan(t, create); hasError(diags) {
				t.Fatal(texts(diags))
			}
			if _, diags := apply.ApplyPlan(t, destroy); hasError(diags) || !slices.Contains(summaries(diags, tfprotov6.DiagnosticSeverityWarning), keptSummary) {
				t.Errorf("that the object stays is not said: %s", texts(diags))
			}
			if found := s.found(t, w); !slices.Equal(found, s.one) {
				t.Errorf("found %q, expected %q", found, s.one)
			}
		})
	}
}

// One e-mail address in two spellings is one person.
func TestTwoSpellingsOfOnePerson(t *testing.T) {
	for typeName, attributes := range map[string]map[string]any{
		"openai_organization_member": {}, "openai_invite": {}, "openai_project_user": {"project_id": "proj_world"}, "openai_organization_user": {},
	} {
		t.Run(typeName, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			d := w.driver(t)
			for i, email := range []string{"Member@Example.com", "member@example.com"} {
				configured := map[string]any{"email": email, "role": "owner"}
				for name, value := range attributes {
					configured[name] = value
				}
				plan := d.Plan(t, typeName, nil, configured)
				if said := slices.Contains(summaries(plan.Diagnostics, tfprotov6.DiagnosticSeverityWarning), ownersSummary); plan.Failed() || said != (i == 1) {
					t.Errorf("plan %d: %v", i+1, plan.Diagnostics)
				}
			}
		})
	}
}
