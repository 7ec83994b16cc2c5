package adminapi

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/openai/openai-go/v3"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/transport"
)

// A hint that is longer than the rest of max_wait fails at once, also for the
// next call, and a wait without a hint never exceeds max_wait.
func TestWaitsStayWithinMaxWait(t *testing.T) {
	for name, test := range map[string]struct {
		header, value string
		maxWait       time.Duration
		waited        time.Duration
	}{
		"a day":               {"Retry-After", "86400", time.Minute, 0},
		"60 s of 10 s":        {"Retry-After", "60", 10 * time.Second, 0},
		"60 s of 10 s, in ms": {"Retry-After-Ms", "60000", 10 * time.Second, 0},
		"no hint":             {"Retry-After", "", 10 * time.Second, 10 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			client, clock, requests := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set(test.header, test.value)
				answer(w, http.StatusTooManyRequests, `{"error":{"message":"slow down"}}`)
			}, func(c *Config) { c.MaxWait = test.maxWait })
			_, err := client.Projects.Get(t.Context(), "proj_1")
			var apiErr *Error
			if !errors.As(err, &apiErr) || apiErr.Status != http.StatusTooManyRequests || apiErr.MaxWait != test.maxWait {
				t.Fatalf("got %v", err)
			}
			if clock.waited > test.waited {
				t.Errorf("waited %s with max_wait %s", clock.waited, test.maxWait)
			}
			if test.value == "" {
				if !apiErr.WaitExhausted || apiErr.RetryAfter != 0 {
					t.Errorf("got %+v", apiErr)
				}
				return
			}
			if apiErr.WaitExhausted || !strings.Contains(err.Error(), "asks to wait "+apiErr.RetryAfter.String()) || !strings.Contains(err.Error(), "max_wait ("+test.maxWait.String()+")") {
				t.Errorf("got %v", err)
			}
			_, _ = client.Projects.Get(t.Context(), "proj_2") // reads the list, another endpoint
			if _, err := client.Projects.Get(t.Context(), "proj_3"); err == nil || !strings.Contains(err.Error(), "max_wait") || *requests != 2 || clock.waited > 0 {
				t.Errorf("the next call: %v, %d requests, %s waited", err, *requests, clock.waited)
			}
		})
	}
}

// No hint leads to more than one request a second to an endpoint.
func TestOddHintsCauseNoStorm(t *testing.T) {
	for _, hint := range []string{"", "0", "-1", "NaN", "Inf", "1e-300", "0.0001", "1e300", "garbage", "Thu, 01 Jan 1970 00:00:00 GMT"} {
		for _, header := range []string{"Retry-After", "Retry-After-Ms"} {
			client, clock, requests := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set(header, hint)
				answer(w, http.StatusTooManyRequests, `{}`)
			}, func(c *Config) { c.MaxWait = 20 * time.Second })
			var group sync.WaitGroup
			const callers = 5
			for i := range callers {
				group.Go(func() { _, _ = client.Projects.Get(t.Context(), fmt.Sprintf("proj_%d", i)) })
			}
			group.Wait()
			if most := callers + int(clock.waited/time.Second); *requests > most {
				t.Errorf("%s %q: %d requests in %s", header, hint, *requests, clock.waited)
			}
		}
	}
}

// inMemory is a server without a network, for the time of synctest.
type inMemory http.HandlerFunc

func (serve inMemory) RoundTrip(r *http.Request) (*http.Response, error) {
	recorder := httptest.NewRecorder()
	recorder.Header().Set("Content-Type", "application/json")
	serve(recorder, r)
	return recorder.Result(), nil
}

