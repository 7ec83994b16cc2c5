package faults_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/faultinjection"
	"github.com/allthingsai/terraform-provider-openai/internal/provider"
)

// timed is a configuration whose operations may take this long each.
func timed(configured map[string]any, longest string) map[string]any {
	configured = maps.Clone(configured)
	configured["timeouts"] = map[string]any{"create": longest, "read": longest, "update": longest, "delete": longest}
	return configured
}

// A change of the timeouts alone is planned in place and sends nothing. A state
// without them, and one with those of another provider, is read as it is.
func TestTimeoutsSendNothing(t *testing.T) {
	for _, s := range subjects {
		t.Run(s.typeName, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			p := newProxy(t, w)
			config := s.first(w)
			object, diags := p.driver(t).Apply(t, s.typeName, nil, timed(config, "10m"))
			if hasError(diags) {
				t.Fatal(texts(diags))
			}
			if !strings.Contains(string(object.JSON(t)), `"timeouts":{"create":"10m","delete":"10m","read":"10m","update":"10m"}`) {
				t.Errorf("the state has no timeouts: %s", object)
			}
			object, diags = p.driver(t).Refresh(t, object)
			if len(diags) > 0 {
				t.Fatal(texts(diags))
			}
			if pending, err := p.driver(t).Pending(t, s.typeName, object, timed(config, "10m")); pending || err != nil {
				t.Errorf("the second plan is not empty: %v", err)
			}
			var requests atomic.Int64
			p.set(func(*http.Request) { requests.Add(1) }, nil)
			silent := p.driver(t).Plan(t, s.typeName, object, timed(config, "10m")).Warnings()
			planning := requests.Swap(0)
			for name, next := range map[string]map[string]any{"others": timed(config, "1h"), "none": config} {
				d := p.driver(t)
				plan := d.Plan(t, s.typeName, object, next)
				if plan.Action != acctest.ActionUpdate || !slices.Equal(plan.ChangedPaths, []string{"timeouts"}) {
					t.Fatalf("%s: %s of %q is planned: %s", name, plan.Action, plan.ChangedPaths, texts(plan.Diagnostics))
				}
				if warnings := plan.Warnings(); !slices.Equal(warnings, silent) {
					t.Errorf("%s: the plan warns: %v", name, warnings)
				}
				d = p.driver(t)
				changed, diags := d.ApplyPlan(t, plan)
				// Terraform plans once more while it applies.
				if sent := requests.Swap(0); len(diags) > 0 || sent != 2*planning {
					t.Errorf("%s: %d requests, and %d to plan no change: %s", name, sent, planning, texts(diags))
				}
				if differences := changed.Differences(t, object); !slices.Equal(differences, []string{"timeouts"}) {
					t.Errorf("%s: %q changed", name, differences)
				}
				if changed, diags = d.Refresh(t, changed); len(diags) > 0 {
					t.Errorf("%s: %s", name, texts(diags))
				}
				if pending, err := p.driver(t).Pending(t, s.typeName, changed, next); pending || err != nil {
					t.Errorf("%s: the plan after it is not empty: %v", name, err)
				}
				requests.Store(0)
			}
			written := w.journal.writes()
			for name, timeouts := range map[string]string{"a state without them": ``, "no text": `"10m"`, "a list": `[{"create":"1m"}]`, "none": `null`, "part of them": `{"create":"10m","default":"1s"}`} {
				var values map[string]json.RawMessage
				if err := json.Unmarshal(object.JSON(t), &values); err != nil {
					t.Fatal(err)
				}
				delete(values, "timeouts")
				next := config
				if timeouts != "" {
					values["timeouts"] = json.RawMessage(timeouts)
				}
				if name == "part of them" {
					next = maps.Clone(config)
					next["timeouts"] = map[string]any{"create": "10m"}
				}
				state, err := json.Marshal(values)
				if err != nil {
					t.Fatal(err)
				}
				for version := range provider.Traits(s.typeName).Schema.Version + 1 {
					d := p.driver(t)
					upgraded, diags := d.FromForeignState(t, s.typeName, version, state)
					if len(diags) > 0 {
						t.Fatalf("%s, version %d: %s", name, version, texts(diags))
					}
					if upgraded, diags = d.Refresh(t, upgraded); hasError(diags) {
						t.Fatalf("%s, version %d: %s", name, version, texts(diags))
					}
					if pending, err := p.driver(t).Pending(t, s.typeName, upgraded, next); pending || err != nil {
						t.Errorf("%s, version %d: the plan is not empty: %v", name, version, err)
					}
				}
			}
			if more := w.unexpectedWrites(len(written)); more != "" {
				t.Errorf("unexpected writes:\n%s", more)
			}
		})
	}
}

