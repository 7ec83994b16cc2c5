package provider_test

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator"
)

const twoRecipients = `notification_channel_recipients = ["finance@example.com", "ops@example.com"]`

func (s spendScope) alertAddress() string { return "openai_" + s.kind + "_spend_alert.test" }

func (s spendScope) alert(body string) string {
	return fmt.Sprintf("resource \"openai_%s_spend_alert\" \"test\" {\n  %s\n  %s\n}\n", s.kind, s.argument, body)
}

func TestAccSpendAlert_lifecycle(t *testing.T) {
	forBothSpendScopes(t, func(t *testing.T, b *acctest.Backend, s spendScope) {
		address := s.alertAddress()
		var id string
		acctest.Test(t,
			resource.TestStep{
				PreConfig: func() { b.Mark(t) },
				Config:    b.Config(s.alert("threshold_usd = 80\n" + twoRecipients)),
				Check: resource.ComposeAggregateTestCheckFunc(
					acctest.TakeID(address, &id),
					resource.TestCheckResourceAttr(address, "threshold_amount", "8000"),
					resource.TestCheckResourceAttr(address, "currency", "USD"),
					resource.TestCheckResourceAttr(address, "interval", "month"),
					resource.TestCheckResourceAttr(address, "notification_channel_type", "email"),
					resource.TestCheckResourceAttr(address, "notification_channel_recipients.#", "2"),
					resource.TestCheckNoResourceAttr(address, "notification_channel_subject_prefix"),
					func(*terraform.State) error {
						b.Expect(t, 1, "POST", s.route+"/spend_alerts")
						return nil
					},
				),
			},
			// The order of recipients means nothing.
			resource.TestStep{
				Config:           b.Config(s.alert("threshold_usd = 80\nnotification_channel_recipients = [\"ops@example.com\", \"finance@example.com\"]")),
				ConfigPlanChecks: acctest.Action(address, plancheck.ResourceActionNoop),
			},
			resource.TestStep{
				Config:           b.Config(s.alert("threshold_amount = 9000\nnotification_channel_recipients = [\"ops@example.com\"]\nnotification_channel_subject_prefix = \"[dev]\"")),
				ConfigPlanChecks: acctest.Action(address, plancheck.ResourceActionUpdate),
				Check: resource.ComposeAggregateTestCheckFunc(
					resource.TestCheckResourceAttrPtr(address, "alert_id", &id),
					resource.TestCheckResourceAttr(address, "threshold_usd", "90"),
					resource.TestCheckResourceAttr(address, "notification_channel_recipients.#", "1"),
					resource.TestCheckResourceAttr(address, "notification_channel_subject_prefix", "[dev]"),
				),
			},
			acctest.Import(address, append(s.importBy, "alert_id")),
			resource.TestStep{
				Config:           b.Config(s.alert("threshold_amount = 9000\nnotification_channel_recipients = [\"ops@example.com\"]")),
				ConfigPlanChecks: acctest.Action(address, plancheck.ResourceActionUpdate),
				Check:            resource.TestCheckNoResourceAttr(address, "notification_channel_subject_prefix"),
			},
		)
		if status, _ := b.Try(t, "GET", s.path+"/spend_alerts/"+id, nil); status != 404 {
			t.Errorf("after destroy the alert answers %d", status)
		}
	})
}

