package provider_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/transport"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

const manyLimits = fromOurs + `
resource "openai_project" "test" {
  count = 14
  name  = "team-${count.index}"
}

resource "openai_project_spend_limit" "test" {
  count         = 14
  project_id    = openai_project.test[count.index].id
  threshold_usd = 50
}

resource "openai_project_spend_alert" "test" {
  count                           = 14
  project_id                      = openai_project.test[count.index].id
  threshold_usd                   = 40
  notification_channel_recipients = ["finops@example.com"]
}
`

// The real Terraform gets through the throttling of the API, on a clock that
// the provider shares with the emulator. Only requests are counted: how long
// they take depends on the machine.
func TestAccThrottledOnAFastClock(t *testing.T) {
	mirror := acctest.NewMirror(t)
	t.Parallel()
	clock := tfkit.ClockSettings{Speed: tfkit.MaxClockSpeed, Since: time.Now().Truncate(time.Second)}
	b := acctest.Start(t, func(o *emulator.Options) {
		o.Profile, o.Now = emulator.ProfileOpenAI, clock.Apply(transport.SystemClock{}).Now
	})
	c := mirror.CLI(t, b.URL, b.AdminKey)
	c.Setenv(clock.Environment()...)
	c.Write(t, "main.tf", manyLimits)
	c.Run(t, "init")
	c.Run(t, "apply", "-auto-approve", "-input=false")
	if said := c.Run(t, "plan", "-input=false"); !strings.Contains(said, "No changes.") {
		t.Errorf("the second plan is not empty:\n%s", said)
	}

	entries, err := b.Emulator.Journal(0)
	if err != nil {
		t.Fatal(err)
	}
	served, refused := map[string][]time.Time{}, map[string]int{}
	for _, entry := range entries {
		endpoint := entry.Method + " " + entry.Route
		if entry.Status == http.StatusTooManyRequests {
			refused[endpoint]++
			continue
		}
		at, err := time.Parse(time.RFC3339Nano, entry.At)
		if err != nil {
			t.Fatal(err)
		}
		served[endpoint] = append(served[endpoint], at)
	}
	// Terraform asks for one alert of each project; only reading ahead takes lists.
	if alerts := "GET /v1/organization/projects/{project_id}/spend_alerts"; len(served[alerts]) == 0 {
		t.Error("no list of alerts was read ahead")
	}
	const limit = "/v1/organization/projects/{project_id}/spend_limit"
	for endpoint, want := range map[string]int{"POST /v1/organization/projects": 14, "POST " + limit: 14} {
		if got := len(served[endpoint]); got != want {
			t.Errorf("%d requests to %s were served, want %d", got, endpoint, want)
		}
	}
	for endpoint, times := range served {
		// Terraform sends up to ten requests at a time, before the provider has seen
		// a refusal.
		if n := refused[endpoint]; n > 10+len(times) {
			t.Errorf("%d requests to %s were refused, and %d served", n, endpoint, len(times))
		}
		for i := 7; i < len(times); i++ {
			if span := times[i].Sub(times[i-7]); span < time.Minute {
				t.Errorf("%s: eight requests were served in %s of the API's time", endpoint, span)
			}
		}
	}
}
