package faults_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/faultinjection"
	"github.com/allthingsai/terraform-provider-openai/internal/provider"
)

// foreignState is a state as another provider writes it: the configured values,
// and the id if withID is set. Attributes of this provider are null.
func foreignState(t testing.TB, object *acctest.Object, configured map[string]any, withID bool) []byte {
	t.Helper()
	var values map[string]json.RawMessage
	if err := json.Unmarshal(object.JSON(t), &values); err != nil {
		t.Fatal(err)
	}
	maps.DeleteFunc(values, func(name string, _ json.RawMessage) bool {
		_, isConfigured := configured[name]
		return !isConfigured && (name != idName(object) || !withID)
	})
	state, err := json.Marshal(values)
	if err != nil {
		t.Fatal(err)
	}
	return state
}

// idName is the attribute by which other providers identify the object. Only
// openai/openai has external keys and storage, whose states have no id.
func idName(object *acctest.Object) string {
	traits := registered[object.Type]
	if _, exists := traits.Schema.Attributes["id"]; exists {
		return "id"
	}
	return traits.Identity[len(traits.Identity)-1]
}

func texts(diags []*tfprotov6.Diagnostic) string {
	all := ""
	for _, d := range diags {
		all += d.Summary + ": " + d.Detail + "\n"
	}
	return all
}

// unexpectedWrites returns the writes after the first known ones.
func (w *world) unexpectedWrites(known int) string {
	all := ""
	for _, e := range w.journal.writes()[known:] {
		all += e.method + " " + e.path + "\n"
	}
	return all
}

// A state of another provider has the id of the object, and none of the
// attributes of this one. Exactly that object is managed, and nothing is
// written while it is read and planned.
func TestForeignState(t *testing.T) {
	t.Parallel()
	for _, s := range subjectsOf(serverNamed, secret) {
		for version := range provider.Traits(s.typeName).Schema.Version + 1 {
			t.Run(s.typeName, func(t *testing.T) {
				t.Parallel()
				w := newWorld(t)
				object, err := w.apply(t, s, nil, s.first(w))
				if err != nil {
					t.Fatal(err)
				}
				id := object.Attribute(idName(object))
				w.clock.Advance(time.Hour)
				var equal *acctest.Object
				if !specialOf(s.typeName).uniqueName {
					if equal, err = w.apply(t, s, nil, s.first(w)); err != nil {
						t.Fatal(err)
					}
				}
				before := len(w.journal.writes())

				d := w.driver(t)
				foreign, diags := d.FromForeignState(t, s.typeName, version, foreignState(t, object, s.first(w), true))
				if hasError(diags) {
					t.Fatal(texts(diags))
				}
				planned := d.Plan(t, s.typeName, foreign, s.first(w))
				if planned.Failed() {
					t.Error("plan without refresh: ", texts(planned.Diagnostics))
				}
				read, diags := w.driver(t).Refresh(t, foreign)
				if hasError(diags) || read == nil || read.Attribute(idName(object)) != id {
					t.Fatalf("refreshed %s as %s: %s", id, read, texts(diags))
				}
				planned = w.driver(t).Plan(t, s.typeName, read, s.first(w))
				if planned.Failed() || planned.Action.Replaces() {
					t.Errorf("plan is %s: %s", planned.Action, texts(planned.Diagnostics))
				}
				if writes := w.unexpectedWrites(before); writes != "" {
					t.Fatalf("written while planning:\n%s", writes)
				}

				updated, diags := w.driver(t).Apply(t, s.typeName, read, s.second(w))
				if hasError(diags) || updated == nil {
					t.Fatal("update: ", texts(diags))
				}
				if left, diags := w.driver(t).Apply(t, s.typeName, updated, nil); hasError(diags) || left != nil {
					t.Fatal("destroy: ", texts(diags))
				}
				after, _ := w.inventory(t)
				if after.has(id) {
					t.Errorf("%s still exists", id)
				}
				if equal != nil && !after.has(equal.Attribute(idName(object))) {
					t.Error("the equal object of others was destroyed")
				}
			})
		}
	}
}

// has reports whether an object with this id exists.
func (i inventory) has(id string) bool {
	for path := range i {
		if strings.HasSuffix(path, "/"+id) {
			return true
		}
	}
	return false
}