func TestAccSpendAlert_disappearsAndDrifts(t *testing.T) {
	forBothSpendScopes(t, func(t *testing.T, b *acctest.Backend, s spendScope) {
		address, config := s.alertAddress(), b.Config(s.alert("threshold_usd = 80\n"+twoRecipients))
		var id string
		acctest.Test(t,
			resource.TestStep{Config: config, Check: acctest.TakeID(address, &id)},
			resource.TestStep{
				PreConfig:        func() { b.Do(t, "DELETE", s.path+"/spend_alerts/"+id, nil, nil) },
				Config:           config,
				ConfigPlanChecks: acctest.Action(address, plancheck.ResourceActionCreate),
				Check:            acctest.TakeID(address, &id),
			},
			resource.TestStep{
				PreConfig: func() {
					type channel struct {
						Type       string   `json:"type"`
						Recipients []string `json:"recipients"`
					}
					body := struct {
						ThresholdAmount     int     `json:"threshold_amount"`
						Currency            string  `json:"currency"`
						Interval            string  `json:"interval"`
						NotificationChannel channel `json:"notification_channel"`
					}{8000, "USD", "month", channel{"email", []string{"other@example.com"}}}
					b.Do(t, "POST", s.path+"/spend_alerts/"+id, body, nil)
				},
				Config:           config,
				ConfigPlanChecks: acctest.Action(address, plancheck.ResourceActionUpdate),
				Check:            resource.TestCheckTypeSetElemAttr(address, "notification_channel_recipients.*", "finance@example.com"),
			},
		)
	})
}

func TestAccProjectSpendAlert_otherProjectReplaces(t *testing.T) {
	b := acctest.Start(t)
	dev, prod := projectSpendScope(t, b), projectSpendScope(t, b)
	acctest.Test(t,
		resource.TestStep{Config: b.Config(dev.alert("threshold_usd = 10\n" + twoRecipients))},
		resource.TestStep{
			Config:           b.Config(prod.alert("threshold_usd = 10\n" + twoRecipients)),
			ConfigPlanChecks: acctest.Action(dev.alertAddress(), plancheck.ResourceActionReplace),
		},
	)
}

// The real API was reported to overwrite the hard limit when an alert is
// written. A managed limit survives that, in one apply and without a rest.
func TestAccSpendAlert_keepsTheHardLimit(t *testing.T) {
	clobbering := func(o *emulator.Options) { o.Behavior.AlertClobbersLimit = true }
	forBothSpendScopes(t, func(t *testing.T, b *acctest.Backend, s spendScope) {
		config := func(hard, soft int) string {
			return b.Config(s.limit(fmt.Sprintf("threshold_usd = %d", hard)) +
				s.alert(fmt.Sprintf("threshold_usd = %d\n%s\ndepends_on = [%s]", soft, twoRecipients, s.limitAddress())))
		}
		is := func(cents int64) resource.TestCheckFunc {
			return func(*terraform.State) error {
				if got := s.cents(t, b); got != cents {
					return fmt.Errorf("the hard limit is %d cents, expected %d", got, cents)
				}
				return nil
			}
		}
		acctest.Test(t,
			resource.TestStep{Config: config(100, 80), Check: is(10_000)},
			resource.TestStep{Config: config(50, 40), Check: is(5_000)},
			resource.TestStep{Config: config(60, 60), Check: is(6_000)},
		)
	}, clobbering)
}

func TestAccSpendAlert_invalidConfiguration(t *testing.T) {
	forBothSpendScopes(t, func(t *testing.T, b *acctest.Backend, s spendScope) {
		acctest.Refused(t, b, map[string]struct{ HCL, Message string }{
			"zero":           {s.alert("threshold_amount = 0\n" + twoRecipients), "threshold_amount value must be between 1"},
			"mills":          {s.alert("threshold_usd = 0.001\n" + twoRecipients), "threshold_usd must have two decimals at most"},
			"neither amount": {s.alert(twoRecipients), "At least one attribute out of"},
			"both amounts":   {s.alert("threshold_usd = 1\nthreshold_amount = 101\n" + twoRecipients), "threshold_usd is 1.00 USD and threshold_amount is 1.01 USD"},
			"no recipient":   {s.alert("threshold_usd = 1\nnotification_channel_recipients = []"), "set must contain at least 1 elements"},
			"no address":     {s.alert("threshold_usd = 1\nnotification_channel_recipients = [\"finance\"]"), "must be an e-mail address such as ada@example.com, got \"finance\""},
			"another type":   {s.alert("threshold_usd = 1\nnotification_channel_type = \"pager\"\n" + twoRecipients), `value must be one of: ["email"]`},
		})
	})
}
