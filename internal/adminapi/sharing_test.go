package adminapi

import (
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/transport"
)

// quota plays an endpoint that takes seven requests a minute from all who call
// it together, and counts them by caller.
type quota struct {
	mu     sync.Mutex
	recent []time.Time
	served map[string]int
}

// of is the endpoint as one of the callers sees it.
func (q *quota) of(caller string) http.RoundTripper {
	return roundTripper(func(r *http.Request) (*http.Response, error) {
		q.mu.Lock()
		defer q.mu.Unlock()
		for len(q.recent) > 0 && time.Since(q.recent[0]) >= time.Minute {
			q.recent = q.recent[1:]
		}
		response := &http.Response{
			StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}}, Request: r,
			Body: io.NopCloser(strings.NewReader(`{"object":"project.spend_limit","threshold_amount":100,"currency":"USD","interval":"month"}`)),
		}
		if len(q.recent) >= 7 {
			response.StatusCode = http.StatusTooManyRequests
			response.Body = io.NopCloser(strings.NewReader(`{"error":{"message":"slow down"}}`))
			return response, nil
		}
		q.recent = append(q.recent, time.Now())
		q.served[caller]++
		return response, nil
	})
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// Two runs at the same time get through, and neither takes all, whether they
// start together or one has learned the quota before the other comes: by the
// time that one has had 60 answers, the other has had a quarter of that at
// least.
func TestTwoProcessesShareAQuota(t *testing.T) {
	const each = 60
	for _, head := range []time.Duration{0, 4 * time.Minute} {
		// The jitter is random, so that one run says little about fairness.
		const runs = 20
		slowest := 0
		for range runs {
			synctest.Test(t, func(t *testing.T) {
				q := &quota{served: map[string]int{}}
				started := time.Now()
				var done sync.WaitGroup
				done.Go(func() { q.read(t, "one", each+int(head.Minutes())*7) })
				time.Sleep(head)
				before := q.had("one")
				done.Go(func() { q.read(t, "two", each) })
				var one, two int
				for one < each && two < each {
					time.Sleep(time.Second)
					one, two = q.had("one")-before, q.had("two")
				}
				slower := min(one, two)
				slowest += slower
				if slower < each/10 {
					t.Errorf("one had %d when the other had %d", slower, each)
				}
				done.Wait()
				ideal := head + 2*each*time.Minute/7
				if took := time.Since(started); took > ideal*3/2 {
					t.Errorf("both took %s, and could have taken %s", took, ideal)
				}
			})
		}
		if slowest < runs*each/3 {
			t.Errorf("on average, one had %d when the other had %d", slowest/runs, each)
		}
	}
}

// read reads as Terraform does, ten at a time.
func (q *quota) read(t *testing.T, caller string, count int) {
	client, err := New(Config{AdminAPIKey: transport.NewSecret(testKey), Transport: q.of(caller), MaxWait: time.Hour})
	if err != nil {
		t.Error(err)
		return
	}
	queue := make(chan struct{})
	var readers sync.WaitGroup
	for range 10 {
		readers.Go(func() {
			for range queue {
				if _, err := client.SpendLimits.Get(t.Context(), "proj_1"); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for range count {
		queue <- struct{}{}
	}
	close(queue)
	readers.Wait()
}

func (q *quota) had(caller string) int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.served[caller]
}
