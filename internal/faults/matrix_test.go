package faults_test

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/faultinjection"
	"github.com/allthingsai/terraform-provider-openai/internal/provider"
)

// long says whether the whole matrix is wanted: make test-faults.
func long() bool { return os.Getenv("OPENAI_TEST_FAULTS") == "long" }

// share is the part of the cases that is run: all of them with make test, and
// one in so many in the inner loop, spread over everything.
func share() int {
	if long() || os.Getenv("TF_ACC") != "" {
		return 1
	}
	return 6
}

// faults are the rules that every operation meets. A server that has acted
// does not answer 429, which says that it has not.
func faults() map[string]faultinjection.Rule {
	rules := map[string]faultinjection.Rule{
		"latency":          {Fault: faultinjection.Latency, Delay: time.Millisecond},
		"reset before":     {Fault: faultinjection.ResetBefore},
		"reset after":      {Fault: faultinjection.ResetAfter},
		"slow body":        {Fault: faultinjection.SlowBody, Delay: time.Microsecond},
		"truncated JSON":   {Fault: faultinjection.TruncatedJSON},
		"HTML":             {Fault: faultinjection.HTML},
		"wrong types":      {Fault: faultinjection.WrongTypes},
		"missing fields":   {Fault: faultinjection.MissingFields},
		"null fields":      {Fault: faultinjection.NullFields},
		"null body":        {Fault: faultinjection.NullBody},
		"redirect":         {Fault: faultinjection.Redirect},
		"late visibility":  {Fault: faultinjection.LateVisibility, Count: 2},
		"429 in seconds":   {Fault: faultinjection.Status, Status: 429, RetryAfter: "3"},
		"429 in ms":        {Fault: faultinjection.Status, Status: 429, RetryAfterMs: "300"},
		"enormous body":    {Fault: faultinjection.EnormousBody},
		"401 for a moment": {Fault: faultinjection.Status, Status: 401},
		"403 for a moment": {Fault: faultinjection.Status, Status: 403},
	}
	for _, status := range []int{408, 409, 429, 500, 502, 503, 504} {
		rules[fmt.Sprintf("%d", status)] = faultinjection.Rule{Fault: faultinjection.Status, Status: status}
	}
	for _, status := range []int{408, 500, 502, 503, 504} {
		rules[fmt.Sprintf("%d after acting", status)] = faultinjection.Rule{Fault: faultinjection.StatusAfter, Status: status}
	}
	return rules
}

// operation is an operation during which a fault may strike, with the content
// of the organization that must be found in the end.
type operation struct {
	name string
	// begins with the object of the first configuration.
	begins bool
	target func(s subject, w *world) map[string]any
	want   func(s subject) []string
}

var operations = []operation{
	{"create", false, func(s subject, w *world) map[string]any { return s.first(w) }, func(s subject) []string { return s.one }},
	{"read", true, func(s subject, w *world) map[string]any { return s.first(w) }, func(s subject) []string { return s.one }},
	{"update", true, func(s subject, w *world) map[string]any { return s.second(w) }, func(s subject) []string { return s.two }},
	{"delete", true, func(subject, *world) map[string]any { return nil }, func(s subject) []string { return s.none }},
}

