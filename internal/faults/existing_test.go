package faults_test

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/faultinjection"
)

// callerNamed are the subjects whose object the caller names, and those that
// the API refuses to create twice.
func callerNamed() []subject {
	found := subjectsOf(removable, permanent, membership, set)
	return append(found, slices.DeleteFunc(subjectsOf(serverNamed, secret), func(s subject) bool { return !refusesSecond(s.typeName) })...)
}

// An object that the caller names is read before it is overwritten or adopted.
func TestExisting_isRead(t *testing.T) {
	for _, s := range callerNamed() {
		if !registered[s.typeName].Existing {
			t.Errorf("a create of %s does not read what exists", s.typeName)
		}
	}
}

func existingWarnings(warnings []acctest.Warning) []acctest.Warning {
	return slices.DeleteFunc(warnings, func(w acctest.Warning) bool { return !strings.HasPrefix(w.Summary, "Existing ") })
}

func noPlanChecks() map[string]any { return map[string]any{"plan_checks": false} }

// quietDriver is a driver without optional plan checks.
func (w *world) quietDriver(t testing.TB) *acctest.Driver {
	return w.driverAt(t, w.faulty.URL+"/v1", w.clock, noPlanChecks())
}

// A create over an object that exists says so in the plan, with or without
// optional plan checks: the values that it overwrites, or that it adopts, and
// how to import the object.
func TestExisting_isSaid(t *testing.T) {
	covered := 0
	for _, s := range callerNamed() {
		words := specialOf(s.typeName).overwrites
		if words != nil {
			covered++
		}
		t.Run(s.typeName, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			if found := existingWarnings(w.quietDriver(t).Warnings(t, s.typeName, nil, s.first(w))); len(found) > 0 != specialOf(s.typeName).alwaysThere {
				t.Errorf("before anything is there: %+v", found)
			}
			// The state of another configuration has it.
			if _, err := w.apply(t, s, nil, s.first(w)); err != nil {
				t.Fatal(err)
			}
			before, mark := s.found(t, w), w.mark(t)
			adopted := existingWarnings(w.quietDriver(t).Warnings(t, s.typeName, nil, s.first(w)))
			if kinds[s.typeName] == permanent {
				if len(adopted) != 0 {
					t.Errorf("an equal setting is said to exist: %+v", adopted)
				}
			} else {
				w.checkExisting(t, s, adopted, "will be adopted", "Destroying the resource")
			}
			overwritten := existingWarnings(w.quietDriver(t).Warnings(t, s.typeName, nil, s.second(w)))
			if words == nil {
				if len(overwritten) != 0 {
					t.Errorf("another object is said to exist: %+v", overwritten)
				}
			} else {
				w.checkExisting(t, s, overwritten, words...)
			}
			if writes, _ := w.writes(t, mark); len(writes) > 0 {
				t.Errorf("planning writes: %q", writes)
			}
			if after := s.found(t, w); !slices.Equal(before, after) {
				t.Errorf("planning changes %q to %q", before, after)
			}
			// The object that this configuration holds is no news.
			object, err := w.apply(t, s, nil, s.first(w))
			if err != nil {
				t.Fatal(err)
			}
			object, _ = w.quietDriver(t).Refresh(t, object)
			for _, config := range []map[string]any{s.first(w), s.second(w), nil} {
				if found := existingWarnings(w.quietDriver(t).Warnings(t, s.typeName, object, config)); len(found) > 0 {
					t.Errorf("an object in state is said to exist: %+v", found)
				}
			}
		})
	}
	for _, s := range subjects {
		if s.special.overwrites != nil {
			covered--
		}
	}
	if covered != 0 {
		t.Errorf("the tests differ by %d from the subjects that overwrite something", covered)
	}
}

// checkExisting checks the one warning of the existing object.
func (w *world) checkExisting(t *testing.T, s subject, warnings []acctest.Warning, words ...string) {
	t.Helper()
	w.checkExistingOf(t, s, s.second(w), warnings, words...)
}

