package limit_test

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/seed"
)

func (s scope) data(kind, body string) string {
	return fmt.Sprintf("data \"openai_%s_%s\" \"test\" {\n  %s\n  %s\n}\n", s.kind, kind, s.argument, body)
}

func (s scope) dataAddress(kind string) string { return "data.openai_" + s.kind + "_" + kind + ".test" }

func TestAccSpendLimitDataSource(t *testing.T) {
	forBothScopes(t, func(t *testing.T, b *acctest.Backend, s scope) {
		address := s.dataAddress("spend_limit")
		acctest.Test(t,
			resource.TestStep{Config: b.Config(s.data("spend_limit", "")), ExpectError: acctest.Message("There is no spend limit of")},
			resource.TestStep{
				Config: b.Config(s.limit("threshold_usd = 12.34") + s.data("spend_limit", "depends_on = ["+s.limitAddress()+"]")),
				Check: resource.ComposeAggregateTestCheckFunc(
					resource.TestCheckResourceAttr(address, "threshold_amount", "1234"),
					resource.TestCheckResourceAttr(address, "threshold_usd", "12.34"),
					resource.TestCheckResourceAttr(address, "enforcement_status", "inactive"),
				),
			},
		)
	})
}

func TestAccSpendAlertDataSources(t *testing.T) {
	forBothScopes(t, func(t *testing.T, b *acctest.Backend, s scope) {
		one, all := s.dataAddress("spend_alert"), s.dataAddress("spend_alerts")
		acctest.Test(t,
			resource.TestStep{Config: b.Config(s.data("spend_alerts", "")), Check: resource.TestCheckResourceAttr(all, "spend_alerts.#", "0")},
			resource.TestStep{Config: b.Config(s.data("spend_alert", `alert_id = "alert_none"`)), ExpectError: acctest.Message("No such spend alert")},
			// More than one page.
			resource.TestStep{
				PreConfig: func() {
					type channel struct {
						Type       string   `json:"type"`
						Recipients []string `json:"recipients"`
					}
					for i := range 105 {
						b.Do(t, "POST", s.path+"/spend_alerts", struct {
							ThresholdAmount     int     `json:"threshold_amount"`
							Currency            string  `json:"currency"`
							Interval            string  `json:"interval"`
							NotificationChannel channel `json:"notification_channel"`
						}{1000 - i, "USD", "month", channel{"email", []string{"ops@example.com"}}}, nil)
					}
				},
				Config: b.Config(s.data("spend_alerts", "")),
				Check: resource.ComposeAggregateTestCheckFunc(
					resource.TestCheckResourceAttr(all, "spend_alerts.#", "105"),
					resource.TestCheckResourceAttr(all, "spend_alerts.0.threshold_amount", "896"),
					resource.TestCheckResourceAttr(all, "spend_alerts.104.threshold_amount", "1000"),
				),
			},
			resource.TestStep{
				Config: b.Config(s.alert("threshold_usd = 80\n"+twoRecipients+"\nnotification_channel_subject_prefix = \"[x]\"") +
					s.data("spend_alert", "alert_id = "+s.alertAddress()+".alert_id")),
				Check: resource.ComposeAggregateTestCheckFunc(
					resource.TestCheckResourceAttr(one, "threshold_usd", "80"),
					resource.TestCheckResourceAttr(one, "notification_channel_subject_prefix", "[x]"),
					resource.TestCheckTypeSetElemAttr(one, "notification_channel_recipients.*", "ops@example.com"),
				),
			},
		)
	})
}

func TestAccRateLimitDataSources(t *testing.T) {
	const models = 130
	organization := seed.Default()
	organization.Models = nil
	for i := range models {
		organization.Models = append(organization.Models, seed.Model{Model: fmt.Sprintf("model-%03d", i), RequestsPerMinute: int64(i) + 1, TokensPerMinute: 10})
	}
	b := acctest.Start(t, func(o *emulator.Options) { o.Seed = organization })
	s := projectScope(t, b)
	one, all := s.dataAddress("rate_limit"), s.dataAddress("rate_limits")
	acctest.Test(t,
		resource.TestStep{
			Config: b.Config(s.data("rate_limits", "")),
			Check: resource.ComposeAggregateTestCheckFunc(
				resource.TestCheckResourceAttr(all, "rate_limits.#", fmt.Sprint(models)),
				resource.TestCheckResourceAttr(all, "rate_limits.0.model", "model-000"),
				resource.TestCheckResourceAttr(all, "rate_limits.129.max_requests_per_1_minute", "130"),
			),
		},
		resource.TestStep{Config: b.Config(s.data("rate_limit", `model = "none"`)), ExpectError: acctest.Message("There is no rate limit of project")},
		resource.TestStep{Config: b.Config(s.data("rate_limit", ``)), ExpectError: acctest.Message("No attribute specified")},
		resource.TestStep{
			Config: b.Config(s.data("rate_limit", `model = "model-120"`)),
			Check: resource.ComposeAggregateTestCheckFunc(
				resource.TestCheckResourceAttr(one, "rate_limit_id", "rl-model-120"),
				resource.TestCheckResourceAttr(one, "max_requests_per_1_minute", "121"),
			),
		},
		resource.TestStep{Config: b.Config(s.data("rate_limit", `rate_limit_id = "rl-model-007"`)), Check: resource.TestCheckResourceAttr(one, "model", "model-007")},
	)
}
