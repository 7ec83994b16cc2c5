package faults_test

import (
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
)

// Plans of the same objects give the same diagnostics in every order, one after
// the other or all together.
func TestWarningsDoNotDependOnTheOrder(t *testing.T) {
	w := newWorld(t)
	type change struct {
		typeName string
		prior    *acctest.Object
		config   map[string]any
	}
	var changes []change
	for i, s := range subjectsOf(serverNamed, secret) {
		if i%2 == 0 {
			w.lose(t, s.typeName, s.first(w))
		}
		changes = append(changes, change{s.typeName, nil, s.first(w)})
	}
	for _, cents := range []int{6000, 7000} {
		changes = append(changes, change{"openai_project_spend_alert", nil, alert(w, cents, map[string]any{"project_id": w.project})})
	}
	changes = append(changes, change{"openai_project_spend_limit", nil, map[string]any{"project_id": w.project, "threshold_amount": 5000}})
	for _, name := range []string{"first", "second"} {
		changes = append(changes, change{"openai_project", w.lose(t, "openai_project", map[string]any{"name": name}), map[string]any{"name": name + " renamed"}})
		changes = append(changes, change{"openai_admin_api_key", nil, map[string]any{"name": name}})
	}
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	rounds := 8
	if long() {
		rounds = 200
	}
	var expected []string
	for round := range rounds {
		d := w.driver(t)
		for _, c := range changes {
			if c.prior != nil {
				d.ReadState(t, c.prior)
			}
		}
		random.Shuffle(len(changes), func(i, j int) { changes[i], changes[j] = changes[j], changes[i] })
		said := map[string]bool{}
		var mu sync.Mutex
		plan := func(c change) {
			p := d.Plan(t, c.typeName, c.prior, c.config)
			mu.Lock()
			defer mu.Unlock()
			for _, diag := range p.Diagnostics {
				said[diag.Summary+"\n"+diag.Detail] = true
			}
		}
		if round%2 == 0 {
			for _, c := range changes {
				plan(c)
			}
		} else {
			var group sync.WaitGroup
			for _, c := range changes {
				group.Go(func() { plan(c) })
			}
			group.Wait()
		}
		got := slices.Sorted(maps.Keys(said))
		if round == 0 {
			expected = got
			if len(expected) < 12 {
				t.Fatalf("only %d warnings: %q", len(expected), expected)
			}
			continue
		}
		if !slices.Equal(got, expected) {
			t.Fatalf("round %d has %d diagnostics, the first %d:\n%s\n\nexpected:\n%s", round, len(got), len(expected), strings.Join(got, "\n---\n"), strings.Join(expected, "\n---\n"))
		}
	}
}
