package faults_test

import (
	"fmt"
	"maps"
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
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/faultinjection"
)

// soakRuns is how many random runs are made: few within make test, the whole
// number with make test-faults.
func soakRuns() int {
	if long() {
		return 200
	}
	return 10
}

// firstSeed begins a random series. The environment can give it, to repeat one.
func firstSeed(t *testing.T) uint64 {
	text := os.Getenv("OPENAI_TEST_SEED")
	if text == "" {
		return uint64(time.Now().UnixNano())
	}
	seed, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return seed
}

// TestSoak plays random sequences: every resource is created, changed and
// removed while any request may fail, and each step is applied until the faults
// end. The organization then has the configured objects, once.
func TestSoak(t *testing.T) {
	first, runs := firstSeed(t), soakRuns()
	struck := 0
	for i := range runs {
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
	fmt.Printf("soak: %d runs from seed %d, %d faults\n", runs, first, struck)
}

// weather is a handful of random faults.
func weather(random *rand.Rand) []faultinjection.Rule {
	rules := faults()
	names := make([]string, 0, len(rules))
	for name, rule := range rules {
		if rule.Fault != faultinjection.EnormousBody {
			names = append(names, name)
		}
	}
	sort.Strings(names) // a map has no order that a seed could repeat
	var chosen []faultinjection.Rule
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
	before, _ := w.inventory(t)
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
			w.lab.Set(faultinjection.Plan{Seed: random.Uint64(), Rules: rules})
			for range 1 + random.IntN(3) {
				w.clock.Advance(time.Minute)
				objects[at], _ = w.apply(t, s, objects[at], target)
			}
			w.lab.Set(faultinjection.Plan{})
			w.clock.Advance(time.Minute)
			if objects[at], err = w.apply(t, s, objects[at], target); err != nil && objects[at] == nil && importBlock.MatchString(err.Error()) {
				if objects[at], err = w.followAdvice(t, s, nil); err == nil {
					objects[at], err = w.apply(t, s, objects[at], target)
				}
			}
			unlisted := strings.Contains(w.said, "look for it among the newest objects")
			if err == nil {
				objects[at], err = w.followAdvice(t, s, objects[at])
			}
			if err == nil && unlisted {
				err = w.destroyOthers(t, s, before, objects)
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

// destroyOthers imports and destroys the new objects of a type that no object
// in state holds, as a person does after an error that the list could not be
// read to find the object of a lost answer.
func (w *world) destroyOthers(t testing.TB, s subject, before inventory, objects map[int]*acctest.Object) error {
	t.Helper()
	after, people := w.inventory(t)
	v := &verdicts{people: people}
	for _, path := range after.added(before) {
		ids, isType := match(resourceRoutes[s.typeName].object[0], path)
		if !isType || slices.ContainsFunc(slices.Collect(maps.Values(objects)), func(o *acctest.Object) bool { return v.ownedBy(o, path) }) {
			continue
		}
		var id string
		segments := strings.Split(strings.TrimPrefix(path, "/organization"), "/")[1:]
		for i := 1; i < len(segments); i += 2 {
			id += "/" + segments[i]
		}
		found, diags := w.driver(t).ImportID(t, s.typeName, id[1:])
		if hasError(diags) || found == nil {
			return fmt.Errorf("import of %v: %s", ids, texts(diags))
		}
		if _, diags = w.driver(t).Apply(t, s.typeName, found, nil); hasError(diags) {
			return fmt.Errorf("destroy of %v: %s", ids, texts(diags))
		}
	}
	return nil
}

// revokeOthers revokes keys, and deletes webhook endpoints, that no object in
// state holds, as a person does after a warning that a secret is lost.
func (w *world) revokeOthers(t testing.TB, objects map[int]*acctest.Object) {
	t.Helper()
	var held strings.Builder
	for _, object := range objects {
		held.WriteString(object.String())
	}
	for path, names := range map[string][]string{
		"/organization/admin_api_keys":                      {"one", "two"},
		"/organization/projects/" + w.project + "/api_keys": {"key", "rotated"},
		"/webhook_endpoints":                                {"one", "two", "rotated"},
	} {
		query := "?limit=100"
		if strings.HasSuffix(path, "/api_keys") {
			query += "&owner_project_access=any"
		}
		for _, key := range w.listBelow(t, "", path+query) {
			id, name := fmt.Sprint(key["id"]), fmt.Sprint(key["name"])
			if strings.Contains(held.String(), id) || !slices.Contains(names, name) {
				continue
			}
			req, err := http.NewRequestWithContext(t.Context(), http.MethodDelete, w.direct.URL+"/v1"+path+"/"+id, nil)
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
