package emulator_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/api"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/seed"
)

// unused starts an organization without usage.
func unused() *seed.Seed {
	s := seed.Default()
	s.Usage = nil
	return s
}

// scopes are the paths under which limits are found.
func scopes(t *testing.T, o *organization) map[string]string {
	return map[string]string{"organization": "/organization", "project": "/organization/projects/" + o.project(t, "dev")}
}

func limitOf(cents int) string {
	return fmt.Sprintf(`{"threshold_amount":%d,"currency":"USD","interval":"month"}`, cents)
}

func alertAt(cents int) string {
	return fmt.Sprintf(`{"threshold_amount":%d,"currency":"USD","interval":"month","notification_channel":{"type":"email","recipients":["a@example.com"]}}`, cents)
}

func TestSpendLimits(t *testing.T) {
	clock := newClock()
	o := start(t, emulator.Options{Seed: unused(), Now: clock.Now})
	for kind, path := range scopes(t, o) {
		t.Run(kind, func(t *testing.T) {
			path += "/spend_limit"
			o.refused(t, 404, "GET", path, "")
			o.refused(t, 404, "DELETE", path, "")
			set := o.do(t, "POST", path, limitOf(500))
			expect(t, "object", set.text("object"), kind+".spend_limit")
			expect(t, "enforcement", set.object("enforcement").text("status"), "inactive")
			expect(t, "amount", o.do(t, "POST", path, limitOf(700)).text("threshold_amount"), "700")
			expect(t, "amount", o.do(t, "GET", path, "").text("threshold_amount"), "700")
			for body, param := range map[string]string{
				limitOf(0):  "threshold_amount",
				limitOf(-1): "threshold_amount",
				`{"threshold_amount":1.5,"currency":"USD","interval":"month"}`: "threshold_amount",
				`{"threshold_amount":1,"interval":"month"}`:                    "currency",
				`{"threshold_amount":1,"currency":"EUR","interval":"month"}`:   "currency",
				`{"threshold_amount":1,"currency":"USD"}`:                      "interval",
				`{"threshold_amount":1,"currency":"USD","interval":"day"}`:     "interval",
			} {
				expect(t, "param of "+body, o.refused(t, 400, "POST", path, body).text("param"), param)
			}
			o.do(t, "DELETE", path, "")
			o.refused(t, 404, "GET", path, "")
		})
	}
}

func TestSpendLimitsCountWithinTheMonth(t *testing.T) {
	clock := newClock()
	o := start(t, emulator.Options{Seed: unused(), Now: clock.Now})
	id := o.project(t, "dev")
	dev := "/organization/projects/" + id
	spend := func(usd string) {
		o.control(t, "POST", "/usage", fmt.Sprintf(`{"events":[{"kind":"costs","at":%q,"project_id":%q,"cost_usd":%q}]}`, clock.Now().Format(time.RFC3339), id, usd))
	}
	status := func(path string) string {
		return o.do(t, "GET", path+"/spend_limit", "").object("enforcement").text("status")
	}
	o.do(t, "POST", dev+"/spend_limit", limitOf(100))
	o.do(t, "POST", "/organization/spend_limit", limitOf(200))
	spend("0.999999999")
	expect(t, "dev", status(dev), "inactive")
	spend("0.000000001")
	expect(t, "dev", status(dev), "enforcing")
	expect(t, "organization", status("/organization"), "inactive")
	spend("1")
	expect(t, "organization", status("/organization"), "enforcing")
	o.do(t, "POST", dev+"/spend_limit", limitOf(10_000))
	expect(t, "dev, raised", status(dev), "inactive")
	clock.advance(21 * 24 * time.Hour)
	expect(t, "organization in the next month", status("/organization"), "inactive")
}

func TestSpendAlerts(t *testing.T) {
	o := start(t, emulator.Options{})
	for kind, path := range scopes(t, o) {
		t.Run(kind, func(t *testing.T) {
			alerts := path + "/spend_alerts"
			made := o.do(t, "POST", alerts, alertAt(500))
			one := alerts + "/" + made.text("id")
			expect(t, "object", made.text("object"), kind+".spend_alert")
			o.do(t, "POST", alerts, alertAt(0))
			expect(t, "alerts", count(o.do(t, "GET", alerts, "").list("data")), "2")
			expect(t, "amount", o.do(t, "POST", one, alertAt(600)).text("threshold_amount"), "600")
			// An update replaces everything.
			expect(t, "param", o.refused(t, 400, "POST", one, `{"threshold_amount":1,"currency":"USD","interval":"month"}`).text("param"), "notification_channel")
			for body, param := range map[string]string{
				alertAt(-1): "threshold_amount",
				`{"threshold_amount":1,"currency":"USD","interval":"month","notification_channel":{"type":"pager","recipients":["a@example.com"]}}`: "notification_channel.type",
				`{"threshold_amount":1,"currency":"USD","interval":"month","notification_channel":{"type":"email","recipients":[]}}`:                "notification_channel.recipients",
				`{"threshold_amount":1,"currency":"USD","interval":"month","notification_channel":{"type":"email","recipients":["a"]}}`:             "notification_channel.recipients",
			} {
				expect(t, "param", o.refused(t, 400, "POST", alerts, body).text("param"), param)
			}
			o.do(t, "DELETE", one, "")
			o.refused(t, 404, "GET", one, "")
			o.refused(t, 404, "POST", one, alertAt(1))
			o.refused(t, 404, "DELETE", one, "")
		})
	}
}

func TestAlertsOverwriteTheLimitOnlyWithTheOption(t *testing.T) {
	for _, clobbers := range []bool{false, true} {
		o := start(t, emulator.Options{Behavior: api.Behavior{AlertClobbersLimit: clobbers}})
		o.do(t, "POST", "/organization/spend_limit", limitOf(500))
		o.do(t, "POST", "/organization/spend_alerts", alertAt(300))
		want := map[bool]string{false: "500", true: "300"}[clobbers]
		expect(t, "limit", o.do(t, "GET", "/organization/spend_limit", "").text("threshold_amount"), want)
	}
}
