package cache

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
)

// shelfPage is how many objects a page of a shelf has.
const shelfPage = 100

var errMissing = errors.New("there is no such object")

// shelf is a server with n objects in pages of 100. It counts its requests.
type shelf struct {
	mu      sync.Mutex
	ids     []string
	pages   int
	singles int
	fail    error
}

func newShelf(n int) *shelf {
	s := &shelf{}
	for i := range n {
		s.ids = append(s.ids, fmt.Sprintf("id_%04d", i))
	}
	return s
}

func (s *shelf) collection() *Collection[string] {
	return listOf(s.page)
}

// listOf is the collection of a list of ids.
func listOf(fetch func(ctx context.Context, after string) (Page[string], error)) *Collection[string] {
	return NewCollection(func(id string) string { return id }, func(string) error { return nil }, fetch)
}

func (s *shelf) page(_ context.Context, after string) (Page[string], error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pages++
	if s.fail != nil {
		return Page[string]{}, s.fail
	}
	start := 0
	for i, id := range s.ids {
		if id == after {
			start = i + 1
		}
	}
	end := min(start+shelfPage, len(s.ids))
	got := Page[string]{Items: s.ids[start:end], More: end < len(s.ids)}
	if end > start {
		got.Next = s.ids[end-1]
	}
	return got, nil
}

func (s *shelf) single(id string) func(context.Context) (*string, error) {
	return func(context.Context) (*string, error) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.singles++
		for _, known := range s.ids {
			if known == id {
				return &id, nil
			}
		}
		return nil, errMissing
	}
}

func (s *shelf) requests() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.pages + s.singles
}

func TestCollectionStaysWithinItsBound(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	for round := range 200 {
		size := random.IntN(450)
		server := newShelf(size)
		shared := server.collection()
		want := random.Perm(size)
		want = want[:random.IntN(size+1)]
		missing := random.IntN(3)

		var group sync.WaitGroup
		slots := make(chan struct{}, 1+random.IntN(10))
		ask := func(id string, exists bool) {
			slots <- struct{}{}
			group.Go(func() {
				defer func() { <-slots }()
				got, err := shared.Get(t.Context(), id, server.single(id))
				switch {
				case exists && (err != nil || *got != id):
					t.Errorf("round %d: %s: %v", round, id, err)
				case !exists && !errors.Is(err, errMissing):
					t.Errorf("round %d: %s should be missing: %v", round, id, err)
				}
			})
		}
		for _, i := range want {
			ask(server.ids[i], true)
		}
		for i := range missing {
			ask(fmt.Sprintf("gone_%d", i), false)
		}
		group.Wait()

		bound := 2 + (size+shelfPage-1)/shelfPage + missing
		if got := server.requests(); got > bound {
			t.Errorf("round %d: %d objects, %d read, %d missing: %d requests, at most %d allowed", round, size, len(want), missing, got, bound)
		}
	}
}

func TestCollectionReadsOneObjectAlone(t *testing.T) {
	server := newShelf(2000)
	shared := server.collection()
	if _, err := shared.Get(t.Context(), "id_1999", server.single("id_1999")); err != nil {
		t.Fatal(err)
	}
	if server.singles != 1 || server.pages != 0 {
		t.Errorf("%d single reads and %d pages for one object, want 1 and 0", server.singles, server.pages)
	}
}

func TestCollectionOfAHundredAndOneCostsThreeRequests(t *testing.T) {
	server := newShelf(101)
	shared := server.collection()
	for _, id := range server.ids[1:] {
		if _, err := shared.Get(t.Context(), id, server.single(id)); err != nil {
			t.Fatal(err)
		}
	}
	if got := server.requests(); got > 3 {
		t.Errorf("%d requests, want at most 3", got)
	}
}

func TestCollectionPrefersItsOwnWrites(t *testing.T) {
	server := newShelf(3)
	shared := server.collection()
	shared.Put("id_new")
	shared.Drop("id_0001")
	items, err := shared.All(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if got, want := fmt.Sprint(items), "[id_new id_0000 id_0002]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	shared.Put("id_0001")
	if items, _ = shared.All(t.Context()); len(items) != 4 {
		t.Errorf("an object that came back is listed %d times in %v", len(items)-3, items)
	}
}

func TestCollectionForgetsAFailedFetch(t *testing.T) {
	server := newShelf(3)
	server.fail = errors.New("no luck")
	shared := server.collection()
	if _, err := shared.All(t.Context()); !errors.Is(err, server.fail) {
		t.Fatalf("got %v", err)
	}
	server.fail = nil
	if items, err := shared.All(t.Context()); err != nil || len(items) != 3 {
		t.Errorf("after the failure: %v, %v", items, err)
	}
}

func TestCollectionRefusesATruncatedList(t *testing.T) {
	for name, broken := range map[string]Page[string]{
		"empty page":      {More: true, Next: "x"},
		"no cursor":       {Items: []string{"a"}, More: true},
		"repeated cursor": {Items: []string{"a"}, More: true, Next: "a"},
	} {
		t.Run(name, func(t *testing.T) {
			calls := 0
			shared := listOf(func(context.Context, string) (Page[string], error) {
				calls++
				return broken, nil
			})
			if items, err := shared.All(t.Context()); err == nil {
				t.Errorf("a cut list was taken for a whole one: %v", items)
			}
			if calls > 2 {
				t.Errorf("%d fetches", calls)
			}
		})
	}
}

func TestCollectionSharesOneFetch(t *testing.T) {
	release := make(chan struct{})
	entered := make(chan struct{}, 10)
	shared := listOf(func(context.Context, string) (Page[string], error) {
		entered <- struct{}{}
		<-release
		return Page[string]{Items: []string{"a"}}, nil
	})
	var group sync.WaitGroup
	for range 10 {
		group.Go(func() {
			if items, err := shared.All(t.Context()); err != nil || len(items) != 1 {
				t.Errorf("%v, %v", items, err)
			}
		})
	}
	<-entered
	close(release)
	group.Wait()
	if len(entered) != 0 {
		t.Errorf("%d more fetches than one", len(entered))
	}
}

// A read of an object in memory compares no other object, in a list of any
// length.
func TestGetComparesNoOtherObject(t *testing.T) {
	s := newShelf(10_000)
	compared := 0
	c := NewCollection(func(id string) string { compared++; return id }, func(string) error { return nil }, s.page)
	if _, err := c.All(t.Context()); err != nil {
		t.Fatal(err)
	}
	compared = 0
	for _, id := range s.ids {
		if found, err := c.Get(t.Context(), id, nil); err != nil || found == nil || *found != id {
			t.Fatalf("%s is read as %v, %v", id, found, err)
		}
		if found := c.Peek(id); found == nil || *found != id {
			t.Fatalf("%s is in memory as %v", id, found)
		}
	}
	if compared > 0 {
		t.Errorf("%d objects are compared", compared)
	}
}

func BenchmarkGet(b *testing.B) {
	s := newShelf(10_000)
	c := s.collection()
	if _, err := c.All(b.Context()); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := c.Get(b.Context(), "id_9999", nil); err != nil {
			b.Fatal(err)
		}
	}
}
