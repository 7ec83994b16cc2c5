package adminapi

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/openai/openai-go/v3"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/transport"
)

// jumpClock is a clock on which waiting takes no time.
type jumpClock struct {
	mu     sync.Mutex
	now    time.Time
	waited time.Duration
}

func newJumpClock() *jumpClock {
	return &jumpClock{now: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)}
}

func (c *jumpClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *jumpClock) Sleep(ctx context.Context, d time.Duration) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if d > 0 {
		c.now = c.now.Add(d)
		c.waited += d
	}
	return nil
}

// AfterFunc is a real timer: tests of timers that a jump of the clock ends use
// a clock that has alarms.
func (c *jumpClock) AfterFunc(d time.Duration, f func()) { time.AfterFunc(d, f) }

const testKey = "sk-admin-0123456789abcdef"

// serve starts a server that answers with handler and returns a client of it
// and the number of requests it has had.
func serve(t *testing.T, handler http.HandlerFunc, change ...func(*Config)) (*Client, *jumpClock, *int) {
	t.Helper()
	var mu sync.Mutex
	requests := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		requests++
		mu.Unlock()
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("X-Request-Id", "req_1")
		handler(w, r)
	}))
	t.Cleanup(server.Close)
	clock := newJumpClock()
	config := Config{AdminAPIKey: transport.NewSecret(testKey), BaseURL: server.URL + "/v1", Clock: clock, UserAgent: "test"}
	for _, apply := range change {
		apply(&config)
	}
	client, err := New(config)
	if err != nil {
		t.Fatal(err)
	}
	return client, clock, &requests
}

func answer(w http.ResponseWriter, status int, body string) {
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body)
}

const projectJSON = `{"id":"proj_1","object":"organization.project","name":"dev","created_at":1793491201,"archived_at":null,"status":"active"}`

func TestReadsAreRetried(t *testing.T) {
	for _, status := range []int{408, 500, 502, 503, 504} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			failures := 2
			client, _, requests := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				if failures--; failures >= 0 {
					answer(w, status, `<html>bad gateway</html>`)
					return
				}
				answer(w, 200, projectJSON)
			})
			project, err := client.Projects.Get(t.Context(), "proj_1")
			if err != nil || project.Name != "dev" {
				t.Fatalf("%v, %v", project, err)
			}
			if *requests != 3 {
				t.Errorf("%d requests, want 3", *requests)
			}
		})
	}
}

func TestRefusalsAreFinal(t *testing.T) {
	for _, status := range []int{400, 401, 403, 404, 409, 422, 501} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			client, _, requests := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				answer(w, status, `{"error":{"message":"no","type":"invalid_request_error","param":"name","code":"odd"}}`)
			})
			_, err := client.Projects.Update(transport.WithWrites(t.Context()), "proj_1", openai.AdminOrganizationProjectUpdateParams{})
			var apiErr *Error
			if !errors.As(err, &apiErr) {
				t.Fatal(err)
			}
			if apiErr.Status != status || apiErr.Code != "odd" || apiErr.Param != "name" || apiErr.Message != "no" || apiErr.RequestID != "req_1" || apiErr.OutcomeUnknown {
				t.Errorf("got %+v", apiErr)
			}
			if *requests != 1 {
				t.Errorf("%d requests, want 1", *requests)
			}
		})
	}
}

func TestThrottlingIsWaitedOut(t *testing.T) {
	// Seven requests a minute, as the real API allows, without any hint.
	var clock *jumpClock
	var served []time.Time
	client, clock, requests := serve(t, func(w http.ResponseWriter, r *http.Request) {
		now := clock.Now()
		for len(served) > 0 && now.Sub(served[0]) >= time.Minute {
			served = served[1:]
		}
		if len(served) >= 7 {
			answer(w, 429, `{"error":{"message":"slow down","type":"requests","param":null,"code":null}}`)
			return
		}
		served = append(served, now)
		answer(w, 200, projectJSON)
	})
	const updates = 60
	for range updates {
		if _, err := client.Projects.Update(transport.WithWrites(t.Context()), "proj_1", openai.AdminOrganizationProjectUpdateParams{Name: openai.String("dev")}); err != nil {
			t.Fatal(err)
		}
	}
	least := time.Duration(updates-7) * time.Minute / 7
	if clock.waited > 2*least {
		t.Errorf("%d updates took %s, the quota allows them in %s", updates, clock.waited, least)
	}
	if *requests > 2*updates {
		t.Errorf("%d requests for %d updates", *requests, updates)
	}
	t.Logf("%d updates: %s waited (%s at best), %d refused", updates, clock.waited.Round(time.Second), least.Round(time.Second), *requests-updates)
}

