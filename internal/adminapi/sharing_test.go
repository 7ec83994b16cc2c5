package adminapi

import (
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
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

// Two runs at the same time get through, and neither takes all: by the time
// that the first has finished, the other has had a third of its own at least.
func TestTwoProcessesShareAQuota(t *testing.T) {
	const each = 60
	for range 20 { // the jitter is random
		synctest.Test(t, func(t *testing.T) {
			q := &quota{served: map[string]int{}}
			var done sync.WaitGroup
			var slower int
			started := time.Now()
			for _, caller := range []string{"one", "two"} {
				client, err := New(Config{AdminAPIKey: testKey, Transport: q.of(caller)})
				if err != nil {
					t.Fatal(err)
				}
				var own sync.WaitGroup
				for range 10 { // Terraform's parallelism
					own.Go(func() {
						for range each / 10 {
							if _, err := client.SpendLimits.Get(t.Context(), "proj_1"); err != nil {
								t.Error(err)
							}
						}
					})
				}
				done.Go(func() {
					own.Wait()
					q.mu.Lock()
					defer q.mu.Unlock()
					if slower == 0 {
						slower = min(q.served["one"], q.served["two"])
					}
				})
			}
			done.Wait()
			if slower < each/3 {
				t.Errorf("one had %d when the other had %d", slower, each)
			}
			ideal := time.Duration(2*each/7) * time.Minute
			if took := time.Since(started); took > 3*ideal {
				t.Errorf("both took %s, and could have taken %s", took, ideal)
			}
		})
	}
}