// An operation that the API throttles without end is an error when its time is
// up. Nothing has changed then, and the next apply succeeds.
func TestThrottledOperationsTimeOut(t *testing.T) {
	const longest = 2 * time.Minute
	for _, s := range subjects {
		for _, op := range operations {
			t.Run(s.typeName+", "+op.name, func(t *testing.T) {
				t.Parallel()
				w := newWorld(t)
				var object *acctest.Object
				if op.begins {
					var err error
					if object, err = w.apply(t, s, nil, timed(s.first(w), "0d"+longest.String())); err != nil {
						t.Fatal(err)
					}
				}
				before, prior := s.found(t, w), object.String()
				target := op.target(s, w)
				if target != nil {
					target = timed(target, "0d"+longest.String())
				}
				throttled := faultinjection.Rule{Fault: faultinjection.Status, Status: http.StatusTooManyRequests}
				methods := []string{http.MethodPost, http.MethodDelete}
				if op.name == "read" {
					methods = []string{http.MethodGet}
				}
				var plan faultinjection.Plan
				for _, throttled.Method = range methods {
					plan.Rules = append(plan.Rules, throttled)
				}
				w.lab.Set(plan)
				began := w.clock.Now()
				d := w.driver(t)
				operate := func() (*acctest.Object, []*tfprotov6.Diagnostic) { return d.Apply(t, s.typeName, object, target) }
				if op.name == "read" {
					operate = func() (*acctest.Object, []*tfprotov6.Diagnostic) { return d.Refresh(t, object) }
				}
				result, diags := operate()
				if took := w.clock.Now().Sub(began); took < longest || took > longest+time.Second {
					t.Errorf("it took %s", took)
				}
				said := texts(diags)
				if !hasError(diags) || !strings.Contains(said, "timed out after 2m0s (timeouts.") || !strings.Contains(said, "while waiting for the rate limit of") {
					t.Errorf("the error does not say what it waited for: %s", said)
				}
				if err := w.complaints(diags); err != nil {
					t.Error(err)
				}
				if found := s.found(t, w); !slices.Equal(found, before) {
					t.Errorf("found %q, expected %q", found, before)
				}
				if op.name != "create" && result.String() != prior {
					t.Errorf("state is %s, expected %s", result, prior)
				}
				w.lab.Set(faultinjection.Plan{})
				if result, err := w.apply(t, s, result, target); err != nil {
					t.Errorf("the next apply: %v, %s", err, result)
				}
				if found := s.found(t, w); !slices.Equal(found, op.want(s)) {
					t.Errorf("found %q, expected %q", found, op.want(s))
				}
			})
		}
	}
}