func TestThrottlingEndsWithPatience(t *testing.T) {
	client, clock, _ := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		answer(w, 429, `{"error":{"message":"slow down"}}`)
	})
	_, err := client.Projects.Get(t.Context(), "proj_1")
	var apiErr *Error
	if !errors.As(err, &apiErr) || apiErr.Status != 429 {
		t.Fatal(err)
	}
	if clock.waited < DefaultMaxWait-20*time.Second*5/4 || clock.waited > DefaultMaxWait {
		t.Errorf("gave up after %s", clock.waited)
	}
	if !apiErr.WaitExhausted {
		t.Error("the error does not say that max_wait is spent")
	}
}

func TestRetryHintIsHonored(t *testing.T) {
	for header, value := range map[string]string{"Retry-After": "17", "Retry-After-Ms": "17000"} {
		t.Run(header, func(t *testing.T) {
			throttled := false
			client, clock, _ := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				if !throttled {
					throttled = true
					w.Header().Set(header, value)
					answer(w, 429, `{}`)
					return
				}
				answer(w, 200, projectJSON)
			})
			if _, err := client.Projects.Get(t.Context(), "proj_1"); err != nil {
				t.Fatal(err)
			}
			if clock.waited < 17*time.Second || clock.waited > 80*time.Second {
				t.Errorf("waited %s for a hint of 17 s", clock.waited)
			}
		})
	}
}

func TestCreationIsNeverRepeatedBlindly(t *testing.T) {
	type world struct {
		projects []string
		posts    int
	}
	list := func(w http.ResponseWriter, state *world) {
		answer(w, 200, `{"object":"list","data":[`+strings.Join(state.projects, ",")+`],"has_more":false,"last_id":null}`)
	}
	made := func(id string, at int64) string {
		return fmt.Sprintf(`{"id":%q,"object":"organization.project","name":"dev","created_at":%d,"status":"active"}`, id, at)
	}
	const old = 1690000000
	now := time.Now().Unix()

	for name, test := range map[string]struct {
		state    world
		post     func(w http.ResponseWriter, state *world)
		id       string
		message  string
		posts    int
		projects int
	}{
		"answer lost after the server acted": {
			state: world{projects: []string{made("proj_old", old)}},
			post: func(w http.ResponseWriter, state *world) {
				state.projects = append(state.projects, made("proj_new", now))
				panic(http.ErrAbortHandler)
			},
			id: "proj_new", posts: 1, projects: 2,
		},
		"gateway failed after the server acted": {
			post: func(w http.ResponseWriter, state *world) {
				state.projects = append(state.projects, made("proj_new", now))
				answer(w, 504, "<html>timeout</html>")
			},
			id: "proj_new", posts: 1, projects: 1,
		},
		"answer cut short": {
			post: func(w http.ResponseWriter, state *world) {
				state.projects = append(state.projects, made("proj_new", now))
				w.Header().Set("Content-Length", "1000")
				answer(w, 200, `{"id":`)
			},
			id: "proj_new", posts: 1, projects: 1,
		},
		"answer is no JSON": {
			post: func(w http.ResponseWriter, state *world) {
				state.projects = append(state.projects, made("proj_new", now))
				w.Header().Set("Content-Type", "text/html")
				answer(w, 200, `<html>fine</html>`)
			},
			id: "proj_new", posts: 1, projects: 1,
		},
		"the server did not act": {
			post: func(w http.ResponseWriter, state *world) {
				if state.posts == 1 {
					answer(w, 500, `{"error":{"message":"oops"}}`)
					return
				}
				state.projects = append(state.projects, made("proj_new", now))
				answer(w, 200, made("proj_new", now))
			},
			message: "500", posts: 1, projects: 0,
		},
		"several match": {
			state: world{projects: []string{made("proj_a", now), made("proj_b", now)}},
			post: func(w http.ResponseWriter, _ *world) {
				panic(http.ErrAbortHandler)
			},
			message: "proj_a proj_b", posts: 1, projects: 2,
		},
	} {
		t.Run(name, func(t *testing.T) {
			state := test.state
			var mu sync.Mutex
			client, _, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
				mu.Lock()
				defer mu.Unlock()
				if r.Method == http.MethodPost {
					state.posts++
					test.post(w, &state)
					return
				}
				list(w, &state)
			})
			project, err := client.Projects.Create(transport.WithWrites(t.Context()), openai.AdminOrganizationProjectNewParams{Name: "dev"})
			if test.message != "" {
				if err == nil || !strings.Contains(err.Error(), test.message) {
					t.Errorf("got %v", err)
				}
			} else if err != nil || project.ID != test.id {
				t.Errorf("got %v, %v", project, err)
			}
			mu.Lock()
			defer mu.Unlock()
			if state.posts != test.posts || len(state.projects) != test.projects {
				t.Errorf("%d requests to create and %d projects, want %d and %d", state.posts, len(state.projects), test.posts, test.projects)
			}
		})
	}
}

