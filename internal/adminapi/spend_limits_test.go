package adminapi

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/transport"
)

// Writing an alert restores a limit that the API changed with it, and leaves one
// that others changed since it was read.
func TestAlertsKeepTheLimitOfNow(t *testing.T) {
	t.Parallel()
	for _, damages := range []bool{false, true} {
		for _, amount := range []int64{100, 9000} {
			limit := int64(5000)
			client, clock, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
				var body struct {
					ThresholdAmount int64 `json:"threshold_amount"`
				}
				if r.Method == http.MethodPost {
					if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
						t.Error(err)
					}
				}
				switch {
				case strings.HasSuffix(r.URL.Path, "/spend_limit"):
					if r.Method == http.MethodPost {
						limit = body.ThresholdAmount
					}
					answer(w, 200, fmt.Sprintf(`{"object":"project.spend_limit","threshold_amount":%d,"currency":"USD","interval":"month"}`, limit))
				default:
					if damages {
						limit = body.ThresholdAmount
					}
					answer(w, 200, `{"id":"alert_1","threshold_amount":100,"currency":"USD","interval":"month","notification_channel":{"type":"email","recipients":["a@example.com"]}}`)
				}
			})
			if _, err := client.SpendLimits.Get(t.Context(), "proj_1"); err != nil {
				t.Fatal(err)
			}
			limit = 9000
			_ = clock.Sleep(t.Context(), recentlyKnown)
			alert := SpendAlert{ID: "alert_1", ThresholdAmount: amount, Currency: "USD", Interval: "month", Recipients: []string{"a@example.com"}}
			if _, err := client.SpendAlerts.Update(transport.WithWrites(t.Context()), "proj_1", alert); err != nil {
				t.Fatal(err)
			}
			if limit != 9000 {
				t.Errorf("an alert over %d, damage %t: the limit is %d", amount, damages, limit)
			}
		}
	}
}

// Alerts that are written soon after the limit cost one read of it, together
// where they are written at the same time. What others set meanwhile stays.
func TestAlertsAfterALimitReadItOnce(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		meanwhile, damage int64 // the limit after the alerts
		want              int64
	}{
		"the limit stays":           {0, 0, 5000},
		"an alert overwrites it":    {0, 100, 5000},
		"others set another amount": {7000, 0, 7000},
	} {
		var mu sync.Mutex
		limit, reads, alerts := int64(0), 0, 0
		together := make(chan struct{})
		client, _, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
			mu.Lock()
			defer mu.Unlock()
			if strings.HasSuffix(r.URL.Path, "/spend_limit") {
				if r.Method == http.MethodPost {
					limit = 5000
				} else {
					reads++
				}
				answer(w, 200, fmt.Sprintf(`{"object":"project.spend_limit","threshold_amount":%d,"currency":"USD","interval":"month"}`, limit))
				return
			}
			if alerts++; alerts == 3 {
				limit = cmp.Or(test.meanwhile, test.damage, limit)
				close(together)
			}
			mu.Unlock()
			<-together
			mu.Lock()
			answer(w, 200, fmt.Sprintf(`{"id":"alert_%d","threshold_amount":100,"currency":"USD","interval":"month","notification_channel":{"type":"email","recipients":["a@example.com"]}}`, alerts))
		})
		ctx := transport.WithWrites(t.Context())
		if _, err := client.SpendLimits.Set(ctx, "proj_1", SpendLimit{ThresholdAmount: 5000, Currency: "USD", Interval: "month"}); err != nil {
			t.Fatal(err)
		}
		var writers sync.WaitGroup
		for i := range 3 {
			writers.Go(func() {
				alert := SpendAlert{ID: fmt.Sprint("alert_", i), ThresholdAmount: 100, Currency: "USD", Interval: "month", Recipients: []string{"a@example.com"}}
				if _, err := client.SpendAlerts.Update(ctx, "proj_1", alert); err != nil {
					t.Error(err)
				}
			})
		}
		writers.Wait()
		if limit != test.want || reads == 0 || reads > 3 {
			t.Errorf("%s: the limit is %d after %d reads, want %d", name, limit, reads, test.want)
		}
	}
}
