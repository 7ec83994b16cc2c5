package adminapi

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/transport"
)

func isOwned(t *testing.T, err error, path string) {
	t.Helper()
	if got, owned := OwnedPath(err); !owned || got != path || !strings.Contains(err.Error(), path) {
		t.Errorf("the error is %v, expected that %s is owned", err, path)
	}
}

// A path that a change has claimed is not deleted by another change, nor by a
// request outside of any change, but by the change itself.
func TestClaimedPathIsDeletedByItsOwnerOnly(t *testing.T) {
	o := newOwnership("https://api.openai.com/v1")
	ctx, owner := o.Begin(t.Context())
	_, other := o.Begin(t.Context())
	if o.Applying() {
		t.Error("nothing is written yet")
	}
	if err := owner.Claim(ctx, "/a", "", "/b"); err != nil {
		t.Fatal(err)
	}
	if !o.Applying() {
		t.Error("something is written")
	}
	_, err := other.Delete("/c", "/b")
	isOwned(t, err, "/b")
	_, err = o.delete(nil, "/a")
	isOwned(t, err, "/a")
	for _, paths := range [][]string{{"/a", "/b"}, {"/c"}, {""}} {
		end, err := owner.Delete(paths...)
		if err != nil {
			t.Fatal(err)
		}
		end()
	}
	if _, err := other.Delete("/c", ""); err != nil {
		t.Error("a path without a claim:", err)
	}
	o.Reset()
	if _, err := other.Delete("/a", "/b"); err != nil || o.Applying() {
		t.Error("what an earlier configuration has claimed:", err)
	}
	if path, owned := OwnedPath(errors.New("another")); owned || path != "" {
		t.Error("another error is taken for a refusal")
	}
}

// The last change that has claimed a path owns it.
func TestLastClaimOwns(t *testing.T) {
	o := newOwnership("https://api.openai.com/v1")
	ctx, first := o.Begin(t.Context())
	_, second := o.Begin(t.Context())
	for _, c := range []*Change{first, second} {
		if err := c.Claim(ctx, "/a"); err != nil {
			t.Fatal(err)
		}
	}
	_, err := first.Delete("/a")
	isOwned(t, err, "/a")
	if _, err := second.Delete("/a"); err != nil {
		t.Error(err)
	}
}

// A claim waits for every delete of its paths that is under way, and no new one
// begins meanwhile.
func TestClaimWaitsForDeletes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOwnership("https://api.openai.com/v1")
		ctx, writer := o.Begin(t.Context())
		_, deleter := o.Begin(t.Context())
		var ends []func()
		for _, paths := range [][]string{{"/a", "/b"}, {"/b"}, {"/c"}} {
			end, err := deleter.Delete(paths...)
			if err != nil {
				t.Fatal(err)
			}
			ends = append(ends, end)
		}
		claimed := make(chan error, 1)
		go func() { claimed <- writer.Claim(ctx, "/b") }()
		for _, end := range ends[:2] {
			synctest.Wait()
			select {
			case err := <-claimed:
				t.Fatalf("the claim did not wait: %v", err)
			default:
			}
			_, err := deleter.Delete("/b")
			isOwned(t, err, "/b")
			end()
		}
		// The delete of the other path goes on.
		if err := <-claimed; err != nil {
			t.Error(err)
		}
		ends[2]()
		if len(o.deleting) != 0 {
			t.Errorf("deletes are remembered that are over: %v", o.deleting)
		}
	})
}

// A claim that is canceled stops waiting.
func TestCanceledClaim(t *testing.T) {
	o := newOwnership("https://api.openai.com/v1")
	_, deleter := o.Begin(t.Context())
	end, err := deleter.Delete("/a")
	if err != nil {
		t.Fatal(err)
	}
	defer end()
	ctx, cancel := context.WithCancel(t.Context())
	ctx, writer := o.Begin(ctx)
	cancel()
	if err := writer.Claim(ctx, "/a"); !errors.Is(err, context.Canceled) {
		t.Errorf("the error is %v", err)
	}
}

