package faults_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/faultinjection"
)

// manyMembers is a set with three members that can be in it: the first two are
// those of the first and the second configuration, the third is added outside.
type manyMembers struct {
	attribute string
	// configure returns a configuration with these members.
	configure func(w *world, members ...string) map[string]any
	members   func(w *world) []string
	add       func(t *testing.T, w *world, member string)
	present   func(t *testing.T, w *world) []string
}

// post writes past the provider.
func (w *world) post(t testing.TB, path string, body map[string]any) {
	t.Helper()
	w.postBelow(t, "/organization", path, body)
}

// postBelow is post for paths that are not below /organization.
func (w *world) postBelow(t testing.TB, root, path string, body map[string]any) {
	t.Helper()
	encoded, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, w.direct.URL+"/v1"+root+path, bytes.NewReader(encoded))
	if err != nil {
		t.Fatal(err)
	}
	if status := w.do(t, req, &map[string]any{}); status != http.StatusOK {
		t.Fatalf("%s answers %d", path, status)
	}
}

// removals are the writes of the provider that remove something.
func (w *world) removals() (found []string) {
	for _, e := range w.journal.writes() {
		if e.method == http.MethodDelete || strings.HasSuffix(e.path, "/deactivate") || strings.HasSuffix(e.path, "/archive") {
			found = append(found, e.method+" "+e.path)
		}
	}
	return found
}

// setCase is a world with a set, and its three members.
type setCase struct {
	manyMembers
	*world
	typeName string
	all      []string
}

func eachSet(t *testing.T, test func(t *testing.T, s setCase)) {
	for _, s := range subjectsOf(set) {
		t.Run(s.typeName, func(t *testing.T) {
			t.Parallel()
			w := newWorldOf(t, "third-1@example.com")
			w.third = w.make(t, "/projects", map[string]any{"name": "third"})
			w.certificates = append(w.certificates, w.make(t, "/certificates", map[string]any{"certificate": w.authority, "name": "third"}))
			described := specialOf(s.typeName).set
			if described == nil {
				t.Fatal("the set is not described")
			}
			test(t, setCase{*described, w, s.typeName, described.members(w)})
		})
	}
}

func (s setCase) expect(t *testing.T, members ...string) {
	t.Helper()
	if found := slices.Sorted(slices.Values(s.present(t, s.world))); !slices.Equal(found, slices.Sorted(slices.Values(members))) {
		t.Errorf("the set has %q, expected %q", found, members)
	}
}

func (s setCase) expectState(t *testing.T, object *acctest.Object, members ...string) {
	t.Helper()
	if found := slices.Sorted(slices.Values(object.Texts(s.attribute))); !slices.Equal(found, slices.Sorted(slices.Values(members))) {
		t.Errorf("state has %q, expected %q", found, members)
	}
}

// apply applies without a refresh.
func (s setCase) apply(t *testing.T, prior *acctest.Object, configured map[string]any, options ...acctest.PlanOption) *acctest.Object {
	t.Helper()
	object, _ := mustApply(t, s.world, subject{typeName: s.typeName}, prior, configured, options...)
	return object
}

func (s setCase) refresh(t *testing.T, object *acctest.Object) *acctest.Object {
	t.Helper()
	object, diags := s.driver(t).Refresh(t, object)
	if hasError(diags) {
		t.Fatal(diags[0].Summary, diags[0].Detail)
	}
	return object
}

// A create only adds. The next refresh shows the other members of the set, and
// the plan that shows them removes them.
func TestSetCreateOnlyAdds(t *testing.T) {
	eachSet(t, func(t *testing.T, s setCase) {
		first, second, third := s.all[0], s.all[1], s.all[2]
		s.add(t, s.world, second)
		s.add(t, s.world, third)
		config := s.configure(s.world, first)
		text := detailsOf(existingWarnings(s.driver(t).Warnings(t, s.typeName, nil, config)))
		for _, word := range []string{second, third, "only adds", "the next plan shows"} {
			if !strings.Contains(text, word) {
				t.Errorf("the plan does not say %q:\n%s", word, text)
			}
		}
		object := s.apply(t, nil, config)
		s.expect(t, first, second, third)
		s.expectState(t, object, first)
		if removed := s.removals(); len(removed) > 0 {
			t.Errorf("a create removes: %q", removed)
		}

		object = s.refresh(t, object)
		s.expectState(t, object, first, second, third)
		plan := s.driver(t).Plan(t, s.typeName, object, config)
		if plan.Failed() {
			t.Fatal(plan.Diagnostics[0])
		}
		s.expectState(t, plan.Planned(), first)
		object = s.apply(t, object, config)
		s.expect(t, first)
		if pending, err := s.driver(t).Pending(t, s.typeName, object, config); err != nil || pending {
			t.Errorf("the next plan is not empty: %v", err)
		}
	})
}