// run plays one case and returns the violation.
func run(t testing.TB, s subject, op operation, rules []faultinjection.Rule) (struck int, violation error) {
	w := newWorld(t)
	var object *acctest.Object
	if op.begins {
		var err error
		if object, err = w.apply(t, s, nil, s.first(w)); err != nil {
			return 0, fmt.Errorf("before any fault: %w", err)
		}
	}
	w.lab.Set(faultinjection.Plan{Rules: rules})
	target := op.target(s, w)
	object, first := w.apply(t, s, object, target)
	if errors.Is(first, errBadDiagnostic) {
		return w.lab.Struck(), first
	}
	struck = w.lab.Struck()
	w.lab.Set(faultinjection.Plan{})
	object, second := w.apply(t, s, object, target)
	if second != nil && object == nil && importBlock.MatchString(second.Error()) {
		// The object of the first apply has the name: import it.
		if object, second = w.followAdvice(t, s, nil); second == nil {
			object, second = w.apply(t, s, object, target)
		}
	}
	if second != nil {
		return struck, fmt.Errorf("the second apply failed: %w", second)
	}
	// An object whose create lost its answer is named, and removed as the
	// diagnostic says.
	if object, second = w.followAdvice(t, s, object); second != nil {
		return struck, second
	}
	if found := s.found(t, w); !slices.Equal(found, op.want(s)) {
		return struck, fmt.Errorf("found %q, expected %q", found, op.want(s))
	}
	if target == nil {
		if object != nil {
			return struck, errors.New("it is still in state")
		}
		return struck, nil
	}
	if pending, err := w.driver(t).Pending(t, s.typeName, object, target); err != nil || pending {
		return struck, errors.Join(errors.New("the next plan is not empty"), err)
	}
	if strings.HasSuffix(s.typeName, "_api_key") && !w.leaks(object.Attribute("value")) {
		return struck, errors.New("the secret in state is none of those given out")
	}
	return struck, nil
}

var errBadDiagnostic = errors.New("a diagnostic is not as it should be")

// apply is one terraform apply: a new provider, a refresh, a plan, a change.
func (w *world) apply(t testing.TB, s subject, object *acctest.Object, target map[string]any) (*acctest.Object, error) {
	d := w.driver(t)
	if object != nil {
		refreshed, diags := d.Refresh(t, object)
		if err := w.complaints(diags); err != nil {
			return object, errors.Join(errBadDiagnostic, err)
		}
		if hasError(diags) {
			return object, errors.New(diags[0].Summary + ": " + diags[0].Detail)
		}
		object = refreshed
	}
	if object == nil && target == nil {
		return nil, nil
	}
	object, diags := d.Apply(t, s.typeName, object, target)
	if err := w.complaints(diags); err != nil {
		return object, errors.Join(errBadDiagnostic, err)
	}
	if hasError(diags) {
		return object, errors.New(diags[0].Summary + ": " + diags[0].Detail)
	}
	return object, nil
}

// Every resource, every operation, every fault, at each of the first requests:
// after at most two applies the organization holds the configured objects,
// once.
func TestMatrix(t *testing.T) {
	positions := 1
	if long() {
		positions = 4
	}
	covered := map[string]bool{}
	var cases, struck, violations atomic.Int64
	at := 0
	t.Run("case", func(t *testing.T) {
		for _, s := range subjects {
			covered[s.typeName] = true
			for _, op := range operations {
				rules := faults()
				for _, name := range slices.Sorted(maps.Keys(rules)) {
					rule := rules[name]
					if at++; at%share() != 0 {
						continue
					}
					if rule.Fault == faultinjection.EnormousBody && !long() && op.name != "create" {
						continue // a gigabyte each
					}
					requests := positions
					if op.name == "create" {
						requests += s.planning
						if kinds[s.typeName] == serverNamed || kinds[s.typeName] == secret {
							requests++ // the search for orphans
						}
					}
					for skip := range requests {
						strike := rule
						strike.Skip, strike.Times = skip, 1
						t.Run(fmt.Sprintf("%s, %s, %s at request %d", s.typeName, op.name, name, skip+1), func(t *testing.T) {
							t.Parallel()
							hits, err := run(t, s, op, []faultinjection.Rule{strike})
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
		}
	})
	for _, name := range resourceTypes(t) {
		if !covered[name] {
			t.Errorf("%s is not in the matrix", name)
		}
	}
	// Few operations have more than one request, so the first must be struck.
	if struck.Load() < cases.Load()/int64(positions)*8/10 {
		t.Errorf("only %d faults in %d cases", struck.Load(), cases.Load())
	}
	fmt.Printf("fault matrix: %d cases, %d faults, %d violations\n", cases.Load(), struck.Load(), violations.Load())
}

func resourceTypes(t testing.TB) []string {
	return acctest.ResourceTypes(t, provider.New("test")())
}