// A write is under way when the time of its operation is up. An answer within 30
// seconds reaches state, and without one the outcome is unknown.
func TestWritesThatTimeOut(t *testing.T) {
	at := 0
	for _, s := range subjects {
		for _, op := range operations {
			for _, age := range []time.Duration{29 * time.Second, 31 * time.Second} {
				if at++; op.name == "read" || op.name != "create" && at%writeShare() != 0 {
					continue
				}
				t.Run(fmt.Sprintf("%s, %s, %s", s.typeName, op.name, age), func(t *testing.T) {
					t.Parallel()
					w := newWorld(t)
					p := newProxy(t, w)
					var object *acctest.Object
					if op.begins {
						var err error
						if object, err = w.apply(t, s, nil, timed(s.first(w), "1m")); err != nil {
							t.Fatal(err)
						}
					}
					var once atomic.Bool
					p.set(nil, func(r *http.Request, _ *httptest.ResponseRecorder, _ http.ResponseWriter) bool {
						if r.Method == http.MethodGet || once.Swap(true) {
							return false
						}
						set := w.clock.NextAlarm()
						w.clock.Advance(time.Minute)
						<-set // the client has seen that the time is up
						w.clock.Advance(age)
						if age > 30*time.Second {
							<-r.Context().Done() // it waits no longer
							return true
						}
						return false
					})
					target := op.target(s, w)
					if target != nil {
						target = timed(target, "1m")
					}
					result, diags := p.driver(t).Apply(t, s.typeName, object, target)
					said := texts(diags)
					switch {
					case !once.Load():
						t.Fatalf("nothing was written: %s", said)
					case age > 30*time.Second && (!hasError(diags) || !strings.Contains(said, "timed out after 1m0s (timeouts.") || !isUnknownOutcome(said)):
						t.Errorf("the error does not say what is known: %s", said)
					case age < 30*time.Second && op.name == "create" && len(p.unexplained(result, nil)) > 0:
						t.Errorf("%q are not in state: %s", p.unexplained(result, nil), said)
					case hasError(diags) && !strings.Contains(said, "timed out after 1m0s (timeouts."):
						t.Errorf("the error does not say that the time is up: %s", said)
					}
					if op.name == "create" {
						if err := p.settle(t, s, result, diags); err != nil {
							t.Error(err)
						}
						return
					}
					p.set(nil, nil)
					w.clock.Advance(10 * time.Minute)
					for range 2 {
						var err error
						if result, err = w.apply(t, s, result, op.target(s, w)); err != nil {
							t.Fatal(err)
						}
					}
				})
			}
		}
	}
}

// isUnknownOutcome reports whether a text has one of the messages of an unknown
// outcome.
func isUnknownOutcome(text string) bool {
	return slices.ContainsFunc([]string{"The response was lost", "returned no usable response", "may have been carried out", "secret is lost"}, func(part string) bool {
		return strings.Contains(text, part)
	})
}

// The search for the object of a lost create ends with the timeout of the
// create.
func TestSearchAfterALostCreateTimesOut(t *testing.T) {
	for _, s := range subjectsOf(serverNamed, secret) {
		t.Run(s.typeName, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.lab.Set(faultinjection.Plan{Rules: []faultinjection.Rule{{Method: http.MethodPost, Fault: faultinjection.GatewayTimeout, Delay: 20 * time.Minute}}})
			began := w.clock.Now()
			object, diags := w.driver(t).Apply(t, s.typeName, nil, timed(s.first(w), "20s"))
			if took := w.clock.Now().Sub(began); took != 20*time.Second {
				t.Errorf("it took %s", took)
			}
			said := texts(diags)
			if object != nil || !hasError(diags) || !strings.Contains(said, "The response was lost") || !strings.Contains(said, "timed out after 20s (timeouts.create)") {
				t.Errorf("%s: %s", object, said)
			}
			if err := w.complaints(diags); err != nil {
				t.Error(err)
			}
		})
	}
}

// Times that no operation can keep to are refused.
func TestInvalidTimeouts(t *testing.T) {
	w := newWorld(t)
	for _, s := range subjects {
		for _, longest := range []string{"10 minutes", "-1m", "0s", "", "0d", "1w", "soon"} {
			diags := w.driver(t).Validate(t, s.typeName, timed(s.first(w), longest))
			if len(diags) != 4 {
				t.Errorf("%s: %q: %s", s.typeName, longest, texts(diags))
			}
			for _, d := range diags {
				if !strings.HasPrefix(d.Attribute.String(), `AttributeName("timeouts").AttributeName(`) || !strings.Contains(d.Detail, "must be a duration such as") {
					t.Errorf("%s: %q: %s at %s", s.typeName, longest, d.Detail, d.Attribute)
				}
			}
		}
		for _, longest := range []string{"1h30m", "1d12h"} {
			if diags := w.driver(t).Validate(t, s.typeName, timed(s.first(w), longest)); len(diags) > 0 {
				t.Errorf("%s: %q: %s", s.typeName, longest, texts(diags))
			}
		}
	}
}
