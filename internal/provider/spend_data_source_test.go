package provider_test

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
)

func (s spendScope) data(kind, body string) string {
	return fmt.Sprintf("data \"openai_%s_%s\" \"test\" {\n  %s\n  %s\n}\n", s.kind, kind, s.argument, body)
}

func (s spendScope) dataAddress(kind string) string {
	return "data.openai_" + s.kind + "_" + kind + ".test"
}

func TestAccSpendLimitDataSource(t *testing.T) {
	forBothSpendScopes(t, func(t *testing.T, b *acctest.Backend, s spendScope) {
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
	forBothSpendScopes(t, func(t *testing.T, b *acctest.Backend, s spendScope) {
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
