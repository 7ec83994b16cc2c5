package adminapi

import (
	"context"
	"errors"
	"net/http"
	"regexp"
	"strings"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/cache"
	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/transport"
)

// The parameters of the paths of lists that are read ahead.
const (
	projectParameter = "{project_id}"
	groupParameter   = "{group_id}"
)

// readsAhead lets the endpoint of an operation be read ahead for the projects or
// groups that its path names. read is called with a context whose calls wait for
// nothing. The result is nil where the path names neither, or read-ahead is off.
func (c *Client) readsAhead(op transport.Operation, read func(ctx context.Context, parent string) (found bool, err error)) *cache.Kind {
	class := projectParameter
	if !strings.Contains(op.Family, class) {
		class = groupParameter
	}
	if c.ahead == nil || !strings.Contains(op.Family, class) {
		return nil
	}
	return c.ahead.Add(class, op.Family, func(ctx context.Context, parent string) (bool, error) {
		found, err := read(transport.AtOnce(ctx), parent)
		if isTurnLost(err) {
			err = cache.ErrTurnLost
		}
		return found, err
	})
}

// isTurnLost reports whether a rate limit would delay a request, or refused it.
func isTurnLost(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && (e.Status == http.StatusTooManyRequests || errors.Is(err, transport.ErrMustWait))
}

// listsAhead lets lists be read ahead.
func listsAhead[T any](c *Client, op transport.Operation, lists *cache.ByParent[T]) {
	if kind := c.readsAhead(op, func(ctx context.Context, parent string) (bool, error) { return lists.Of(parent).ReadAhead(ctx) }); kind != nil {
		lists.OnRead(kind.Want)
	}
}

// settingsAhead lets settings be read ahead.
func settingsAhead[T, V any](c *Client, op transport.Operation, settings *cache.Singletons[T], get func(ctx context.Context, scope string) (V, error)) {
	kind := c.readsAhead(op, func(ctx context.Context, scope string) (bool, error) {
		if settings.Knows(scope) {
			return false, cache.ErrKnown
		}
		_, err := get(cache.OnlyToWarn(ctx), scope) // a 404 is not kept: a caller reads it again
		return err == nil, err
	})
	if kind != nil {
		settings.OnRead(kind.Want)
	}
}

// ExpectReads says that a refresh has begun, and which API paths the types of the
// configuration have, with * for each id: what they return of each project is
// read ahead before the first caller asks for it.
func (c *Client) ExpectReads(paths func() []string) {
	if c.ahead == nil {
		return
	}
	c.expectation.Do(func() {
		expected := map[string]bool{}
		for _, path := range paths() {
			expected[http.MethodGet+" "+path] = true
		}
		c.ahead.Expect(func(endpoint string) bool { return expected[parameter.ReplaceAllString(endpoint, "*")] })
	})
}

var parameter = regexp.MustCompile(`\{[a-z_]+\}`)

// Sees records that a caller refreshes the object with this API path, so that
// what belongs to the same project or group may be read ahead.
func (c *Client) Sees(path string) {
	if c.ahead == nil {
		return
	}
	segments := strings.Split(path, "/")
	for i, collection := range segments[:len(segments)-1] {
		switch id := segments[i+1]; collection {
		case "projects":
			c.ahead.See(projectParameter, id)
		case "groups":
			c.ahead.See(groupParameter, id)
		}
	}
}

// ReadAhead says how many requests were sent before a caller asked for their
// results, and for how many of them none has asked.
func (c *Client) ReadAhead() (requests, unused int) {
	if c.ahead == nil {
		return 0, 0
	}
	return c.ahead.Counts()
}
