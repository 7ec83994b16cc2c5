package adminapi

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/wait"
)

// Ownership knows which API paths the changes of one configuration have
// written, so that no other change of it deletes the objects at these paths. A
// path is relative to the base URL; an object may have several, such as one by
// id and one by e-mail address.
type Ownership struct {
	basePath string

	mu       sync.Mutex
	owners   map[string]*Change
	deleting map[string][]chan struct{}

	planned plannedPaths
}

// Change is one create, update or delete of a resource. It may delete the paths
// that it has written itself.
type Change struct{ owner *Ownership }

// PathOwnedError refuses to delete or to restore an object that another change
// of the same configuration has written.
type PathOwnedError struct{ Path string }

func (e *PathOwnedError) Error() string {
	return fmt.Sprintf("another resource of this configuration creates or changes %s, so it was not deleted", e.Path)
}

// OwnedPath returns the path that an error refuses to delete, and false when
// the error is about something else.
func OwnedPath(err error) (path string, owned bool) {
	refused, owned := errors.AsType[*PathOwnedError](err)
	if !owned {
		return "", false
	}
	return refused.Path, true
}

func newOwnership(baseURL string) *Ownership {
	base, err := url.Parse(baseURL)
	if err != nil {
		base = &url.URL{}
	}
	return &Ownership{
		basePath: strings.TrimSuffix(base.Path, "/"),
		owners:   map[string]*Change{}, deleting: map[string][]chan struct{}{},
		planned: plannedPaths{plans: map[string]PlannedPaths{}, reported: map[conflictKey]bool{}},
	}
}

// Reset forgets the written and the planned paths, for a new configuration.
func (o *Ownership) Reset() {
	o.mu.Lock()
	defer o.mu.Unlock()
	clear(o.owners)
	o.planned.mu.Lock()
	defer o.planned.mu.Unlock()
	clear(o.planned.plans)
	clear(o.planned.reported)
}

type changeKey struct{}

// Begin begins a change. Requests below the context belong to it.
func (o *Ownership) Begin(ctx context.Context) (context.Context, *Change) {
	c := &Change{o}
	return context.WithValue(ctx, changeKey{}, c), c
}

// changeOf returns the change that a context belongs to, nil outside of any.
func changeOf(ctx context.Context) *Change {
	change, _ := ctx.Value(changeKey{}).(*Change)
	return change
}

// Applying reports whether anything has been written below this configuration.
func (o *Ownership) Applying() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return len(o.owners) > 0
}

// IsOwned reports whether a change of this configuration has written one of
// these paths, so that no other change of it deletes the object.
func (o *Ownership) IsOwned(paths ...string) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.ContainsFunc(paths, func(path string) bool { return o.owners[path] != nil })
}

// Claim makes the change the owner of these paths, and waits for deletes of
// them that are under way: objects written afterwards stay.
func (c *Change) Claim(ctx context.Context, paths ...string) error {
	o := c.owner
	var pending []chan struct{}
	o.mu.Lock()
	for _, path := range paths {
		if path != "" {
			o.owners[path] = c
			pending = append(pending, o.deleting[path]...)
		}
	}
	o.mu.Unlock()
	for _, done := range pending {
		select {
		case <-done:
		case <-ctx.Done():
			return wait.End(ctx, "the delete of the same object by another resource")
		}
	}
	return nil
}

// Claiming is Change.Claim for the change of a context, for members whose paths
// become known while it writes.
func (o *Ownership) Claiming(ctx context.Context, paths ...string) error {
	if change := changeOf(ctx); change != nil {
		return change.Claim(ctx, paths...)
	}
	return nil
}

// Delete begins to delete the object of these paths, and returns the function
// that ends the delete. It refuses with a PathOwnedError when another change
// owns one of them.
func (c *Change) Delete(paths ...string) (end func(), err error) {
	return c.owner.delete(c, paths...)
}

// Deleting is Change.Delete for the change of a context, for members that are
// removed by a request other than DELETE.
func (o *Ownership) Deleting(ctx context.Context, paths ...string) (end func(), err error) {
	return o.delete(changeOf(ctx), paths...)
}

// delete is Change.Delete; the change is nil for requests outside of any.
func (o *Ownership) delete(c *Change, paths ...string) (end func(), err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, path := range paths {
		if owner := o.owners[path]; owner != nil && owner != c {
			return nil, &PathOwnedError{Path: path}
		}
	}
	done := make(chan struct{})
	for _, path := range paths {
		if path != "" {
			o.deleting[path] = append(o.deleting[path], done)
		}
	}
	return func() {
		o.mu.Lock()
		defer o.mu.Unlock()
		for _, path := range paths {
			if o.deleting[path] = slices.DeleteFunc(o.deleting[path], func(other chan struct{}) bool { return other == done }); len(o.deleting[path]) == 0 {
				delete(o.deleting, path)
			}
		}
		close(done)
	}, nil
}

// guard refuses a DELETE of a path that another change owns. The end must be
// called when the request is over.
func (o *Ownership) guard(req *http.Request) (end func(), err error) {
	if req.Method != http.MethodDelete {
		return func() {}, nil
	}
	path := strings.TrimPrefix(req.URL.Path, o.basePath)
	if at := strings.LastIndex(path, "/roles/"); at >= 0 {
		path = path[:at+len("/roles/")] + BaseRole(path[at+len("/roles/"):])
	}
	return o.delete(changeOf(req.Context()), path)
}
