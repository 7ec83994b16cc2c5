package emulator_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/seed"
)

// busy is an organization with rate limits that no test reaches.
func busy() *seed.Seed {
	s := unused()
	for i := range s.Models {
		s.Models[i].RequestsPerMinute, s.Models[i].TokensPerMinute, s.Models[i].RequestsPerDay = 1_000_000, 1_000_000_000, nil
	}
	return s
}

// costOf is the cost of a call of gpt-4o, by the tokens in its answer.
func costOf(usage object) decimal.Decimal {
	price := func(tokens, perMillion string) decimal.Decimal {
		return decimal.RequireFromString(usage.text(tokens)).Mul(decimal.RequireFromString(perMillion)).Shift(-6)
	}
	return price("prompt_tokens", "2.5").Add(price("completion_tokens", "10"))
}

// novemberFirst is the beginning of the month in which a new clock stands.
const novemberFirst = 1_793_491_200

// spendOf is the spend of a project since then, by the costs endpoint.
func spendOf(t *testing.T, o *organization, project string) string {
	t.Helper()
	sum := decimal.Zero
	for _, bucket := range o.do(t, "GET", fmt.Sprintf("/organization/costs?limit=180&project_ids=%s&start_time=%d", project, novemberFirst), "").list("data") {
		for _, result := range bucket.list("results") {
			sum = sum.Add(decimal.RequireFromString(result.object("amount").text("value")))
		}
	}
	return sum.String()
}

// dear is a question that costs about half a cent.
var dear = ask("gpt-4o", strings.Repeat("word ", 400))

func enforcement(t *testing.T, o *organization, path string) string {
	t.Helper()
	return o.do(t, "GET", path+"/spend_limit", "").object("enforcement").text("status")
}

func TestHardLimitsRefuseCalls(t *testing.T) {
	clock := newClock()
	o := start(t, emulator.Options{Seed: busy(), Now: clock.Now})
	dev, prod := o.application(t, o.project(t, "dev")), o.application(t, o.project(t, "prod"))
	path := "/organization/projects/" + dev.project
	o.do(t, "POST", path+"/spend_limit", limitOf(1))
	spent := decimal.Zero
	for range 2 {
		expect(t, "status", enforcement(t, o, path), "inactive")
		spent = spent.Add(costOf(dev.do(t, "POST", chat, dear).object("usage")))
	}
	expect(t, "spend", spendOf(t, o, dev.project), spent.String())
	expect(t, "status", enforcement(t, o, path), "enforcing")
	for endpoint, body := range map[string]string{
		chat:          dear,
		"/responses":  `{"model":"gpt-4o","input":"x"}`,
		"/embeddings": `{"model":"text-embedding-3-small","input":"x"}`,
	} {
		failure := dev.refused(t, 429, "POST", endpoint, body)
		expect(t, "code", failure.text("code"), "project_spend_limit_exceeded")
		expect(t, "type", failure.text("type"), "insufficient_quota")
	}
	// Requests without cost are still served, and so is the other project.
	dev.do(t, "GET", "/models", "")
	prod.do(t, "POST", chat, dear)
	expect(t, "spend of refused calls", spendOf(t, o, dev.project), spent.String())

	o.do(t, "POST", path+"/spend_limit", limitOf(2))
	expect(t, "status", enforcement(t, o, path), "inactive")
	dev.do(t, "POST", chat, dear)
	dev.do(t, "POST", chat, dear)
	dev.refused(t, 429, "POST", chat, dear)
	o.do(t, "DELETE", path+"/spend_limit", "")
	dev.do(t, "POST", chat, dear)

	o.do(t, "POST", "/organization/spend_limit", limitOf(1))
	for _, app := range []*application{dev, prod} {
		expect(t, "code", app.refused(t, 429, "POST", chat, dear).text("code"), "organization_spend_limit_exceeded")
	}
	// A new month begins at zero, in UTC.
	clock.set(time.Date(2026, 11, 30, 23, 59, 59, 0, time.UTC))
	dev.refused(t, 429, "POST", chat, dear)
	clock.set(time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC))
	expect(t, "status", enforcement(t, o, "/organization"), "inactive")
	dev.do(t, "POST", chat, dear)
}

func messages(t *testing.T, o *organization) []object {
	t.Helper()
	return o.control(t, "GET", "/outbox", "").list("data")
}

