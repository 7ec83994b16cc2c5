package faults_test

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/faultinjection"
)

// lateFaults are faults that are seen in later answers than the one they strike.
func lateFaults() map[string]faultinjection.Rule {
	return map[string]faultinjection.Rule{
		"lists lag by requests":          {Fault: faultinjection.ListLag, Count: 3},
		"lists lag for 2 s":              {Fault: faultinjection.ListLag, For: 2 * time.Second},
		"lists lag for 20 s":             {Fault: faultinjection.ListLag, For: 20 * time.Second},
		"404 and missing for 20 s":       {Fault: faultinjection.LateVisibility, Lists: true, For: 20 * time.Second},
		"404 for 60 s":                   {Fault: faultinjection.LateVisibility, For: time.Minute},
		"deletions show for 2 requests":  {Fault: faultinjection.LateDeletion, Count: 2},
		"deletions show for 10 s":        {Fault: faultinjection.LateDeletion, For: 10 * time.Second},
		"an old value for 2 requests":    {Fault: faultinjection.StaleRead, Count: 2},
		"an old value for 10 s":          {Fault: faultinjection.StaleRead, For: 10 * time.Second},
		"504, carried out after 500 ms":  {Fault: faultinjection.GatewayTimeout, Method: "POST", Delay: 500 * time.Millisecond},
		"502, carried out after 2 s":     {Fault: faultinjection.GatewayTimeout, Method: "POST", Status: 502, Delay: 2 * time.Second},
		"504, carried out after 10 s":    {Fault: faultinjection.GatewayTimeout, Method: "POST", Delay: 10 * time.Second},
		"an item added to a list":        {Fault: faultinjection.ListItemAdded},
		"an item removed from a list":    {Fault: faultinjection.ListItemRemoved},
		"an item repeated in a list":     {Fault: faultinjection.ListItemRepeated},
		"a list reordered":               {Fault: faultinjection.ListReordered},
		"pages that point at each other": {Fault: faultinjection.ListCursorLoop},
		"a list without end":             {Fault: faultinjection.ListWithoutEnd},
	}
}

// oddHints are Retry-After headers that a client must not follow.
func oddHints() map[string]faultinjection.Rule {
	rules := map[string]faultinjection.Rule{}
	for _, value := range []string{"Inf", "-Inf", "NaN", "1e300", "-5", "0", "86400", " ", "soon", "Thu, 01 Jan 1970 00:00:00 GMT", "9223372036854775807"} {
		rules["Retry-After "+value] = faultinjection.Rule{Fault: faultinjection.Status, Status: 429, RetryAfter: value}
		rules["Retry-After-Ms "+value] = faultinjection.Rule{Fault: faultinjection.Status, Status: 429, RetryAfterMs: value}
		rules["503, Retry-After "+value] = faultinjection.Rule{Fault: faultinjection.Status, Status: 503, RetryAfter: value}
	}
	return rules
}

// combined are faults that meet in one operation.
func combined() map[string][]faultinjection.Rule {
	lag := faultinjection.Rule{Fault: faultinjection.ListLag, For: 2 * time.Second}
	hidden := faultinjection.Rule{Fault: faultinjection.LateVisibility, Lists: true, For: 20 * time.Second}
	lost := faultinjection.Rule{Fault: faultinjection.ResetAfter, Method: http.MethodPost, Times: 1}
	gateway := faultinjection.Rule{Fault: faultinjection.GatewayTimeout, Method: http.MethodPost, Delay: 2 * time.Second, Times: 1}
	return map[string][]faultinjection.Rule{
		"lists lag, the answer is lost":                 {lag, lost},
		"lists lag, 502 after acting":                   {lag, {Fault: faultinjection.StatusAfter, Status: 502, Times: 1}},
		"lists lag, 502 after acting three times":       {lag, {Fault: faultinjection.StatusAfter, Status: 502, Times: 3}},
		"lists lag, half an answer":                     {lag, {Fault: faultinjection.TruncatedJSON, Method: http.MethodPost, Times: 1}},
		"lists lag, a gateway gives up":                 {lag, gateway},
		"404 for 20 s, the answer is lost":              {hidden, lost},
		"404 for 20 s, a gateway gives up":              {hidden, gateway},
		"the answer is lost, the list is HTML":          {lost, {Fault: faultinjection.HTML, Method: http.MethodGet, Times: 1}},
		"the answer is lost, the list changes":          {lost, {Fault: faultinjection.ListItemRemoved, Times: 1}},
		"the answer is lost, pages point at each other": {lost, {Fault: faultinjection.ListCursorLoop, Times: 1}},
		"the answer is lost, 429":                       {lost, {Fault: faultinjection.Status, Status: 429, Times: 2}},
		"429, the answer is lost":                       {{Fault: faultinjection.Status, Status: 429, Times: 1}, lost},
		"503, then a gateway gives up":                  {{Fault: faultinjection.Status, Status: 503, Times: 1}, gateway},
		"two answers are lost":                          {{Fault: faultinjection.ResetAfter, Times: 2}},
		"late deletion, the answer is lost":             {{Fault: faultinjection.LateDeletion, For: 10 * time.Second}, {Fault: faultinjection.ResetAfter, Times: 1}},
	}
}

