package cache

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// aheadWorld has callers that wait, see parents and want kinds in a random
// order, and endpoints that are idle, refuse, fail or have nothing at random. It
// reports each read ahead that must not be.
type aheadWorld struct {
	t     *testing.T
	ahead *ReadAhead

	mu sync.Mutex
	// waiting counts callers, since their Wait and until before their end.
	waiting int
	seen    map[string]bool
	kinds   []*aheadKind
}

type aheadKind struct {
	*Kind
	world    *aheadWorld
	expected bool
	running  bool
	// want are the parents of callers, began those of reads ahead: known without a
	// request, or failed, or else with a result.
	want, began, known, failed map[string]bool
}

func newAheadWorld(t *testing.T, kinds int) *aheadWorld {
	w := &aheadWorld{t: t, seen: map[string]bool{}}
	w.ahead = NewReadAhead(func(ctx context.Context, _ string) error {
		idle := time.After(rand.N(time.Second))
		if rand.N(10) == 0 {
			idle = nil // never, until no caller waits
		}
		select {
		case <-idle:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	})
	for i := range kinds {
		k := &aheadKind{world: w, expected: i%3 == 0, want: map[string]bool{}, began: map[string]bool{}, known: map[string]bool{}, failed: map[string]bool{}}
		k.Kind = w.ahead.Add("parent", fmt.Sprint("kind ", i), k.read)
		w.kinds = append(w.kinds, k)
	}
	w.ahead.Expect(func(endpoint string) bool {
		var number int
		_, err := fmt.Sscanf(endpoint, "kind %d", &number)
		return err == nil && w.kinds[number].expected
	})
	return w
}

func (k *aheadKind) read(ctx context.Context, parent string) (found bool, err error) {
	k.world.mu.Lock()
	switch {
	case k.running:
		k.world.t.Error("two requests of a kind at the same time")
	case k.world.waiting == 0:
		k.world.t.Error("a read ahead began while no caller waited")
	case k.began[parent]:
		k.world.t.Errorf("%s was read ahead twice", parent)
	case k.want[parent]:
		k.world.t.Errorf("%s was read ahead after a caller", parent)
	case !k.world.seen[parent]:
		k.world.t.Errorf("%s was read ahead, and no caller has seen it", parent)
	case !k.expected && len(k.want) < 2:
		k.world.t.Errorf("%s was read ahead without a pattern", parent)
	}
	k.running = true
	k.world.mu.Unlock()
	time.Sleep(rand.N(time.Second))
	k.world.mu.Lock()
	defer k.world.mu.Unlock()
	k.running = false
	if ctx.Err() != nil {
		k.world.t.Error("a request that was sent was canceled")
	}
	switch rand.N(8) {
	case 0:
		return false, ErrTurnLost // again later
	case 1:
		k.known[parent], k.began[parent] = true, true
		return true, ErrKnown
	case 2:
		k.began[parent], k.failed[parent] = true, true
		return false, errors.New("failed")
	case 3:
		k.began[parent] = true
		return false, nil
	default:
		k.began[parent] = true
		return true, nil
	}
}

// caller wants kinds of parents, now and then waiting, or giving up.
func (w *aheadWorld) caller(parents []string) {
	for _, i := range rand.Perm(len(parents) * len(w.kinds)) {
		parent, k := parents[i/len(w.kinds)], w.kinds[i%len(w.kinds)]
		if rand.N(3) == 0 {
			continue
		}
		if rand.N(2) == 0 {
			w.mu.Lock()
			w.seen[parent] = true
			w.mu.Unlock()
			w.ahead.See("parent", parent)
		}
		w.mu.Lock()
		w.seen[parent] = true // by wanting something of it
		k.want[parent] = true
		w.mu.Unlock()
		k.Want(parent)
		if rand.N(3) > 0 {
			w.mu.Lock()
			w.waiting++
			w.mu.Unlock()
			end := w.ahead.Wait()
			time.Sleep(rand.N(2 * time.Second))
			end()
			w.mu.Lock()
			w.waiting--
			w.mu.Unlock()
		}
	}
}

// In any order of callers, with failures, refusals and objects that are missing,
// nothing is read ahead that must not be, and every result counts as used once a
// caller has asked.
func TestReadAheadInAnyOrder(t *testing.T) {
	for range 300 {
		synctest.Test(t, func(t *testing.T) {
			w := newAheadWorld(t, 1+rand.N(6))
			var parents []string
			for i := range 1 + rand.N(30) {
				parents = append(parents, fmt.Sprint("parent ", i))
			}
			var callers sync.WaitGroup
			for range 1 + rand.N(10) {
				callers.Go(func() { w.caller(parents) })
			}
			callers.Wait()
			synctest.Wait() // reads under way end, and nothing begins
			time.Sleep(time.Minute)
			w.mu.Lock()
			defer w.mu.Unlock()
			sent, idle := 0, 0
			for _, k := range w.kinds {
				for parent := range k.began {
					if !k.known[parent] {
						sent++
						if k.failed[parent] || !k.want[parent] {
							idle++
						}
					}
				}
			}
			if requests, unused := w.ahead.Counts(); requests != sent || unused != idle {
				t.Errorf("%d requests, %d of them not used, want %d and %d", requests, unused, sent, idle)
			}
		})
	}
}

// What no caller asks for is bounded: without an expectation by the parents, and
// always by what turns out to be missing.
func TestReadAheadIsBounded(t *testing.T) {
	for _, test := range []struct {
		name            string
		expected, found bool
		most            int
	}{
		{"a pattern of two", false, true, 10 + 100/2},
		{"a pattern of two, and nothing there", false, false, 3},
		{"expected, and nothing there", true, false, 3},
		{"expected", true, true, 98},
	} {
		synctest.Test(t, func(t *testing.T) {
			ahead := NewReadAhead(func(ctx context.Context, _ string) error { return ctx.Err() })
			kind := ahead.Add("parent", "kind", func(context.Context, string) (bool, error) { return test.found, nil })
			ahead.Expect(func(string) bool { return test.expected })
			for i := range 100 {
				ahead.See("parent", fmt.Sprint(i))
			}
			kind.Want("0")
			kind.Want("1")
			end := ahead.Wait()
			synctest.Wait()
			end()
			if requests, unused := ahead.Counts(); requests != test.most || unused != test.most {
				t.Errorf("%s: %d requests, %d of them not used, want %d", test.name, requests, unused, test.most)
			}
		})
	}
}