// A state without an id names no object. Every operation on it is an error that
// names import, and writes nothing.
func TestForeignState_withoutID(t *testing.T) {
	t.Parallel()
	for _, s := range subjectsOf(serverNamed, secret) {
		t.Run(s.typeName, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			object, err := w.apply(t, s, nil, s.first(w))
			if err != nil {
				t.Fatal(err)
			}
			before := len(w.journal.writes())
			state := foreignState(t, object, s.first(w), false)
			for name, operate := range map[string]func(d *acctest.Driver, o *acctest.Object) []*tfprotov6.Diagnostic{
				"refresh": func(d *acctest.Driver, o *acctest.Object) []*tfprotov6.Diagnostic {
					_, diags := d.Refresh(t, o)
					return diags
				},
				"update": func(d *acctest.Driver, o *acctest.Object) []*tfprotov6.Diagnostic {
					_, diags := d.Apply(t, s.typeName, o, s.second(w))
					return diags
				},
				"destroy": func(d *acctest.Driver, o *acctest.Object) []*tfprotov6.Diagnostic {
					_, diags := d.Apply(t, s.typeName, o, nil)
					return diags
				},
			} {
				d := w.driver(t)
				foreign, diags := d.FromForeignState(t, s.typeName, 0, state)
				if hasError(diags) {
					t.Fatal(texts(diags))
				}
				if diags = operate(d, foreign); !hasError(diags) || !strings.Contains(texts(diags), "import {") {
					t.Errorf("%s says: %s", name, texts(diags))
				}
			}
			if writes := w.unexpectedWrites(before); writes != "" {
				t.Errorf("written:\n%s", writes)
			}
		})
	}
}

// A value of another type in a state is dropped where the attribute is computed,
// and read again, as are timeouts, on which nothing depends. In other attributes
// it is an error that names the attribute and import.
// Nothing is replaced or written for it.
func TestForeignState_otherTypes(t *testing.T) {
	t.Parallel()
	for _, s := range subjects {
		t.Run(s.typeName, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			object, err := w.apply(t, s, nil, s.first(w))
			if err != nil {
				t.Fatal(err)
			}
			w.clock.Advance(time.Hour)
			before := len(w.journal.writes())
			for name, attribute := range w.driver(t).Attributes(t, s.typeName) {
				var values map[string]json.RawMessage
				if err := json.Unmarshal(object.JSON(t), &values); err != nil {
					t.Fatal(err)
				}
				values[name] = json.RawMessage(attribute.OtherType)
				state, err := json.Marshal(values)
				if err != nil {
					t.Fatal(err)
				}
				for version := range provider.Traits(s.typeName).Schema.Version + 1 {
					d := w.driver(t)
					foreign, diags := d.FromForeignState(t, s.typeName, version, state)
					if !attribute.Computed && name != "timeouts" {
						if !hasError(diags) || !strings.Contains(texts(diags), name) || !strings.Contains(texts(diags), "import") {
							t.Errorf("%s, version %d: %s", name, version, texts(diags))
						}
						continue
					}
					if hasError(diags) {
						t.Errorf("%s, version %d: %s", name, version, texts(diags))
						continue
					}
					read, diags := d.Refresh(t, foreign)
					if hasError(diags) && name == idName(object) && strings.Contains(texts(diags), "import {") {
						continue
					}
					if hasError(diags) || read == nil {
						t.Errorf("%s, version %d: refreshed as %s: %s", name, version, read, texts(diags))
						continue
					}
					if planned := d.Plan(t, s.typeName, read, s.first(w)); planned.Failed() || planned.Action.Replaces() {
						t.Errorf("%s, version %d: %s: %s", name, version, planned.Action, texts(planned.Diagnostics))
					}
				}
			}
			if writes := w.unexpectedWrites(before); writes != "" {
				t.Errorf("written:\n%s", writes)
			}
		})
	}
}

// A rotation whose answers were lost leaves keys that nothing revokes: neither
// a refresh nor a plan writes, and keys of others stay.
func TestRotation_unknownOutcomeWritesNothingInPlan(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := subjectOf(t, "openai_project_api_key")
	object, err := w.apply(t, s, nil, rotated(w, "1"))
	if err != nil {
		t.Fatal(err)
	}
	w.lab.Set(faultinjection.Plan{Rules: []faultinjection.Rule{{Fault: faultinjection.ResetAfter, Method: http.MethodPost}}})
	object, diags := w.driver(t).Apply(t, s.typeName, object, rotated(w, "2"))
	if !hasError(diags) || object == nil {
		t.Fatalf("lost answers are no error: %s", texts(diags))
	}
	w.lab.Set(faultinjection.Plan{})
	if _, err = w.apply(t, s, nil, rotated(w, "1")); err != nil {
		t.Fatal(err) // a key of another state
	}
	held, before := s.found(t, w), len(w.journal.writes())
	for range 2 {
		if object, diags = w.driver(t).Refresh(t, object); hasError(diags) {
			t.Fatal(texts(diags))
		}
		for _, trigger := range []string{"1", "2"} {
			if planned := w.driver(t).Plan(t, s.typeName, object, rotated(w, trigger)); planned.Failed() {
				t.Error(texts(planned.Diagnostics))
			}
		}
		w.clock.Advance(time.Hour)
	}
	if writes := w.unexpectedWrites(before); writes != "" {
		t.Errorf("written while planning:\n%s", writes)
	}
	if now := s.found(t, w); len(now) != len(held) {
		t.Errorf("%d keys, there were %d", len(now), len(held))
	}
}