// TestLateMatrix is the matrix of faults that other answers show than the ones
// that they strike, of odd hints and of two faults in one operation: after the
// faults have ended, the organization holds the configured objects, and every
// other one is named in a diagnostic.
func TestLateMatrix(t *testing.T) {
	rules := map[string][]faultinjection.Rule{}
	for _, more := range []map[string]faultinjection.Rule{lateFaults(), oddHints()} {
		for name, rule := range more {
			rule.Times = 1
			rules[name] = []faultinjection.Rule{rule}
		}
	}
	maps.Copy(rules, combined())
	every := slices.Clone(operations)
	every = append(every, operation{name: "create again", target: operations[0].target, want: operations[0].want})
	every = append(every, operation{name: "plan", target: operations[0].target, want: operations[0].want})
	var cases, struck, violations atomic.Int64
	at := 0
	t.Run("case", func(t *testing.T) {
		for _, s := range subjects {
			for _, op := range every {
				if op.name == "create again" && specialOf(s.typeName).cannotReturn {
					continue // a person who was removed has to be invited first
				}
				for _, name := range slices.Sorted(maps.Keys(rules)) {
					if at++; at%lateShare() != 0 {
						continue
					}
					t.Run(fmt.Sprintf("%s, %s, %s", s.typeName, op.name, name), func(t *testing.T) {
						t.Parallel()
						hits, err := runLate(t, s, op, rules[name])
						cases.Add(1)
						struck.Add(int64(hits))
						if err != nil {
							violations.Add(1)
							t.Error(err)
						}
					})
				}
			}
		}
	})
	fmt.Printf("late matrix: %d cases, %d faults, %d violations\n", cases.Load(), struck.Load(), violations.Load())
	if struck.Load() < cases.Load()/3 {
		t.Error("few faults have struck")
	}
}

// lateShare is share for the late matrix. The quick run takes a prime part, so
// that it meets every object and every fault.
func lateShare() int {
	if long() {
		return 1
	}
	return 61
}

// runLate plays one case.
func runLate(t testing.TB, s subject, op operation, rules []faultinjection.Rule) (struck int, violation error) {
	w := newWorld(t)
	var object *acctest.Object
	if op.begins || op.name == "create again" {
		var err error
		if object, err = w.apply(t, s, nil, s.first(w)); err != nil {
			return 0, fmt.Errorf("before any fault: %w", err)
		}
	}
	before, people := w.inventory(t)
	target := op.target(s, w)
	said := &strings.Builder{}
	w.lab.Set(faultinjection.Plan{Rules: rules})
	switch op.name {
	case "plan":
		w.journal.set(origin{"a", 0, planning})
		d := w.driverAt(t, w.faulty.URL+"/from/a/v1", w.clock)
		_ = w.say(said, d.Plan(t, s.typeName, nil, target).Diagnostics)
		w.lab.Set(faultinjection.Plan{})
	case "create again":
		if object, _ = w.applyAloud(t, s, object, nil, said); object != nil {
			object, _ = w.applyAloud(t, s, object, nil, said)
		}
	}
	if object, violation = w.applyAloud(t, s, object, target, said); errors.Is(violation, errBadDiagnostic) {
		return w.lab.Struck(), violation
	}
	w.lab.Set(faultinjection.Plan{})
	w.clock.Advance(time.Second)
	object, _ = w.applyAloud(t, s, object, target, said)
	struck = w.lab.Struck()
	w.clock.Advance(10 * time.Minute)
	for range 2 {
		object, violation = w.applyAloud(t, s, object, target, said)
		if violation != nil && object == nil && importBlock.MatchString(violation.Error()) {
			// The object of the first apply has the name: import it.
			w.said = violation.Error()
			if object, violation = w.followAdvice(t, s, nil); violation == nil {
				object, violation = w.applyAloud(t, s, object, target, said)
			}
		}
	}
	if violation != nil {
		return struck, fmt.Errorf("it still fails after the faults: %w", violation)
	}
	if target == nil && object != nil {
		return struck, errors.New("it is still in state")
	}
	if target != nil {
		if pending, err := w.driver(t).Pending(t, s.typeName, object, target); err != nil || pending {
			return struck, errors.Join(errors.New("the next plan is not empty"), err)
		}
	}
	after, _ := w.inventory(t)
	v := &verdicts{people: people, said: said.String()}
	problems := v.objects(before, after, []*acctest.Object{object})
	for _, e := range w.journal.writes() {
		if e.phase == planning {
			problems = append(problems, "a write while planning: "+e.method+" "+e.path)
		}
	}
	found := s.found(t, w)
	for _, want := range op.want(s) {
		if !slices.Contains(found, want) {
			problems = append(problems, fmt.Sprintf("found %q, expected %q", found, op.want(s)))
			break
		}
	}
	if len(after.added(before)) == 0 && len(found) > len(op.want(s)) && target == nil {
		problems = append(problems, fmt.Sprintf("found %q, expected %q", found, op.want(s)))
	}
	if len(problems) > 0 {
		return struck, errors.New(strings.Join(problems, "\n"))
	}
	return struck, nil
}

