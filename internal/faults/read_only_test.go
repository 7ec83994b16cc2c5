package faults_test

import (
	"strings"
	"testing"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
)

// With read_only = true, every object can be planned, and none is created,
// changed or destroyed.
func TestReadOnly(t *testing.T) {
	t.Parallel()
	for _, s := range subjects {
		t.Run(s.typeName, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			object, diags := w.driver(t).Apply(t, s.typeName, nil, s.first(w))
			if object == nil || hasError(diags) {
				t.Fatal(texts(diags))
			}
			wrote := len(w.journal.writes())
			for step, c := range map[string]struct {
				prior      *acctest.Object
				configured map[string]any
			}{
				"create": {nil, s.second(w)}, "change": {object, s.second(w)}, "destroy": {object, nil},
			} {
				reader := w.driverAt(t, w.faulty.URL+"/v1", w.clock, map[string]any{"read_only": true})
				if p := reader.Plan(t, s.typeName, c.prior, c.configured); p.Failed() || p.Action == acctest.ActionNoOp {
					t.Errorf("%s: the plan is %q: %s", step, p.Action, texts(p.Diagnostics))
				}
				left, diags := reader.Apply(t, s.typeName, c.prior, c.configured)
				if !strings.Contains(texts(diags), "read_only = true in the provider block permits no change") {
					t.Errorf("%s: %s", step, texts(diags))
				}
				if c.prior == nil && left != nil || c.prior != nil && left == nil {
					t.Errorf("%s leaves %v in state", step, left)
				}
			}
			if writes := w.journal.writes()[wrote:]; len(writes) > 0 {
				t.Errorf("%s %s was sent", writes[0].method, writes[0].path)
			}
		})
	}
}

// A destroy is refused also when it would send nothing, as that of a setting
// that was imported.
func TestReadOnly_importedSettings(t *testing.T) {
	for _, s := range subjectsOf(permanent) {
		t.Run(s.typeName, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			made, _ := mustApply(t, w, s, nil, s.first(w))
			reader := w.driverAt(t, w.faulty.URL+"/v1", w.clock, map[string]any{"read_only": true})
			left, diags := reader.Apply(t, s.typeName, importListed(t, w, s, made), nil)
			if left == nil || !strings.Contains(texts(diags), "read_only = true in the provider block permits no change") {
				t.Errorf("destroy leaves %v in state: %s", left, texts(diags))
			}
		})
	}
}
