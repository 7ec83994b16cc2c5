package faults_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/faultinjection"
)

// createPath is where objects of a type are created, as a pattern of the
// laboratory.
func createPath(typeName string) string {
	path := registered[typeName].Collection()
	if own := specialOf(typeName).createdIn; own != "" {
		path = own
	}
	return "/v1" + path
}

// lostCreates are the ways in which the answer to a create is lost.
func lostCreates(path string) map[string][]faultinjection.Rule {
	lag := faultinjection.Rule{Fault: faultinjection.ListLag, For: 2 * time.Second}
	at := func(rule faultinjection.Rule) faultinjection.Rule {
		rule.Method, rule.Path = http.MethodPost, path
		return rule
	}
	return map[string][]faultinjection.Rule{
		"reset after acting, lists lag": {lag, at(faultinjection.Rule{Fault: faultinjection.ResetAfter, Times: 1})},
		"502 after acting three times":  {at(faultinjection.Rule{Fault: faultinjection.StatusAfter, Status: 502, Times: 3})},
		"504, created after 500 ms":     {at(faultinjection.Rule{Fault: faultinjection.GatewayTimeout, Delay: 500 * time.Millisecond, Times: 1})},
		"504, created after 10 s":       {at(faultinjection.Rule{Fault: faultinjection.GatewayTimeout, Delay: 10 * time.Second, Times: 1})},
		"reset before acting":           {at(faultinjection.Rule{Fault: faultinjection.ResetBefore, Times: 1})},
		"503 before acting":             {at(faultinjection.Rule{Fault: faultinjection.Status, Status: 503, Times: 1})},
	}
}

// checkCreates checks the objects after a create with a lost answer: every new
// object is in state or named in a diagnostic, and every older object still
// exists.
func (w *world) checkCreates(t *testing.T, s subject, before inventory, object *acctest.Object, said string) {
	t.Helper()
	after, _ := w.inventory(t)
	for path := range before {
		if !after[path] {
			t.Errorf("%s was deleted", path)
		}
	}
	unknown := 0
	for _, path := range after.added(before) {
		id := path[strings.LastIndex(path, "/")+1:]
		switch {
		case object != nil && object.Attribute(idName(object)) == id:
		case strings.Contains(said, id):
		case kinds[s.typeName] == secret && strings.Contains(said, "may exist whose secret is lost"):
			unknown++
		case s.typeName == "openai_project" || !strings.Contains(path, "/"+collectionOf(s)+"/"):
			// objects that come with the object, such as its people
		default:
			t.Errorf("%s is in no state and not named: %s", path, said)
		}
	}
	if unknown > 1 {
		t.Errorf("%d keys without an owner", unknown)
	}
}

func collectionOf(s subject) string {
	path := createPath(s.typeName)
	return path[strings.LastIndex(path, "/")+1:]
}

// A create whose answer is lost leaves one object, in state; or no object in
// state, and a diagnostic that names each object that may be the created one.
// Nothing that existed before is deleted or adopted.
func TestLostCreates(t *testing.T) {
	t.Parallel()
	for _, s := range subjectsOf(serverNamed, secret) {
		for name, rules := range lostCreates(createPath(s.typeName)) {
			for _, skew := range []time.Duration{0, 10 * time.Minute, -10 * time.Minute} {
				if skew != 0 && (strings.Contains(name, "before") || strings.Contains(name, "10 s")) {
					continue // the same for all clocks
				}
				t.Run(fmt.Sprintf("%s, %s, clock %s", s.typeName, name, skew), func(t *testing.T) {
					t.Parallel()
					w := newWorld(t)
					before, _ := w.inventory(t)
					w.lab.Set(faultinjection.Plan{Rules: rules})
					d := w.driverAt(t, w.faulty.URL+"/v1", skewed{w.clock, skew})
					object, diags := d.Apply(t, s.typeName, nil, s.first(w))
					said := texts(diags)
					if w.lab.Struck() == 0 {
						t.Fatal("no fault has struck")
					}
					if object == nil && !hasError(diags) {
						t.Error("no object and no error")
					}
					w.clock.Advance(10 * time.Minute)
					w.checkCreates(t, s, before, object, said)
					if kinds[s.typeName] == serverNamed {
						if after, _ := w.inventory(t); countOf(after.added(before), s) > 1 {
							t.Errorf("%d objects", countOf(after.added(before), s))
						}
					}
				})
			}
		}
	}
}

func countOf(added []string, s subject) int {
	count := 0
	for _, path := range added {
		parent, _, _ := cutLast(path)
		if strings.HasSuffix(parent, "/"+collectionOf(s)) {
			count++
		}
	}
	return count
}

func cutLast(path string) (parent, id string, ok bool) {
	at := strings.LastIndex(path, "/")
	if at < 0 {
		return path, "", false
	}
	return path[:at], path[at+1:], true
}

// skewed is a clock that differs from the server's.
type skewed struct {
	*acctest.Clock
	by time.Duration
}

func (s skewed) Now() time.Time { return s.Clock.Now().Add(s.by) }