// 150 calls at once and 7 a minute: the queue is longer than max_wait, and none
// of the calls fails, although each meets a failure of a gateway at first.
func TestTimeInTheQueueIsNotPatience(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var served []time.Time
		failed := map[string]bool{}
		client, err := New(Config{AdminAPIKey: transport.NewSecret(testKey), MaxWait: 15 * time.Minute, Transport: inMemory(func(w http.ResponseWriter, r *http.Request) {
			mu.Lock()
			defer mu.Unlock()
			now := time.Now()
			for len(served) > 0 && now.Sub(served[0]) >= time.Minute {
				served = served[1:]
			}
			if len(served) >= 7 {
				answer(w, http.StatusTooManyRequests, `{}`)
				return
			}
			served = append(served, now)
			if !failed[r.URL.Path] {
				failed[r.URL.Path] = true
				answer(w, http.StatusBadGateway, `<html></html>`)
				return
			}
			answer(w, http.StatusOK, projectJSON)
		})})
		if err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		var group sync.WaitGroup
		for i := range 150 {
			group.Go(func() {
				params := openai.AdminOrganizationProjectUpdateParams{Name: openai.String("dev")}
				if _, err := client.Projects.Update(transport.WithWrites(t.Context()), fmt.Sprintf("proj_%d", i), params); err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
		if waited := time.Since(began); waited < 35*time.Minute {
			t.Errorf("waited only %s", waited)
		}
	})
}

// Two pages whose cursors alternate, also when each has a new object, and pages
// on which nothing is new.
func TestListsThatNeverEnd(t *testing.T) {
	n := 0
	alternate := func(after string) string { return map[string]string{"": "a", "a": "b", "b": "a"}[after] }
	for name, test := range map[string]struct {
		next    func(after string) string
		objects bool // that are new on each page
	}{
		"alternating cursors":                  {alternate, false},
		"alternating cursors with new objects": {alternate, true},
		"new cursors":                          {func(string) string { return fmt.Sprint("cursor_", n) }, false},
	} {
		fields := map[string]string{"groups": "next", "projects": "last_id", "costs": "next_page", "audit_logs": "last_id"}
		var requests *int
		client, _, requests := serve(t, func(w http.ResponseWriter, r *http.Request) {
			n++
			object := 1
			if test.objects {
				object = n
			}
			next := test.next(r.URL.Query().Get("after") + r.URL.Query().Get("page"))
			more := *requests < 20 // a list that is read further fails the test, and ends
			kind := r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:]
			answer(w, http.StatusOK, fmt.Sprintf(`{"data":[{"id":"x_%d","name":"a","type":"user.added","effective_at":1,"start_time":%[1]d,"end_time":%d,"results":[]}],"has_more":%t,%q:%q}`,
				object, object+1, more, fields[kind], next))
		})
		lists := map[string]func() error{
			"groups":   func() error { _, err := client.Groups.List(t.Context()); return err },
			"projects": func() error { _, err := client.Projects.List(t.Context(), false); return err },
			"costs": func() error {
				_, err := client.Usage.Costs(t.Context(), UsageQuery{StartTime: 1, EndTime: 2, BucketWidth: "1d"})
				return err
			},
			"audit log": func() error { _, _, err := client.AuditLogs.List(t.Context(), AuditFilter{}, 1000); return err },
		}
		if test.objects {
			delete(lists, "audit log") // its cursor is the id of the last entry, which is new
		}
		for kind, list := range lists {
			*requests = 0
			if err := list(); err == nil || !strings.Contains(err.Error(), "never ends") {
				t.Errorf("%s, %s: %v", kind, name, err)
			}
			if *requests > 3 {
				t.Errorf("%s, %s: %d requests", kind, name, *requests)
			}
		}
	}
}

// max_wait bounds each streak of refusals: a failure between two streaks begins
// a new one.
func TestPatienceIsPerStreak(t *testing.T) {
	answers := []int{http.StatusTooManyRequests, http.StatusBadGateway, http.StatusTooManyRequests, http.StatusOK}
	client, clock, _ := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		status := answers[0]
		answers = answers[1:]
		if status == http.StatusTooManyRequests {
			w.Header().Set("Retry-After", "480")
		}
		answer(w, status, projectJSON)
	}, func(c *Config) { c.MaxWait = 10 * time.Minute })
	if _, err := client.Projects.Get(t.Context(), "proj_1"); err != nil {
		t.Error(err)
	}
	if clock.waited < 16*time.Minute {
		t.Errorf("waited only %s", clock.waited)
	}
}

// An interrupt ends a read that is under way.
func TestCancellationEndsReadsAtOnce(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	client, _, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		cancel()
		select {
		case <-r.Context().Done():
		case <-time.After(5 * time.Second): // of a client that goes on reading
			answer(w, http.StatusOK, projectJSON)
		}
	})
	if _, err := client.Projects.Get(ctx, "proj_1"); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// A 404 to a write below an object that another process created less than five
// minutes ago is not believed; the age is read once.
func TestWritesBelowYoungObjects(t *testing.T) {
	for name, test := range map[string]struct {
		age      time.Duration
		requests int
	}{"young": {4 * time.Minute, 4}, "old": {6 * time.Minute, 2}} {
		var clock *jumpClock
		hidden := 2
		client, clock, requests := serve(t, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Date", clock.Now().Format(http.TimeFormat))
			switch {
			case r.Method == http.MethodGet:
				answer(w, http.StatusOK, fmt.Sprintf(`{"id":"proj_1","name":"dev","status":"active","created_at":%d}`, clock.Now().Add(-test.age).Unix()))
			case hidden > 0:
				hidden--
				answer(w, http.StatusNotFound, `{"error":{"message":"no such project"}}`)
			default:
				answer(w, http.StatusOK, `{"id":"svc_1","name":"dev","role":"member","created_at":1}`)
			}
		})
		_, err := client.ServiceAccounts.Update(transport.WithWrites(t.Context()), "proj_1", "svc_1", openai.AdminOrganizationProjectServiceAccountUpdateParams{})
		if isFound := !IsNotFound(err); isFound != (name == "young") || *requests != test.requests {
			t.Errorf("%s: %v after %d requests", name, err, *requests)
		}
	}
}