// checkExistingOf is checkExisting for an object that another configuration
// changes once it is imported.
func (w *world) checkExistingOf(t *testing.T, s subject, change map[string]any, warnings []acctest.Warning, words ...string) {
	t.Helper()
	if len(warnings) != 1 {
		t.Errorf("%d warnings: %+v", len(warnings), warnings)
		return
	}
	text := warnings[0].Summary + "\n" + warnings[0].Detail
	for _, word := range append(words, "import {\n  to = "+s.typeName+".NAME\n  id = \"") {
		if !strings.Contains(text, word) {
			t.Errorf("%q is not in:\n%s", word, text)
		}
	}
	// The block names the object: an import makes the create an update.
	_, rest, _ := strings.Cut(text, "id = \"")
	id, _, _ := strings.Cut(rest, "\"")
	d := w.quietDriver(t)
	object, diags := d.ImportID(t, s.typeName, id)
	if hasError(diags) || object == nil {
		t.Errorf("the import of %s fails: %+v", id, diags)
		return
	}
	if found := existingWarnings(d.Warnings(t, s.typeName, object, change)); len(found) > 0 {
		t.Errorf("after the import: %+v", found)
	}
}

// otherObject is another object of a subject's kind, named by the caller, with
// the same values.
func otherObject(w *world, s subject, project string) map[string]any {
	config := s.first(w)
	switch {
	case config["user_id"] == w.owner:
		config["user_id"] = w.member
	case config["user_id"] != nil:
		config["user_id"] = w.owner
	case config["email"] == "member@example.com":
		config["email"] = "owner@example.com"
	case config["email"] != nil:
		config["email"] = "grace@example.com"
	case config["group_id"] != nil:
		config["group_id"] = w.guild
		if s.typeName == "openai_project_group" {
			config["group_id"] = w.team
		}
	case config["project_id"] != nil:
		config["project_id"] = project
	case config["fine_tuned_model_checkpoint"] != nil:
		config["fine_tuned_model_checkpoint"] = w.checkpoint + "9"
	default:
		return nil
	}
	return config
}

// A replacement that moves to another object, which exists, overwrites or adopts
// that one: the plan says so, and says nothing when there is none.
func TestExisting_isSaidOfReplacements(t *testing.T) {
	for _, s := range callerNamed() {
		t.Run(s.typeName, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			project := w.make(t, "/projects", map[string]any{"name": "other"})
			other := otherObject(w, s, project)
			if other == nil {
				if strings.Contains(registered[s.typeName].Path(), "*") {
					t.Error("there is no other object")
				}
				return
			}
			object, err := w.apply(t, s, nil, s.first(w))
			if err != nil {
				t.Fatal(err)
			}
			options := [][]acctest.PlanOption{nil, {acctest.CreateBeforeDestroy}}
			for _, chosen := range options {
				p := w.quietDriver(t).Plan(t, s.typeName, object, other, chosen...)
				if !p.Action.Replaces() || p.Failed() {
					t.Fatalf("%s: %v", p.Action, p.Diagnostics)
				}
				if found := existingWarnings(p.Warnings()); len(found) > 0 != specialOf(s.typeName).alwaysThere {
					t.Errorf("before anything is there: %+v", found)
				}
			}
			// The state of another configuration has it, with other values.
			theirs := s.second(w)
			for _, name := range []string{"project_id", "group_id", "user_id", "email", "fine_tuned_model_checkpoint"} {
				if other[name] != nil {
					theirs[name] = other[name]
				}
			}
			if kinds[s.typeName] == membership {
				theirs = other
			}
			if _, err := w.apply(t, s, nil, theirs); err != nil {
				t.Fatal(err)
			}
			mark := w.mark(t)
			for _, chosen := range options {
				p := w.quietDriver(t).Plan(t, s.typeName, object, other, chosen...)
				w.checkExistingOf(t, s, other, existingWarnings(p.Warnings()))
			}
			if writes, _ := w.writes(t, mark); len(writes) > 0 {
				t.Errorf("planning writes: %q", writes)
			}
			// The object itself is no news to its own replacement.
			for _, chosen := range options {
				p := w.quietDriver(t).Plan(t, s.typeName, object, s.first(w), append(chosen, acctest.ForceReplace)...)
				if found := existingWarnings(p.Warnings()); len(found) > 0 {
					t.Errorf("an object in state is said to exist: %+v", found)
				}
			}
		})
	}
}