// A request that never arrived adopts and revokes nothing, although another
// client created an equal object a minute before.
func TestLostCreates_equalObjectOfOthers(t *testing.T) {
	t.Parallel()
	for _, s := range subjectsOf(serverNamed, secret) {
		for name, rule := range map[string]faultinjection.Rule{
			"reset": {Fault: faultinjection.ResetBefore}, "502": {Fault: faultinjection.Status, Status: 502}, "503": {Fault: faultinjection.Status, Status: 503},
		} {
			t.Run(s.typeName+", "+name, func(t *testing.T) {
				t.Parallel()
				w := newWorld(t)
				others, err := w.apply(t, s, nil, s.first(w))
				if err != nil {
					t.Fatal(err)
				}
				id := others.Attribute(idName(others))
				w.clock.Advance(time.Minute)
				before, _ := w.inventory(t)
				rule.Method, rule.Path, rule.Times = http.MethodPost, createPath(s.typeName), 1
				w.lab.Set(faultinjection.Plan{Rules: []faultinjection.Rule{rule}})
				object, diags := w.driver(t).Apply(t, s.typeName, nil, s.first(w))
				if object != nil && object.Attribute(idName(object)) == id {
					t.Errorf("adopted the object of others: %s", texts(diags))
				}
				w.checkCreates(t, s, before, object, texts(diags))
			})
		}
	}
}

// With two candidates nothing is adopted: the error names both with import
// blocks, and the address can be planned, imported and destroyed.
func TestLostCreates_twoCandidates(t *testing.T) {
	t.Parallel()
	for _, s := range subjectsOf(serverNamed) {
		if specialOf(s.typeName).uniqueName {
			continue // the API refuses a second equal object
		}
		t.Run(s.typeName, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.lab.Set(faultinjection.Plan{Rules: []faultinjection.Rule{{Fault: faultinjection.GatewayTimeout, Method: http.MethodPost, Path: createPath(s.typeName), Delay: 2 * time.Second, Times: 1}}})
			var others *acctest.Object
			w.clock.AfterFunc(time.Second, func() {
				d := w.driverAt(t, w.direct.URL+"/v1", acctest.NewClock())
				others, _ = d.Apply(t, s.typeName, nil, s.first(w))
			})
			object, diags := w.driver(t).Apply(t, s.typeName, nil, s.first(w))
			said := texts(diags)
			if object != nil || !hasError(diags) || others == nil {
				t.Fatalf("state %s: %s", object, said)
			}
			if n := len(importBlock.FindAllString(said, -1)); n < 2 {
				t.Errorf("%d import blocks: %s", n, said)
			}
			if planned := w.driver(t).Plan(t, s.typeName, nil, s.first(w)); planned.Failed() {
				t.Error("the next plan fails: ", texts(planned.Diagnostics))
			}
			for _, block := range importBlock.FindAllStringSubmatch(said, -1) {
				found, diags := w.driver(t).ImportID(t, block[1], block[2])
				if found == nil || hasError(diags) {
					t.Fatalf("import %s: %s", block[2], texts(diags))
				}
				if found.Attribute(idName(found)) == others.Attribute(idName(others)) {
					continue
				}
				if left, diags := w.driver(t).Apply(t, s.typeName, found, nil); left != nil || hasError(diags) {
					t.Errorf("destroy: %s", texts(diags))
				}
			}
			if after, _ := w.inventory(t); !after.has(others.Attribute(idName(others))) {
				t.Error("the object of others was destroyed")
			}
		})
	}
}

// A setting is read when the last attempt to write it was carried out, too:
// where it has the planned values, the write succeeded.
func TestLostWrites(t *testing.T) {
	t.Parallel()
	for _, s := range subjectsOf(removable, permanent, membership, set) {
		if len(registered[s.typeName].Paths) > 1 {
			continue // several requests: an invitation has an id of its own, and a role is given by the second one
		}
		t.Run(s.typeName, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			d := w.driverAt(t, w.faulty.URL+"/v1", w.clock)
			steps := []map[string]any{s.first(w), s.second(w)}
			if kinds[s.typeName] == set {
				steps = steps[:1] // a set that had other members is not as planned: an error names the lost members
			}
			for step, configured := range steps {
				w.lab.Set(faultinjection.Plan{Rules: []faultinjection.Rule{{Fault: faultinjection.ResetAfter, Method: http.MethodPost, Times: 100}}})
				object, diags := d.Apply(t, s.typeName, nil, configured)
				if w.lab.Struck() == 0 || object == nil || hasError(diags) {
					t.Fatalf("step %d, after %d lost answers: %s", step, w.lab.Struck(), texts(diags))
				}
				w.lab.Set(faultinjection.Plan{})
				if refreshed, plan := refreshedPlan(t, d, s, object, configured); plan.Action != acctest.ActionNoOp {
					t.Errorf("step %d: the plan after it is %q %v: %s", step, plan.Action, plan.ChangedPaths, refreshed)
				}
			}
		})
	}
}

func refreshedPlan(t *testing.T, d *acctest.Driver, s subject, object *acctest.Object, configured map[string]any) (*acctest.Object, *acctest.Plan) {
	t.Helper()
	refreshed, diags := d.Refresh(t, object)
	if hasError(diags) {
		t.Fatal(texts(diags))
	}
	return refreshed, d.Plan(t, s.typeName, refreshed, configured)
}