// applyAloud is apply that records the diagnostics.
func (w *world) applyAloud(t testing.TB, s subject, object *acctest.Object, target map[string]any, said *strings.Builder) (*acctest.Object, error) {
	d := w.driver(t)
	if object != nil {
		refreshed, diags := d.Refresh(t, object)
		if err := w.say(said, diags); err != nil {
			return object, err
		}
		object = refreshed
	}
	if object == nil && target == nil {
		return nil, nil
	}
	object, diags := d.Apply(t, s.typeName, object, target)
	return object, w.say(said, diags)
}

// say keeps diagnostics, checks them and returns the first error.
func (w *world) say(said *strings.Builder, diags []*tfprotov6.Diagnostic) error {
	for _, d := range diags {
		said.WriteString(d.Summary + ": " + d.Detail + "\n")
	}
	if err := w.complaints(diags); err != nil {
		return errors.Join(errBadDiagnostic, err)
	}
	for _, d := range diags {
		if d.Severity == tfprotov6.DiagnosticSeverityError {
			return errors.New(d.Summary + ": " + d.Detail)
		}
	}
	return nil
}

// A server that refuses or fails every request, with any hint, gets at most one
// request a second for each endpoint, and a refusal for longer than max_wait
// only one.
func TestHintsAreBounded(t *testing.T) {
	const maxWait = 20 * time.Second
	hints := oddHints()
	for value, rule := range map[string]faultinjection.Rule{"0.01": {RetryAfter: "0.01"}, "1 ms": {RetryAfterMs: "1"}, "19": {RetryAfter: "19"}, "60": {RetryAfter: "60"}} {
		rule.Fault, rule.Status = faultinjection.Status, http.StatusTooManyRequests
		hints["Retry-After "+value] = rule
		rule.Status = http.StatusServiceUnavailable
		hints["503, Retry-After "+value] = rule
	}
	beyond := func(rule faultinjection.Rule) bool {
		return slices.Contains([]string{"60", "86400"}, rule.RetryAfter) || rule.RetryAfterMs == "86400"
	}
	var cases, requests atomic.Int64
	at := 0
	t.Run("case", func(t *testing.T) {
		for _, s := range subjects {
			for _, op := range operations {
				for _, name := range slices.Sorted(maps.Keys(hints)) {
					if at++; at%lateShare() != 0 {
						continue
					}
					t.Run(fmt.Sprintf("%s, %s, %s", s.typeName, op.name, name), func(t *testing.T) {
						t.Parallel()
						w := newWorld(t)
						var object *acctest.Object
						if op.begins {
							var err error
							if object, err = w.apply(t, s, nil, s.first(w)); err != nil {
								t.Fatal(err)
							}
						}
						w.lab.Set(faultinjection.Plan{Rules: []faultinjection.Rule{hints[name]}})
						asked, err := w.refused(t, s, object, op.target(s, w), op.name == "read", maxWait)
						if err == nil {
							t.Error("no error")
						}
						for endpoint, times := range asked {
							requests.Add(int64(len(times)))
							for i := 1; i < len(times); i++ {
								if gap := times[i].Sub(times[i-1]); gap < time.Second {
									t.Errorf("%s after %s again", endpoint, gap)
								}
							}
							if strings.HasPrefix(name, "Retry-After") && beyond(hints[name]) && len(times) > 1 {
								t.Errorf("%s %d times", endpoint, len(times))
							}
						}
						cases.Add(1)
					})
				}
			}
		}
	})
	fmt.Printf("bounded hints: %d cases, %d requests\n", cases.Load(), requests.Load())
	if requests.Load() < cases.Load() {
		t.Error("few requests were refused")
	}
}

// refused reads an object, or brings it to a configuration without reading it
// first, at an API that refuses all, and returns when each endpoint was asked, and the error.
func (w *world) refused(t testing.TB, s subject, object *acctest.Object, target map[string]any, read bool, maxWait time.Duration) (asked map[string][]time.Time, err error) {
	var mu sync.Mutex
	asked = map[string][]time.Time{}
	front := httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		mu.Lock()
		endpoint := r.Method + " " + r.URL.Path
		asked[endpoint] = append(asked[endpoint], w.clock.Now())
		mu.Unlock()
		w.lab.ServeHTTP(out, r)
	}))
	defer front.Close()
	d := w.driverAt(t, front.URL+"/v1", w.clock, map[string]any{"max_wait": maxWait.String()})
	said := &strings.Builder{}
	if read {
		_, diags := d.Refresh(t, object)
		return asked, w.say(said, diags)
	}
	_, diags := d.Apply(t, s.typeName, object, target)
	return asked, w.say(said, diags)
}