func TestErrorBodiesOfEveryShape(t *testing.T) {
	for body, want := range map[string]string{
		`{"error":{"message":"plain","code":null}}`:          "plain",
		`{"error":"only text"}`:                              "only text",
		`{"code":404,"message":"The project was not found"}`: "The project was not found",
		`Bad gateway of Nginx`:                               "Bad gateway of Nginx",
		``:                                                   "",
	} {
		t.Run(body, func(t *testing.T) {
			client, _, _ := serve(t, func(w http.ResponseWriter, _ *http.Request) { answer(w, 404, body) })
			_, err := client.Projects.Get(t.Context(), "proj_1")
			var apiErr *Error
			if !errors.As(err, &apiErr) || apiErr.Status != 404 || apiErr.Message != want {
				t.Errorf("got %#v, want 404 %q", err, want)
			}
		})
	}
}

func TestErrorsHoldNoSecret(t *testing.T) {
	client, _, _ := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		answer(w, 401, `{"error":{"message":"Incorrect API key provided: `+testKey+`, nor sk-proj-abcdefghijkl"}}`)
	})
	_, err := client.Projects.Get(t.Context(), "proj_1")
	if err == nil || strings.Contains(err.Error(), testKey) || strings.Contains(err.Error(), "abcdefghijkl") {
		t.Errorf("got %v", err)
	}
}

func TestRedirectsAreRefused(t *testing.T) {
	foreign := 0
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { foreign++ }))
	defer other.Close()
	client, _, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, other.URL, http.StatusTemporaryRedirect)
	})
	if _, err := client.Projects.Update(transport.WithWrites(t.Context()), "proj_1", openai.AdminOrganizationProjectUpdateParams{}); err == nil || !strings.Contains(err.Error(), "redirect") {
		t.Errorf("got %v", err)
	}
	if foreign != 0 {
		t.Errorf("%d requests, with the admin key, reached another origin", foreign)
	}
}

func TestHostileIDsAreNotSent(t *testing.T) {
	client, _, requests := serve(t, func(w http.ResponseWriter, _ *http.Request) { answer(w, 200, projectJSON) })
	for _, id := range []string{"..", ".", "a/b", "a\nb", `a\b`} {
		_, err := client.Projects.Update(transport.WithWrites(t.Context()), id, openai.AdminOrganizationProjectUpdateParams{})
		if err == nil {
			t.Errorf("%q was accepted", id)
		}
	}
	if *requests != 0 {
		t.Errorf("%d requests were sent", *requests)
	}
}

func TestCancellationEndsWaitingAtOnce(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	client, _, requests := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		cancel()
		answer(w, 429, `{}`)
	})
	if _, err := client.Projects.Get(ctx, "proj_1"); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if *requests != 1 {
		t.Errorf("%d requests after the cancellation", *requests-1)
	}
}

func TestNewObjectsMayBeInvisibleForAMoment(t *testing.T) {
	hidden := 2
	client, _, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/proj_1") {
			if hidden--; hidden >= 0 {
				answer(w, 404, `{"error":{"message":"not yet"}}`)
				return
			}
		}
		answer(w, 200, projectJSON)
	})
	if _, err := client.Projects.Create(transport.WithWrites(t.Context()), openai.AdminOrganizationProjectNewParams{Name: "dev"}); err != nil {
		t.Fatal(err)
	}
	if _, err := client.Projects.Update(transport.WithWrites(t.Context()), "proj_1", openai.AdminOrganizationProjectUpdateParams{Name: openai.String("dev")}); err != nil {
		t.Error(err)
	}
}

func TestBaseURLs(t *testing.T) {
	for base, good := range map[string]bool{
		"https://api.openai.com/v1":              true,
		"https://eu.api.openai.com/v1/":          true,
		"http://127.0.0.1:8080/v1":               true,
		"http://localhost:8080/v1":               true,
		"http://[::1]:8080/v1":                   true,
		"http://api.openai.com/v1":               false,
		"http://localhost.example.com/v1":        false,
		"ftp://api.openai.com/v1":                false,
		"api.openai.com":                         false,
		"https://user:pw@api.openai.com/v1":      false,
		"https://api.openai.com/v1?x=y":          false,
		"https://api.openai.com/v1/organization": false,
		"":                                       false,
	} {
		if err := transport.CheckBaseURL(base); (err == nil) != good {
			t.Errorf("%q: %v", base, err)
		}
	}
}