func TestAlertsAreSentOnceAMonth(t *testing.T) {
	clock := newClock()
	o := start(t, emulator.Options{Seed: busy(), Now: clock.Now})
	dev := o.application(t, o.project(t, "dev"))
	path := "/organization/projects/" + dev.project + "/spend_alerts"
	alert := o.do(t, "POST", path, `{"threshold_amount":1,"currency":"USD","interval":"month",
		"notification_channel":{"type":"email","recipients":["a@example.com","b@example.com"],"subject_prefix":"[dev]"}}`).text("id")
	o.do(t, "POST", path, alertAt(100))
	o.do(t, "POST", "/organization/spend_alerts", alertAt(1))
	dev.do(t, "POST", chat, dear)
	expect(t, "messages below the threshold", count(messages(t, o)), "0")
	for range 3 {
		dev.do(t, "POST", chat, dear)
	}
	sent := messages(t, o)
	if len(sent) != 2 {
		t.Fatalf("%d messages: %v", len(sent), sent)
	}
	expect(t, "scope", sent[0].text("project_id"), "")
	expect(t, "subject", sent[0].text("subject"), "Spend alert: the organization has reached $0.01 this month")
	expect(t, "alert", sent[1].text("alert_id"), alert)
	expect(t, "project", sent[1].text("project_id"), dev.project)
	expect(t, "subject", sent[1].text("subject"), "[dev] Spend alert: project dev has reached $0.01 this month")
	contains(t, sent[1].text("body"), "in November 2026 is $0.01")
	expect(t, "recipients", fmt.Sprint(sent[1]["recipients"]), "[a@example.com b@example.com]")
	expect(t, "delivery", sent[1].text("delivery"), "kept")

	// Another threshold sends a message, too, in the same month.
	o.do(t, "POST", path+"/"+alert, alertAt(2))
	dev.do(t, "POST", chat, dear)
	expect(t, "messages", count(messages(t, o)), "3")
	// Recorded costs are spend as well.
	record(t, o, fmt.Sprintf(`{"kind":"costs","at":%q,"project_id":%q,"cost_usd":"1"}`, clock.Now().Format(time.RFC3339), dev.project))
	expect(t, "messages", count(messages(t, o)), "4")
	// In the next month everything begins again.
	clock.set(time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC))
	for range 5 {
		dev.do(t, "POST", chat, dear)
	}
	expect(t, "messages", count(messages(t, o)), "6")
	// Sent messages stay after the alert was deleted.
	o.do(t, "DELETE", path+"/"+alert, "")
	expect(t, "messages", count(messages(t, o)), "6")
}

// For any number of callers at once, spend is the sum of the answered calls,
// and the limit is passed by no more than the calls under way.
func TestSpendUnderManyCallers(t *testing.T) {
	const callers, cents = 64, 50
	o := start(t, emulator.Options{Seed: busy(), Now: newClock().Now})
	dev := o.application(t, o.project(t, "dev"))
	path := "/organization/projects/" + dev.project
	o.do(t, "POST", path+"/spend_limit", limitOf(cents))
	o.do(t, "POST", path+"/spend_alerts", alertAt(cents/2))
	each := costOf(dev.do(t, "POST", chat, dear).object("usage"))

	var served atomic.Int64
	served.Store(1)
	var group sync.WaitGroup
	for range callers {
		group.Go(func() {
			for {
				got := dev.send(t, "POST", "/v1"+chat, dear)
				if got.status == http.StatusTooManyRequests && strings.Contains(got.body, "project_spend_limit_exceeded") {
					return
				}
				if got.status != http.StatusOK {
					t.Errorf("%d %s", got.status, got.body)
					return
				}
				served.Add(1)
			}
		})
	}
	group.Wait()
	spent := each.Mul(decimal.NewFromInt(served.Load()))
	expect(t, "spend", spendOf(t, o, dev.project), spent.String())
	limit := decimal.New(cents, -2)
	if excess := spent.Sub(limit); excess.IsNegative() || excess.GreaterThan(each.Mul(decimal.NewFromInt(callers))) {
		t.Errorf("$%s were spent under a limit of $%s, with calls of $%s", spent, limit, each)
	}
	expect(t, "messages", count(messages(t, o)), "1")
}
