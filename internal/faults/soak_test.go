package faults_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"slices"
	"sort"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/fault"
)

// soakRuns is how many random runs are made: few within make test, the whole
// number with make test-faults.
func soakRuns() int {
	if long() {
		return 200
	}
	return 10
}

// The quick share of the soak begins with this seed each time.
const quickSoak = 1795661366446125537

// soakSeed begins the series, and can be given to repeat one. At length it is
// another one each time.
func soakSeed(t *testing.T, quick uint64) uint64 {
	text := os.Getenv("OPENAI_TEST_SEED")
	switch {
	case text == "" && long():
		return uint64(time.Now().UnixNano())
	case text == "":
		return quick
	}
	seed, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return seed
}

// TestSoak lives through random lives: every resource is created, changed and
// removed while anything may go wrong at any request, and each step is applied
// until the weather clears. Whatever happened, the organisation then holds
// what was configured, once.
func TestSoak(t *testing.T) {
	first := soakSeed(t, quickSoak)
	struck := 0
	for i := range soakRuns() {
		seed := first + uint64(i)
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			hits, err := soak(t, seed)
			struck += hits
			if err != nil {
				t.Errorf("%v\nrepeat with OPENAI_TEST_SEED=%d", err, seed)
			}
		})
	}
	if struck == 0 {
		t.Error("no fault has struck")
	}
	fmt.Printf("soak: %d runs from seed %d, %d faults\n", soakRuns(), first, struck)
}

// weather is a handful of random faults.
func weather(random *rand.Rand) []fault.Rule {
	rules := faults()
	names := make([]string, 0, len(rules))
	for name, rule := range rules {
		if rule.Fault != fault.EnormousBody {
			names = append(names, name)
		}
	}
	sort.Strings(names) // a map has no order that a seed could repeat
	var chosen []fault.Rule
	for range 1 + random.IntN(4) {
		rule := rules[names[random.IntN(len(names))]]
		rule.Probability = 0.05 + random.Float64()*0.4
		chosen = append(chosen, rule)
	}
	return chosen
}

func soak(t *testing.T, seed uint64) (struck int, err error) {
	random := rand.New(rand.NewPCG(seed, seed))
	w := newWorld(t)
	order := random.Perm(len(subjects))
	objects := map[int]*acctest.Object{}
	for _, step := range operations {
		for _, at := range order {
			s := subjects[at]
			if s.typeName == "openai_invite" {
				continue // invites the same person as the member
			}
			target := step.target(s, w)
			rules := weather(random)
			w.lab.Set(fault.Plan{Seed: random.Uint64(), Rules: rules})
			for range 1 + random.IntN(3) {
				w.clock.Advance(time.Minute)
				objects[at], _ = w.apply(t, s, objects[at], target)
			}
			w.lab.Set(fault.Plan{})
			w.clock.Advance(time.Minute)
			if objects[at], err = w.apply(t, s, objects[at], target); err != nil && objects[at] == nil && importBlock.MatchString(err.Error()) {
				if objects[at], err = w.followAdvice(t, s, nil); err == nil {
					objects[at], err = w.apply(t, s, objects[at], target)
				}
			}
			if err == nil {
				objects[at], err = w.followAdvice(t, s, objects[at])
			}
			if err != nil {
				return w.lab.Struck(), fmt.Errorf("%s, %s, in good weather: %w", s.typeName, step.name, err)
			}
			if kinds[s.typeName] == secret && w.lostSecret {
				w.revokeOthers(t, objects)
			}
			if found := s.found(t, w); !slices.Equal(found, step.want(s)) {
				return w.lab.Struck(), fmt.Errorf("%s, %s: found %q, expected %q", s.typeName, step.name, found, step.want(s))
			}
		}
	}
	return w.lab.Struck(), nil
}

// revokeOthers revokes keys that no object in state holds, as a person does
// after a warning that the secret of a key is lost.
func (w *world) revokeOthers(t testing.TB, objects map[int]*acctest.Object) {
	t.Helper()
	var held strings.Builder
	for _, object := range objects {
		held.WriteString(object.String())
	}
	for path, names := range map[string][]string{
		"/admin_api_keys":                      {"one", "two"},
		"/projects/" + w.project + "/api_keys": {"key", "rotated"},
	} {
		for _, key := range w.list(t, path+"?limit=100&owner_project_access=any") {
			id, name := fmt.Sprint(key["id"]), fmt.Sprint(key["name"])
			if strings.Contains(held.String(), id) || !slices.Contains(names, name) {
				continue
			}
			req, err := http.NewRequestWithContext(t.Context(), http.MethodDelete, w.direct.URL+"/v1/organization"+path+"/"+id, nil)
			if err != nil {
				t.Fatal(err)
			}
			var revoked map[string]any
			if status := w.do(t, req, &revoked); status != http.StatusOK {
				t.Fatalf("revoking %s answers %d", id, status)
			}
		}
	}
}
