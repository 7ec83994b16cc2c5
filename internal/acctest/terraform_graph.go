package acctest

import (
	"slices"
	"strings"
	"sync"
)

// vertex is a step that a walk takes after the vertices that it needs.
type vertex struct {
	name  string
	needs map[*vertex]bool
	run   func() diagnostics
}

func newVertex(name string, run func() diagnostics) *vertex {
	return &vertex{name: name, needs: map[*vertex]bool{}, run: run}
}

// walkGraph runs vertices at the same time as far as they do not need each
// other. A vertex that needs a failed one is left out, with all vertices that
// need it.
func walkGraph(vertices []*vertex) diagnostics {
	if found := cycle(vertices); found != nil {
		return failure(nil, "", "Cycle", "Cycle: %s", strings.Join(found, ", "))
	}
	var mu sync.Mutex
	var all diagnostics
	done, ok := map[*vertex]chan struct{}{}, map[*vertex]bool{}
	for _, v := range vertices {
		done[v] = make(chan struct{})
	}
	var wg sync.WaitGroup
	for _, v := range vertices {
		wg.Go(func() {
			defer close(done[v])
			ready := true
			for needed := range v.needs {
				if finished, inGraph := done[needed]; inGraph {
					<-finished
					mu.Lock()
					ready = ready && ok[needed]
					mu.Unlock()
				}
			}
			if !ready {
				return
			}
			diags := v.run()
			mu.Lock()
			defer mu.Unlock()
			all, ok[v] = append(all, diags...), !diags.failed()
		})
	}
	wg.Wait()
	return all
}

// cycle returns the names of vertices that need each other, nil when there are
// none.
func cycle(vertices []*vertex) []string {
	const entered, left = 1, 2
	seen := map[*vertex]int{}
	var path, found []string
	var visit func(v *vertex) bool
	visit = func(v *vertex) bool {
		switch seen[v] {
		case entered:
			found = append(slices.Clone(path[slices.Index(path, v.name):]), v.name)
			return true
		case left:
			return false
		}
		seen[v], path = entered, append(path, v.name)
		for needed := range v.needs {
			if visit(needed) {
				return true
			}
		}
		seen[v], path = left, path[:len(path)-1]
		return false
	}
	for _, v := range vertices {
		if visit(v) {
			return found
		}
	}
	return nil
}
