package adminapi

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
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
			client, _, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
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
