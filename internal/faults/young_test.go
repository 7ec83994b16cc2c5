package faults_test

import (
	"net/http"
	"path"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator/faultinjection"
)

// A new object that answers 404 for a minute, and is in no list, stays in
// state: the next apply does not create a second one.
func TestYoungObjects_stayInState(t *testing.T) {
	t.Parallel()
	for _, s := range subjects {
		t.Run(s.typeName, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.lab.Set(faultinjection.Plan{Rules: []faultinjection.Rule{{Fault: faultinjection.LateVisibility, Lists: true, For: time.Minute}}})
			object, err := w.apply(t, s, nil, s.first(w))
			if err != nil || object == nil {
				t.Fatal(err)
			}
			created := object.String()
			w.lab.Set(faultinjection.Plan{})
			writes := len(w.journal.writes())
			if object, err = w.apply(t, s, object, s.first(w)); err != nil || object == nil {
				t.Fatalf("next apply: %v, state %s, was %s", err, object, created)
			}
			w.clock.Advance(10 * time.Minute)
			if object, err = w.apply(t, s, object, s.first(w)); err != nil || object == nil {
				t.Fatalf("last apply: %v, state %s", err, object)
			}
			for _, e := range w.journal.writes()[writes:] {
				if e.method == http.MethodPost && strings.Count(e.path, "/") < 4 || e.method == http.MethodDelete {
					t.Errorf("%s %s", e.method, e.path)
				}
			}
			if found := s.found(t, w); !slices.Equal(found, s.one) {
				t.Errorf("found %q, expected %q", found, s.one)
			}
		})
	}
}

// DELETE of an object that answers 404 for a minute waits until it is visible.
// When the 404 lasts, a warning names the object.
func TestYoungObjects_areDeleted(t *testing.T) {
	t.Parallel()
	for _, s := range subjectsOf(serverNamed, secret) {
		for _, hidden := range []time.Duration{time.Minute, 4 * time.Minute} {
			t.Run(s.typeName+" "+hidden.String(), func(t *testing.T) {
				t.Parallel()
				w := newWorld(t)
				w.lab.Set(faultinjection.Plan{Rules: []faultinjection.Rule{{Fault: faultinjection.LateVisibility, For: hidden, Times: 1}}})
				object, err := w.apply(t, s, nil, s.first(w))
				if object == nil {
					t.Fatal(err) // a create may fail after its first request
				}
				id := object.Attribute(idName(object))
				left, diags := w.driver(t).Apply(t, s.typeName, object, nil)
				after, _ := w.inventory(t)
				switch {
				case hidden == time.Minute && (left != nil || hasError(diags) || after.has(id)):
					t.Errorf("not deleted, state %s: %s", left, texts(diags))
				case hidden > time.Minute && left == nil && after.has(id) && !strings.Contains(texts(diags), id):
					t.Errorf("%s exists, is in no state and is not named: %s", id, texts(diags))
				}
			})
		}
	}
}

// hasParent says whether the API creates an object below another one.
func hasParent(typeName string) bool {
	parent, _ := strings.CutSuffix(registered[typeName].Path(), "/*")
	return strings.Contains(parent, "*")
}

// Objects below a parent that an earlier operation created less than five
// minutes ago are created although the API answers 404 at first. An older parent
// is missing indeed.
func TestYoungParents(t *testing.T) {
	t.Parallel()
	for _, s := range subjects {
		t.Run(s.typeName, func(t *testing.T) {
			t.Parallel()
			for name, age := range map[string]time.Duration{"young": time.Minute, "old": 10 * time.Minute} {
				w := newWorld(t)
				below := []string{w.project, w.owner, w.member, w.people, w.crew, w.team, w.guild, w.identityProvider}
				var hidden atomic.Int32
				d := w.at(t, func(rw http.ResponseWriter, r *http.Request) {
					isBelow := slices.ContainsFunc(strings.Split(path.Dir(r.URL.Path), "/"), func(segment string) bool { return slices.Contains(below, segment) })
					if r.Method == http.MethodPost && isBelow && hidden.Add(1) <= 3 {
						rw.Header().Set("Content-Type", "application/json")
						rw.WriteHeader(http.StatusNotFound)
						_, _ = rw.Write([]byte(`{"error":{"message":"not found"}}`))
						return
					}
					w.lab.ServeHTTP(rw, r)
				}, nil)
				w.clock.Advance(age)
				object, diags := d.Apply(t, s.typeName, nil, s.first(w))
				switch n := hidden.Load(); {
				case !hasParent(s.typeName), specialOf(s.typeName).ageless:
					if n != 0 {
						t.Errorf("%s: it has a parent of a known age", name)
					}
				case name == "young" && (hasError(diags) || object == nil || n < 4):
					t.Errorf("%s: %d writes, %s", name, n, texts(diags))
				case name == "old" && (!hasError(diags) || n != 1):
					t.Errorf("%s: %d writes, %s", name, n, texts(diags))
				}
			}
		})
	}
}

// The parts of a new object are deleted with it: their own removal does not wait
// for it to appear, and does not say that it may.
func TestYoungObjects_areDeletedWithTheirParent(t *testing.T) {
	t.Parallel()
	for typeName, configure := range map[string]func(w *world, group string) map[string]any{
		"openai_group_user": func(w *world, group string) map[string]any {
			return map[string]any{"group_id": group, "user_id": w.owner}
		},
		"openai_group_members": func(w *world, group string) map[string]any {
			return map[string]any{"group_id": group, "members": []string{"owner@example.com"}}
		},
		"openai_group_role": func(w *world, group string) map[string]any {
			return map[string]any{"group_id": group, "role_id": "role-api-organization-reader"}
		},
		"openai_project_group": func(w *world, group string) map[string]any {
			return map[string]any{"project_id": w.project, "group_id": group, "role": "role-api-project-member"}
		},
	} {
		t.Run(typeName, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			d := w.driver(t)
			group, diags := d.Apply(t, "openai_group", nil, map[string]any{"name": "young"})
			if hasError(diags) {
				t.Fatal(texts(diags))
			}
			child, diags := d.Apply(t, typeName, nil, configure(w, group.Attribute("id")))
			if hasError(diags) {
				t.Fatal(texts(diags))
			}
			if left, diags := d.Apply(t, "openai_group", group, nil); left != nil || len(diags) > 0 {
				t.Fatalf("%s: %s", left, texts(diags))
			}
			before, began := len(w.journal.writes()), w.clock.Now()
			left, diags := d.Apply(t, typeName, child, nil)
			if left != nil || len(diags) > 0 {
				t.Errorf("state %s: %s", left, texts(diags))
			}
			if n, waited := len(w.journal.writes())-before, w.clock.Now().Sub(began); n > 3 || waited > 5*time.Second {
				t.Errorf("%d writes, %s", n, waited)
			}
		})
	}
}