// In any order of two changes of one object, and for any duration of their
// requests, the object exists in the end.
func TestWritesSurviveConcurrentDeletes(t *testing.T) {
	const objects = 200
	o := newOwnership("https://api.openai.com/v1")
	var mu sync.Mutex
	server := map[string]bool{}
	var work sync.WaitGroup
	for i := range objects {
		path := fmt.Sprintf("/object/%d", i)
		mu.Lock()
		server[path] = true
		mu.Unlock()
		spin := func() {
			for range rand.IntN(2000) {
				mu.Lock()
				mu.Unlock() //nolint:staticcheck // latency only
			}
		}
		work.Go(func() {
			_, c := o.Begin(t.Context())
			spin()
			end, err := c.Delete(path)
			if err != nil {
				isOwned(t, err, path)
				return
			}
			spin()
			mu.Lock()
			delete(server, path)
			mu.Unlock()
			end()
		})
		work.Go(func() {
			ctx, c := o.Begin(t.Context())
			spin()
			if err := c.Claim(ctx, path); err != nil {
				t.Error(err)
			}
			mu.Lock()
			server[path] = true
			mu.Unlock()
		})
	}
	work.Wait()
	if len(server) != objects {
		t.Errorf("%d of %d objects are there", len(server), objects)
	}
}

// The transport refuses a DELETE of a path that another change owns, sends
// nothing, and returns an error.
func TestOwnedPathIsNotDeletedByRequest(t *testing.T) {
	var deleted []string
	client, _, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodDelete {
			deleted = append(deleted, r.URL.Path)
		}
		answer(w, http.StatusOK, `{"deleted":true}`)
	})
	ctx := transport.WithWrites(t.Context())
	owning, owner := client.Ownership.Begin(ctx)
	const path = "/organization/spend_limit"
	if err := owner.Claim(owning, path); err != nil {
		t.Fatal(err)
	}
	other, _ := client.Ownership.Begin(ctx)
	for _, refused := range []context.Context{ctx, other} {
		isOwned(t, client.SpendLimits.Delete(refused, ""), path)
	}
	if len(deleted) != 0 {
		t.Errorf("deleted: %q", deleted)
	}
	if err := client.SpendLimits.Delete(owning, ""); err != nil || len(deleted) != 1 {
		t.Errorf("%v, deleted: %q", err, deleted)
	}
}

// owns and destroys are plans of one address, for paths of an object that it
// had before.
func owns(paths ...string) PlannedPaths {
	return PlannedPaths{Previous: ObjectPaths{Names: paths}, Owns: paths}
}

func destroys(paths ...string) PlannedPaths {
	return PlannedPaths{Previous: ObjectPaths{Names: paths}, Destroys: paths}
}

func creates(paths ...string) PlannedPaths { return PlannedPaths{Owns: paths} }

func within(path string, members ...string) PlannedPaths {
	return PlannedPaths{Previous: ObjectPaths{Members: members}, Owns: members, Within: path}
}

func TestConflicts(t *testing.T) {
	both := func(path, one, other string, destroyed bool) *PathConflict {
		return &PathConflict{Path: path, Verbs: [2]string{one, other}, Destroyed: destroyed}
	}
	for name, test := range map[string]struct {
		a, b     PlannedPaths
		conflict *PathConflict
	}{
		"two objects":                  {owns("/a"), owns("/b"), nil},
		"an unknown path":              {creates("", "/a"), creates("", "/b"), nil},
		"an unknown path is destroyed": {destroys("", "/a"), creates("", "/b"), nil},
		"both manage":                  {owns("/a"), owns("/a"), both("/a", "manages", "manages", false)},
		"both create":                  {creates("/a"), creates("/a"), both("/a", "creates", "creates", false)},
		"create and manage":            {creates("/a"), owns("/a"), both("/a", "creates", "manages", false)},
		"create and destroy":           {creates("/a"), destroys("/a"), both("/a", "creates", "destroys", true)},
		"manage and destroy":           {owns("/a"), destroys("/a"), both("/a", "destroys", "manages", true)},
		"both destroy":                 {destroys("/a"), destroys("/a"), nil},
		"one of two names":             {owns("/id/1", "/email/a"), destroys("/id/2", "/email/a"), both("/email/a", "destroys", "manages", true)},
		"the smallest path":            {owns("/b", "/a"), owns("/b", "/a"), both("/a", "manages", "manages", false)},
		"destroyed before owned twice": {
			PlannedPaths{Previous: ObjectPaths{Names: []string{"/a", "/z"}}, Owns: []string{"/a"}, Destroys: []string{"/z"}},
			owns("/a", "/z"), both("/z", "destroys", "manages", true),
		},
		"a set and one of its members": {within("/g/", "/g/1"), creates("/g/1"), both("/g/1", "creates", "manages", false)},
		"a set and another member":     {within("/g/", "/g/1"), creates("/g/2"), both("/g/2", "creates", "creates", false)},
		"a set and another object":     {within("/g/", "/g/1"), creates("/h/1"), nil},
		"two sets without common":      {within("/g/", "/g/1"), within("/g/", "/g/2"), nil},
		"two sets with a member":       {within("/g/", "/g/1"), within("/g/", "/g/1"), both("/g/1", "manages", "manages", false)},
		"a set removes a kept member": {
			PlannedPaths{Previous: ObjectPaths{Members: []string{"/g/1"}}, Destroys: []string{"/g/1"}, Within: "/g/"}, owns("/g/1"),
			both("/g/1", "destroys", "manages", true),
		},
	} {
		t.Run(name, func(t *testing.T) {
			for _, pair := range [][2]PlannedPaths{{test.a, test.b}, {test.b, test.a}} {
				o := newOwnership("https://api.openai.com/v1")
				if early := o.Plan("first", pair[0]); len(early) != 0 {
					t.Errorf("one plan alone: %v", early)
				}
				got := o.Plan("second", pair[1])
				if test.conflict == nil && len(got) > 0 || test.conflict != nil && (len(got) != 1 || got[0] != *test.conflict) {
					t.Errorf("got %v, expected %v", got, test.conflict)
				}
				// The second plan of a replacement says nothing again.
				if again := o.Plan("second", pair[1]); len(again) != 0 {
					t.Errorf("said twice: %v", again)
				}
			}
		})
	}
}

