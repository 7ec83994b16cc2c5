package adminapi

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptrace"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/openai/openai-go/v3"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/transport"
	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/wait"
)

// wire is inMemory with a connection, which ends with the request.
type wire http.HandlerFunc

func (serve wire) RoundTrip(r *http.Request) (*http.Response, error) {
	trace := httptrace.ContextClientTrace(r.Context())
	trace.GotConn(httptrace.GotConnInfo{})
	trace.WroteHeaders()
	response, err := inMemory(serve).RoundTrip(r)
	if r.Context().Err() != nil {
		return nil, r.Context().Err()
	}
	return response, err
}

// timingOut calls something that waits for longer than its operation may take,
// and returns how long that took and the error.
func timingOut(t *testing.T, c *Client, f func(ctx context.Context) error) (took time.Duration, err error) {
	t.Helper()
	began := time.Now()
	ctx, end := c.WithTimeout(transport.WithWrites(t.Context()), "create", 10*time.Second)
	defer end()
	err = f(ctx)
	return time.Since(began), err
}

// The error of an operation whose time is up names the cause of the wait.
func TestTimeoutsSayWhatWasWaitedFor(t *testing.T) {
	create := func(c *Client) func(ctx context.Context) error {
		return func(ctx context.Context) error {
			_, err := c.Projects.Create(ctx, openai.AdminOrganizationProjectNewParams{Name: "dev"})
			return err
		}
	}
	for name, test := range map[string]struct {
		answer http.HandlerFunc
		// busy is an operation that began before.
		busy func(c *Client) func(ctx context.Context) error
		call func(c *Client) func(ctx context.Context) error
		want string
		// took is how long it takes, 10 seconds when 0.
		took    time.Duration
		unknown bool
	}{
		"the rate limit": {
			answer: func(w http.ResponseWriter, _ *http.Request) { answer(w, http.StatusTooManyRequests, `{}`) },
			call:   create, want: "the rate limit of POST /organization/projects",
		},
		"a retry": {
			answer: func(w http.ResponseWriter, _ *http.Request) { answer(w, http.StatusBadGateway, `{}`) },
			call: func(c *Client) func(ctx context.Context) error {
				return func(ctx context.Context) error { return c.Projects.Archive(ctx, "proj_1") }
			}, want: "the next attempt after the response 502 Bad Gateway", unknown: true,
		},
		"an answer": {
			answer: func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
			call: func(c *Client) func(ctx context.Context) error {
				return func(ctx context.Context) error { _, err := c.Projects.Get(ctx, "proj_1"); return err }
			}, want: "the response",
		},
		"the answer to a write": {
			answer: func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
			call:   create, want: "the response", took: 40 * time.Second, unknown: true,
		},
		"an equal create": {
			answer: func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
			busy:   create, call: create, want: "another create of the same kind of object",
		},
		"the same setting": {
			answer: func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
			busy: func(c *Client) func(ctx context.Context) error {
				return func(ctx context.Context) error { _, err := c.HostedTools.Get(ctx, "proj_1"); return err }
			},
			call: func(c *Client) func(ctx context.Context) error {
				return func(ctx context.Context) error { _, err := c.HostedTools.Get(ctx, "proj_1"); return err }
			}, want: "another operation on the same setting",
		},
		"a list": {
			answer: func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
			busy: func(c *Client) func(ctx context.Context) error {
				return func(ctx context.Context) error { _, err := c.Projects.List(ctx, false); return err }
			},
			call: func(c *Client) func(ctx context.Context) error {
				return func(ctx context.Context) error { _, err := c.Projects.List(ctx, false); return err }
			}, want: "a list that another operation reads",
		},
		"a delete of the same object": {
			call: func(c *Client) func(ctx context.Context) error {
				return func(ctx context.Context) error {
					_, first := c.Ownership.Begin(ctx)
					if _, err := first.Delete("/organization/projects/proj_1"); err != nil {
						return err
					}
					_, second := c.Ownership.Begin(ctx)
					return second.Claim(ctx, "/organization/projects/proj_1")
				}
			}, want: "the delete of the same object by another resource",
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, err := New(Config{AdminAPIKey: transport.NewSecret(testKey), Transport: wire(test.answer)})
				if err != nil {
					t.Fatal(err)
				}
				busy, release := context.WithCancel(transport.WithWrites(t.Context()))
				var others sync.WaitGroup
				if test.busy != nil {
					others.Go(func() { _ = test.busy(c)(busy) })
					synctest.Wait()
				}
				took, failed := timingOut(t, c, test.call(c))
				release()
				others.Wait()
				if test.took == 0 {
					test.took = 10 * time.Second
				}
				timeout, ok := errors.AsType[*wait.TimeoutError](failed)
				if apiErr, isCall := errors.AsType[*Error](failed); isCall {
					timeout, ok = apiErr.Timeout, apiErr.Timeout != nil
				}
				if !ok || !strings.Contains(timeout.Error(), "timed out after 10s (timeouts.create) while waiting for "+test.want) || took != test.took {
					t.Errorf("after %s: %v", took, failed)
				}
				if MayHaveActed(failed) != test.unknown {
					t.Errorf("the outcome is unknown: %t", !test.unknown)
				}
			})
		})
	}
}
