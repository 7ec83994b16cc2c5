package adminapi

import (
	"context"
	"net/http"
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
func (t *transport) hiddenRetries(ctx context.Context, req *http.Request) int {
	write := req.Method != http.MethodGet
	switch {
	case write && ctx.Value(youngKey{}) != nil, write && t.recent.within(req.URL):
		return youngRetries
	case req.Method == http.MethodPost && t.findYoung != nil && t.findYoung(ctx, req.URL.Path):
		return youngRetries
	case t.recent.within(req.URL):
		return visibilityRetries
	}
	return 0
}

// believe collects a 404 that is not retried any more.
func believe(ctx context.Context, req *http.Request) {
	if misses, ok := ctx.Value(youngKey{}).(*YoungMisses); ok && req.Method != http.MethodGet {
		misses.mu.Lock()
		defer misses.mu.Unlock()
		misses.paths = append(misses.paths, req.URL.Path)
	}
}

// IsYoung reports whether an object that was created at this time of the
// server, in Unix seconds, may still be invisible.
func (c *Client) IsYoung(createdAt int64) bool {
	return createdAt > 0 && c.ServerNow().Sub(time.Unix(createdAt, 0)) < YoungAge
}

// findYoung reports whether an object above a path is young, and remembers those
// that are. An earlier process may have created them.
func (c *Client) findYoung(ctx context.Context, path string) bool {
	segments, found := strings.Split(strings.Trim(path, "/"), "/"), false
	for i := range len(segments) - 2 {
		created := c.createdAt(ctx, segments[:i+2])
		if c.IsYoung(created) {
			c.recent.addCreated(segments[i+1], c.ServerNow().Sub(time.Unix(created, 0)))
			found = true
		}
	}
	return found
}

// createdAt reads when the object at the end of a path was created, in Unix
// seconds. It is 0 for objects below which nothing is written, for those that
// have no such time, and where it cannot be read.
func (c *Client) createdAt(ctx context.Context, segments []string) int64 {
	collection, id := segments[len(segments)-2], segments[len(segments)-1]
	switch collection {
	case "projects":
		if project, err := c.Projects.Get(ctx, id); err == nil {
			return project.CreatedAt
		}
	case "service_accounts":
		if len(segments) < 3 {
			return 0
		}
		if account, err := c.ServiceAccounts.Get(ctx, segments[len(segments)-3], id); err == nil {
			return account.CreatedAt
		}
	case "users":
		if user, err := c.Users.Get(ctx, id); err == nil {
			return user.AddedAt
		}
	case "groups":
		if group, err := c.Groups.Get(ctx, id); err == nil && group.CreatedAt != nil {
			return *group.CreatedAt
		}
	case "workload_identity_providers":
		if provider, err := c.IdentityProviders.Get(ctx, id); err == nil {
			return provider.CreatedAt
		}
	case "external_storage":
		if storage, err := c.ExternalStorages.Get(ctx, id); err == nil {
			return storage.CreatedAt
		}
	}
	return 0
}
