package adminapi

import (
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/transport"
)

// A server that never answers is not waited for, and not asked again.
func TestAdviceDoesNotWait(t *testing.T) {
	var asked atomic.Int32
	release := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		select {
		case <-r.Context().Done():
		case <-release:
		}
	}))
	defer server.Close()
	defer close(release)
	client, err := New(Config{AdminAPIKey: transport.NewSecret("sk-admin-test"), BaseURL: server.URL + "/v1"})
	if err != nil {
		t.Fatal(err)
	}
	client.Advice.patience = 20 * time.Millisecond
	for range 3 {
		if spend := client.Advice.Spend(t.Context()); spend != nil {
			t.Errorf("the spend is %v", spend)
		}
	}
	if client.Advice.Unlimited(t.Context(), "proj_1") {
		t.Error("a project whose limit cannot be read is called unlimited")
	}
	if asked.Load() != 2 {
		t.Errorf("%d requests", asked.Load())
	}
}

func TestAdviceCountsTheMonthAndTheLastSevenDays(t *testing.T) {
	answer := `{"object":"page","has_more":false,"data":[
		{"start_time":1793404800,"end_time":1793491200,"results":[{"project_id":"proj_old","amount":{"value":5,"currency":"usd"}}]},
		{"start_time":1793491200,"end_time":1793577600,"results":[{"project_id":"proj_1","amount":{"value":0.10,"currency":"usd"}},{"project_id":null,"amount":{"value":0.20,"currency":"usd"}}]},
		{"start_time":1793923200,"end_time":1794009600,"results":[{"project_id":"proj_1","amount":{"value":0.02,"currency":"usd"}},{"project_id":"proj_free","amount":{"value":0,"currency":"usd"}}]}]}`
	var query string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		query = r.URL.RawQuery
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(answer))
	}))
	defer server.Close()
	now := time.Date(2026, 11, 10, 12, 0, 0, 0, time.UTC)
	client, err := New(Config{AdminAPIKey: transport.NewSecret("sk-admin-test"), BaseURL: server.URL + "/v1", Clock: &jumpClock{now: now}})
	if err != nil {
		t.Fatal(err)
	}
	spend := client.Advice.Spend(t.Context())
	if spend == nil {
		t.Fatal("nothing is known")
	}
	// The first of the month (UTC) is 1793491200, seven days ago 1793664000.
	for project, want := range map[string]string{WholeOrganization: "0.32", "proj_1": "0.12", "proj_old": "0", "proj_free": "0"} {
		if got := spend.Month[project].String(); got != want {
			t.Errorf("%q has spent %s this month, expected %s", project, got, want)
		}
	}
	if len(spend.Active) != 1 || !spend.Active["proj_1"] {
		t.Errorf("active are %v", spend.Active)
	}
	if want := "bucket_width=1d&end_time=1794312001&group_by%5B%5D=project_id&limit=180&start_time=1793491200"; query != want {
		t.Errorf("asked for %s, expected %s", query, want)
	}
}