// The same plans have the same conflicts in any order, each said once.
func TestConflictsInAnyOrder(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	some := func() (paths []string) {
		for range random.IntN(4) {
			paths = append(paths, fmt.Sprintf("/g/%d", random.IntN(6)))
		}
		return paths
	}
	for range 300 {
		plans := map[string]PlannedPaths{}
		var keys []string
		for i := range 2 + random.IntN(6) {
			key := fmt.Sprint("key", i)
			plan := PlannedPaths{Previous: ObjectPaths{Names: some()}, Owns: some(), Destroys: some()}
			if random.IntN(4) == 0 {
				plan.Within = "/g/"
			}
			plans[key], keys = plan, append(keys, key)
		}
		var expected []string
		for attempt := range 6 {
			o := newOwnership("https://api.openai.com/v1")
			var said []string
			for _, key := range keys {
				for _, conflict := range o.Plan(key, plans[key]) {
					said = append(said, fmt.Sprint(conflict))
				}
			}
			slices.Sort(said)
			if attempt == 0 {
				expected = said
			} else if !slices.Equal(said, expected) {
				t.Fatalf("order %v: %q, before %q", keys, said, expected)
			}
			random.Shuffle(len(keys), func(i, j int) { keys[i], keys[j] = keys[j], keys[i] })
		}
	}
}

func TestPlannedIsForgotten(t *testing.T) {
	o := newOwnership("https://api.openai.com/v1")
	o.Plan("first", owns("/a"))
	if plan, known := o.Planned("first"); !known || !slices.Equal(plan.Owns, []string{"/a"}) {
		t.Errorf("the plan is %v", plan)
	}
	if conflicts := o.Plan("second", owns("/a")); len(conflicts) != 1 {
		t.Errorf("conflicts %v", conflicts)
	}
	o.Reset()
	if _, known := o.Planned("first"); known {
		t.Error("a plan of an earlier configuration is known")
	}
	if conflicts := o.Plan("second", owns("/a")); len(conflicts) != 0 {
		t.Errorf("conflicts with an earlier configuration: %v", conflicts)
	}
	// A conflict of an earlier configuration is said again.
	if conflicts := o.Plan("first", owns("/a")); len(conflicts) != 1 {
		t.Errorf("conflicts %v", conflicts)
	}
}

func TestIsOther(t *testing.T) {
	names := func(names ...string) ObjectPaths { return ObjectPaths{Names: names} }
	for _, test := range []struct {
		next, previous ObjectPaths
		other          bool
	}{
		{names("/1"), names("/1"), false},
		{names("/1"), names("/2"), true},
		{names("", "/a"), names("/1", "/a"), false},
		{names("/1", ""), names("/1", "/a"), false},
		{names("/1", "/b"), names("/1", "/a"), true},
		{names("", "/b"), names("/1", "/a"), true},
		{names(""), names("/1"), true},
		{names(), names("/1"), true},
		{names("", "/a"), names("/1"), true},
	} {
		if got := test.next.IsOther(test.previous); got != test.other {
			t.Errorf("%q and %q: %t", test.next.Names, test.previous.Names, got)
		}
	}
}