// Terraform plans the create of a replacement with create_before_destroy again
// while it applies, and shows nothing that distinguishes it from a new resource. The
// warning then says that the object may be the resource's own.
func TestExisting_isSaidWithReserveOfReplacementsCreatedFirst(t *testing.T) {
	for _, s := range callerNamed() {
		if refusesSecond(s.typeName) {
			continue // it cannot be created first
		}
		t.Run(s.typeName, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			object, _ := mustApply(t, w, s, nil, s.first(w))
			p := w.quietDriver(t).Plan(t, s.typeName, object, s.first(w), acctest.ForceReplace, acctest.CreateBeforeDestroy)
			if found := existingWarnings(p.Warnings()); p.Failed() || len(found) > 0 {
				t.Errorf("the plan says that an object in state exists: %v", p.Diagnostics)
			}
			_, diags := w.quietDriver(t).ApplyPlan(t, p)
			if hasError(diags) {
				t.Fatal(texts(diags))
			}
			for _, d := range diags {
				if strings.HasPrefix(d.Summary, "Existing ") && !strings.Contains(d.Detail, "may be the one that this resource manages already") {
					t.Errorf("%s\n%s", d.Summary, d.Detail)
				}
			}
		})
	}
}

func (w *world) mark(t testing.TB) int64 {
	t.Helper()
	_, last := w.writes(t, 0)
	return last
}

// namesOne reports whether a text names the project of a configuration, or,
// where it has none, the organization or something that is configured.
func namesOne(text string, configured map[string]any) bool {
	if project, ok := configured["project_id"].(string); ok {
		return strings.Contains(text, project)
	}
	return strings.Contains(text, "organization") || slices.ContainsFunc(slices.Collect(maps.Values(configured)), func(value any) bool {
		name, ok := value.(string)
		return ok && strings.Contains(text, name)
	})
}

// A read that fails is a warning: it is not known whether something will be
// overwritten. The create goes on.
func TestExisting_cannotBeRead(t *testing.T) {
	for _, s := range callerNamed() {
		t.Run(s.typeName, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.lab.Set(faultinjection.Plan{Rules: []faultinjection.Rule{{Method: http.MethodGet, Fault: faultinjection.Status, Status: http.StatusForbidden}}})
			configured := s.first(w)
			warnings := w.quietDriver(t).Warnings(t, s.typeName, nil, configured) // fails on an error
			if !slices.ContainsFunc(warnings, func(warning acctest.Warning) bool {
				return strings.HasPrefix(warning.Summary, "Cannot check whether "+s.typeName) && strings.Contains(warning.Detail, "not known") &&
					namesOne(warning.Detail, configured)
			}) {
				t.Errorf("nothing is said: %+v", warnings)
			}
			// An object that does not exist cannot be overwritten.
			w.lab.Set(faultinjection.Plan{Rules: []faultinjection.Rule{{Method: http.MethodGet, Fault: faultinjection.Status, Status: http.StatusNotFound}}})
			if warnings := w.quietDriver(t).Warnings(t, s.typeName, nil, s.first(w)); len(warnings) > 0 && !readsLists[s.typeName] {
				t.Errorf("a 404 is said: %+v", warnings)
			}
		})
	}
}

// readsLists are subjects that read a list of the organization, which the API
// never answers with 404.
var readsLists = map[string]bool{}

// The other plan warnings compare with the values that a create overwrites.
func TestExisting_isComparedByTheOtherWarnings(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for name, test := range map[string]struct{ config, larger map[string]any }{
		"openai_organization_spend_limit": {map[string]any{"threshold_usd": 50}, map[string]any{"threshold_usd": 5000}},
		"openai_project_spend_limit":      {map[string]any{"project_id": w.project, "threshold_usd": 50}, map[string]any{"project_id": w.project, "threshold_usd": 5000}},
	} {
		if _, err := w.apply(t, subject{typeName: name}, nil, test.config); err != nil {
			t.Fatal(err)
		}
		text := detailsOf(w.driver(t).Warnings(t, name, nil, test.larger))
		for _, word := range []string{"50 USD → 5,000 USD", "raised more than tenfold"} {
			if !strings.Contains(text, word) {
				t.Errorf("%s: %q is not in:\n%s", name, word, text)
			}
		}
	}
	// One who is an owner already does not become one.
	text := detailsOf(w.driver(t).Warnings(t, "openai_organization_member", nil, map[string]any{"email": "owner@example.com", "role": "owner"}))
	if strings.Contains(text, "becomes an owner") || !strings.Contains(text, "will be adopted") {
		t.Error(text)
	}
	text = detailsOf(w.driver(t).Warnings(t, "openai_organization_member", nil, map[string]any{"email": "member@example.com", "role": "owner"}))
	if !strings.Contains(text, "becomes an owner") || !strings.Contains(text, "role: reader → owner") {
		t.Error(text)
	}
}
