package transport

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
)

// YoungAge is the age until which a 404 does not say that an object is missing:
// the API may not show it yet.
const YoungAge = 5 * time.Minute

// youngRetries is how often a write is repeated that a new object refuses with
// 404, for about 100 seconds in all.
const youngRetries = 10

type youngKey struct{}

// YoungMisses collects the writes that a young object answered with 404.
type YoungMisses struct {
	mu    sync.Mutex
	paths []string
}

// WithYoung returns a context for writes to an object that was created a moment
// ago: a 404 is retried for a bounded time, and then collected.
func WithYoung(ctx context.Context) (context.Context, *YoungMisses) {
	misses := &YoungMisses{}
	return context.WithValue(ctx, youngKey{}, misses), misses
}

// BelievingAbsence returns a context in which a 404 is believed although the
// object is young: it was removed before.
func BelievingAbsence(ctx context.Context) context.Context {
	return context.WithValue(ctx, youngKey{}, nil)
}

// Paths returns the paths of the writes that were answered with 404 to the end.
func (m *YoungMisses) Paths() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.paths)
}

// hiddenRetries is how often a 404 for this request is not believed.
func (t *Transport) hiddenRetries(ctx context.Context, req *http.Request) int {
	write := req.Method != http.MethodGet
	switch {
	case t.Recent.removed(req.URL):
		return 0
	case write && ctx.Value(youngKey{}) != nil, write && t.Recent.within(req.URL):
		return youngRetries
	case req.Method == http.MethodPost && t.FindYoung(ctx, req.URL.Path):
		return youngRetries
	case t.Recent.within(req.URL):
		return visibilityRetries
	}
	return 0
}

// believe collects a 404 that is not retried any more.
func (t *Transport) believe(ctx context.Context, req *http.Request) {
	if misses, ok := ctx.Value(youngKey{}).(*YoungMisses); ok && req.Method != http.MethodGet && !t.Recent.removed(req.URL) {
		misses.mu.Lock()
		defer misses.mu.Unlock()
		misses.paths = append(misses.paths, req.URL.Path)
	}
}

// RecentlyCreated remembers the objects that this process made less than YoungAge
// ago, because the API may not show them at once, and those that it removed.
type RecentlyCreated struct {
	clock Clock
	mu    sync.Mutex
	ids   map[string]time.Time
	// ends are the removals of this process: objects by their id, which is in the
	// paths of all their children, and memberships by their path.
	ends map[string]bool
}

// Add records an object that was created now.
func (r *RecentlyCreated) Add(id string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.ids[id] = r.clock.Now()
	maps.DeleteFunc(r.ends, func(end string, _ bool) bool { return end == id || strings.HasSuffix(end, "/"+id) })
}

// AddCreated is Add for an object of this age.
func (r *RecentlyCreated) AddCreated(id string, age time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.ids[id] = r.clock.Now().Add(-age)
}

// within reports whether the path names an object that is that new.
func (r *RecentlyCreated) within(u *url.URL) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.ContainsFunc(strings.Split(u.Path, "/"), func(segment string) bool {
		at, ok := r.ids[segment]
		return ok && r.clock.Now().Sub(at) < YoungAge
	})
}

// end records the object that a request has removed, or found missing.
func (r *RecentlyCreated) end(req *http.Request) {
	path, archives := strings.CutSuffix(req.URL.Path, "/archive")
	if req.Method != http.MethodDelete && !archives {
		return
	}
	_, below, found := strings.Cut(path, "/organization/")
	if !found {
		_, below, _ = strings.Cut(path, "/v1/")
	}
	segments := strings.Split(below, "/")
	n := len(segments)
	if n%2 != 0 {
		return // a setting, which has no parts
	}
	collection, parent, id := segments[n-2], "", segments[n-1]
	if n > 2 {
		parent = segments[n-4]
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case collection == "roles" && (parent == "users" || parent == "groups"):
		r.ends[path] = true // the role stays
	case (collection == "users" || collection == "groups") && parent != "":
		r.ends[path] = true
		delete(r.ids, id) // objects created with the membership have other paths
	default:
		r.ends[id] = true
		delete(r.ids, id)
	}
}

// removed reports whether a path is that of something that this process has
// removed, or that belonged to it.
func (r *RecentlyCreated) removed(u *url.URL) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	for path := u.Path; path != ""; path = path[:strings.LastIndexByte(path, '/')] {
		if r.ends[path] || r.ends[path[strings.LastIndexByte(path, '/')+1:]] {
			return true
		}
	}
	return false
}
