package faults_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/fault"
)

// What a permanent setting was before is in state before it is changed, so that
// destroy restores it also when the answers to the change are lost.
func TestRestoreAfterLostCreate(t *testing.T) {
	for _, s := range subjectsOf(permanent) {
		t.Run(s.typeName, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.lab.Set(fault.Plan{Rules: []fault.Rule{{Fault: fault.StatusAfter, Status: 500, Method: "POST"}}})
			object, diags := w.driver(t).Apply(t, s.typeName, nil, s.first(w))
			if !hasError(diags) || object == nil || !strings.Contains(object.String(), "restore_values") {
				t.Fatalf("state %v, diagnostics %v", object, diags)
			}
			w.lab.Set(fault.Plan{})
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
// lost. The replacement of the tainted object restores by what the API has, so
// that its own create remembers the right values.
func TestRestoreAfterLostCreate_withoutRefresh(t *testing.T) {
	for _, s := range subjectsOf(permanent) {
		t.Run(s.typeName, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.lab.Set(fault.Plan{Rules: []fault.Rule{{Fault: fault.StatusAfter, Status: 500, Method: "POST"}}})
			object, diags := w.driver(t).Apply(t, s.typeName, nil, s.first(w))
			if !hasError(diags) || object == nil || !object.Tainted {
				t.Fatalf("state %v, diagnostics %v", object, diags)
			}
			w.lab.Set(fault.Plan{})
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
// what would have been restored.
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

// An imported setting has nothing to restore, and stays that way when it is
// changed: no plan, and a warning when it is destroyed.
func TestImportedSettingIsLeft(t *testing.T) {
	for _, s := range subjectsOf(permanent) {
		t.Run(s.typeName, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			made, _ := mustApply(t, w, s, nil, s.first(w))
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
			if pending, err := w.driver(t).Pending(t, s.typeName, imported, s.first(w)); err != nil || pending {
				t.Errorf("the plan after the import is not empty: %v", err)
			}
			imported, _ = mustApply(t, w, s, imported, s.second(w))
			_, diags = mustApply(t, w, s, imported, nil)
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
	w.lab.Set(fault.Plan{Rules: []fault.Rule{{Fault: fault.StatusAfter, Status: 500, Method: "POST"}}})
	object, diags := w.driver(t).Apply(t, s.typeName, object, both)
	if !hasError(diags) || object == nil {
		t.Fatalf("state %v, diagnostics %v", object, diags)
	}
	w.lab.Set(fault.Plan{})
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