// A member added between the refresh and the apply is in no plan, so it stays.
func TestSetChangesRemoveOnlyWhatThePlanShows(t *testing.T) {
	for name, targeted := range map[string]bool{"update": false, "destroy": true} {
		t.Run(name, func(t *testing.T) {
			eachSet(t, func(t *testing.T, s setCase) {
				first, second, third := s.all[0], s.all[1], s.all[2]
				object := s.refresh(t, s.apply(t, nil, s.configure(s.world, first)))
				s.add(t, s.world, third)
				var target map[string]any
				if !targeted {
					target = s.configure(s.world, second)
				}
				object = s.apply(t, object, target)
				if targeted {
					s.expect(t, third)
					return
				}
				s.expect(t, second, third)
				s.expectState(t, object, second)
				object = s.refresh(t, object)
				s.expectState(t, object, second, third)
				object = s.apply(t, object, target)
				s.expect(t, second)
				s.expectState(t, object, second)
			})
		})
	}
}

// A list that does not show new members yet hides none of them: they stay in
// state, and the requests that remove them from the set are sent.
func TestSetHidesNewMembers(t *testing.T) {
	eachSet(t, func(t *testing.T, s setCase) {
		first, second := s.all[0], s.all[1]
		lag := func() {
			s.lab.Set(faultinjection.Plan{Rules: []faultinjection.Rule{{Fault: faultinjection.ListLag, For: time.Minute}}})
		}
		passes := func(d time.Duration) {
			s.clock.Advance(d)
			s.lab.Set(faultinjection.Plan{})
		}
		lag()
		object, said := s.driver(t).Refresh(t, s.apply(t, nil, s.configure(s.world, first)))
		s.expectState(t, object, first)
		if !strings.Contains(texts(said), first) {
			t.Errorf("that a hidden member is kept is not said: %s", texts(said))
		}
		passes(2 * time.Minute)
		s.expect(t, first)

		// Long after the create, an update is young as well.
		passes(time.Hour)
		object = s.refresh(t, object)
		lag()
		object = s.refresh(t, s.apply(t, object, s.configure(s.world, first, second)))
		s.expectState(t, object, first, second)
		object = s.apply(t, object, s.configure(s.world, first))
		passes(2 * time.Minute)
		s.expect(t, first)

		lag()
		object = s.apply(t, object, s.configure(s.world, first, second))
		if left := s.apply(t, s.refresh(t, object), nil); left != nil {
			t.Errorf("state after the destroy: %s", left)
		}
		passes(2 * time.Minute)
		s.expect(t)
		if s.lab.Struck() == 0 {
			t.Error("no list has lagged")
		}

		// A member that an old set does not show was removed.
		object = s.apply(t, nil, s.configure(s.world, first, second))
		s.apply(t, s.refresh(t, object), s.configure(s.world, second))
		passes(10 * time.Minute)
		s.expectState(t, s.refresh(t, object), second)
	})
}

// Members that came into the set before an error are named.
func TestSetNamesWhatPrecedesAnError(t *testing.T) {
	eachSet(t, func(t *testing.T, s setCase) {
		if s.typeName != "openai_group_members" {
			return // one request adds all of them or none
		}
		s.lab.Set(faultinjection.Plan{Rules: []faultinjection.Rule{{Method: "POST", Fault: faultinjection.Status, Status: 403, Skip: 1}}})
		object, diags := s.driver(t).Apply(t, s.typeName, nil, s.configure(s.world, s.all[0], s.all[1]))
		present := words(s.list(t, "/groups/"+s.crew+"/users?limit=100"), all, "id")
		if object != nil || len(present) != 1 || !strings.Contains(texts(diags), present[0]) {
			t.Errorf("state %s, the set has %q: %s", object, present, texts(diags))
		}
	})
}

// A member removed outside Terraform since the refresh is no error.
func TestSetRemovedOutside(t *testing.T) {
	eachSet(t, func(t *testing.T, s setCase) {
		object := s.refresh(t, s.apply(t, nil, s.configure(s.world, s.all...)))
		other := s.apply(t, nil, s.configure(s.world, s.all...)) // another configuration
		s.apply(t, s.refresh(t, other), s.configure(s.world, s.all[2]))
		object = s.apply(t, object, s.configure(s.world, s.all[1], s.all[2]))
		s.expect(t, s.all[1:]...)
		s.apply(t, object, nil)
		s.expect(t)
	})
}

// A replacement that is created first removes in the end the members that its
// plan shows, and none that were added meanwhile.
func TestSetReplacementCreatedFirst(t *testing.T) {
	eachSet(t, func(t *testing.T, s setCase) {
		first, second, third := s.all[0], s.all[1], s.all[2]
		object := s.refresh(t, s.apply(t, nil, s.configure(s.world, first)))
		s.add(t, s.world, third)
		object, diags := mustApply(t, s.world, subject{typeName: s.typeName}, object, s.configure(s.world, second), acctest.ForceReplace, acctest.CreateBeforeDestroy)
		s.expect(t, second, third)
		s.expectState(t, object, second)
		if !slices.Contains(summaries(diags, tfprotov6.DiagnosticSeverityWarning), keptSummary) {
			t.Errorf("that the set stays is not said: %v", diags)
		}
	})
}

// Every set is tested.
func TestEverySetIsDescribed(t *testing.T) {
	for name, k := range kinds {
		if described := specialOf(name).set != nil; described != (k == set) {
			t.Errorf("%s is a %s, members are described: %t", name, k, described)
		}
	}
}
