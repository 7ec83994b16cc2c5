package faults_test

import (
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
)

// losing returns a driver whose writes are carried out and answer 500, as do all
// reads after the first of them, so that nothing shows that it has happened.
func (w *world) losing(t *testing.T) *acctest.Driver {
	t.Helper()
	target, err := url.Parse(w.direct.URL)
	if err != nil {
		t.Fatal(err)
	}
	var wrote atomic.Bool
	through := httputil.NewSingleHostReverseProxy(target)
	server := httptest.NewServer(http.HandlerFunc(func(answer http.ResponseWriter, req *http.Request) {
		if req.Method != http.MethodPost && !wrote.Load() {
			through.ServeHTTP(answer, req)
			return
		}
		if req.Method == http.MethodPost {
			through.ServeHTTP(httptest.NewRecorder(), req)
			wrote.Store(true)
		}
		answer.WriteHeader(http.StatusInternalServerError)
	}))
	t.Cleanup(server.Close)
	return w.driverAt(t, server.URL+"/v1", w.clock)
}

// The previous values of a permanent setting are in state before it is changed,
// so that destroy restores them also when the answers to the change are lost.
func TestRestoreAfterLostCreate(t *testing.T) {
	for _, s := range subjectsOf(permanent) {
		t.Run(s.typeName, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			object, diags := w.losing(t).Apply(t, s.typeName, nil, s.first(w))
			if !hasError(diags) || object == nil || !strings.Contains(object.String(), "restore_values") {
				t.Fatalf("state %v, diagnostics %v", object, diags)
			}
			if found := s.found(t, w); !slices.Equal(found, s.one) {
				t.Fatalf("the change was not carried out: %q", found)
			}
			object, _ = w.driver(t).Refresh(t, object)
			if _, err := w.apply(t, s, object, nil); err != nil {
				t.Fatal(err)
			}
			if found := s.found(t, w); !slices.Equal(found, s.none) {
				t.Errorf("found %q after destroy, expected %q", found, s.none)
			}
		})
	}
}

// Without a refresh, state has the values from before a create whose answer was
// lost. The replacement of the tainted object compares with the values in the
// API when it restores, so that its own create stores the right values.
func TestRestoreAfterLostCreate_withoutRefresh(t *testing.T) {
	for _, s := range subjectsOf(permanent) {
		t.Run(s.typeName, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			object, diags := w.losing(t).Apply(t, s.typeName, nil, s.first(w))
			if !hasError(diags) || object == nil || !object.Tainted {
				t.Fatalf("state %v, diagnostics %v", object, diags)
			}
			for _, step := range []struct {
				configured map[string]any
				want       []string
			}{{s.first(w), s.one}, {nil, s.none}} {
				if object, diags = w.driver(t).Apply(t, s.typeName, object, step.configured); hasError(diags) {
					t.Fatal(texts(diags))
				}
				if found := s.found(t, w); !slices.Equal(found, step.want) {
					t.Errorf("found %q, expected %q", found, step.want)
				}
			}
		})
	}
}

// A replacement that is created first leaves the setting, and the warning shows
// the values that would have been restored.
func TestReplacementCreatedFirstShowsPreviousValues(t *testing.T) {
	for _, s := range subjectsOf(permanent) {
		t.Run(s.typeName, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			object, _ := mustApply(t, w, s, nil, s.first(w))
			_, diags := mustApply(t, w, s, object, s.second(w), acctest.ForceReplace, acctest.CreateBeforeDestroy)
			for _, d := range diags {
				if d.Summary == keptSummary && strings.Contains(d.Detail, "restore_values = {") {
					return
				}
			}
			t.Errorf("no diagnostic shows the previous values: %v", diags)
		})
	}
}

// importListed imports the setting that an object manages.
func importListed(t *testing.T, w *world, s subject, made *acctest.Object) *acctest.Object {
	t.Helper()
	found, diags := w.driver(t).List(t, s.typeName, nil, true, 0)
	if len(diags) > 0 {
		t.Fatal(diags)
	}
	var imported *acctest.Object
	for _, listed := range found {
		if listed.Object.Attribute("project_id") == made.Attribute("project_id") && listed.Object.Attribute("model") == made.Attribute("model") {
			imported, diags = w.driver(t).Import(t, s.typeName, listed.Identity)
		}
	}
	if imported == nil || hasError(diags) {
		t.Fatalf("not imported: %v", diags)
	}
	return imported
}

// An imported setting has nothing to restore, and stays that way when it is
// changed: no plan, and a warning when it is destroyed.
func TestImportedSettingIsLeft(t *testing.T) {
	for _, s := range subjectsOf(permanent) {
		t.Run(s.typeName, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			made, _ := mustApply(t, w, s, nil, s.first(w))
			imported := importListed(t, w, s, made)
			if pending, err := w.driver(t).Pending(t, s.typeName, imported, s.first(w)); err != nil || pending {
				t.Errorf("the plan after the import is not empty: %v", err)
			}
			imported, _ = mustApply(t, w, s, imported, s.second(w))
			_, diags := mustApply(t, w, s, imported, nil)
			if len(summaries(diags, tfprotov6.DiagnosticSeverityWarning)) == 0 {
				t.Error("that the setting was left as it is is not said")
			}
			if found := s.found(t, w); !slices.Equal(found, s.two) {
				t.Errorf("found %q after destroy, expected %q", found, s.two)
			}
		})
	}
}

// A measure that becomes managed in an update whose answer is lost is restored
// like the others.
func TestRestoreAfterLostUpdate(t *testing.T) {
	w := newWorld(t)
	s := subjectsOf(permanent)[slices.IndexFunc(subjectsOf(permanent), func(s subject) bool { return s.typeName == "openai_project_rate_limit" })]
	measures := func() []string {
		return words(w.list(t, "/projects/"+w.project+"/rate_limits?limit=100"), is("model", "gpt-4o"), "max_requests_per_1_minute", "max_tokens_per_1_minute")
	}
	before := measures()
	object, _ := mustApply(t, w, s, nil, s.first(w))
	both := s.first(w)
	both["max_tokens_per_1_minute"] = 1000
	object, diags := w.losing(t).Apply(t, s.typeName, object, both)
	if !hasError(diags) || object == nil {
		t.Fatalf("state %v, diagnostics %v", object, diags)
	}
	if changed := measures(); !slices.Equal(changed, []string{"10 1000"}) {
		t.Fatalf("the change was not carried out: %q", changed)
	}
	object, _ = w.driver(t).Refresh(t, object)
	if _, err := w.apply(t, s, object, nil); err != nil {
		t.Fatal(err)
	}
	if after := measures(); !slices.Equal(after, before) {
		t.Errorf("%q before, %q after destroy", before, after)
	}
}
