package emulator_test

import (
	"bufio"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/seed"
)

// The page of a project has what belongs to it, and nothing of others.
func TestPageOfAProject(t *testing.T) {
	o := startShop(t)
	other := o.project(t, "other")
	o.do(t, "POST", "/organization/projects/"+other+"/service_accounts", `{"name":"stranger"}`)
	o.do(t, "POST", "/organization/projects/proj_dev/spend_limit", `{"threshold_amount":1600,"currency":"USD","interval":"month"}`)
	o.do(t, "POST", "/organization/projects/proj_dev/spend_alerts", alert(2000))
	o.do(t, "POST", "/organization/projects/proj_dev/service_accounts/svc_1/api_keys", `{"name":"web"}`)

	page := o.page(t, "projects/proj_dev?by=project")
	expect(t, "heading", page.tags("h1")[0].words(), "shop-dev")
	expect(t, "summary", page.id(t, "summary").words(),
		"Spent in November 2026 $30.02 of $16.00, 187 % alert at $20.00 to finops@example.com limit reached Left of the limit $0.00 Projected $90.05 Keys 1 Members 0 Service accounts 1 Messages 0")
	contains(t, page.id(t, "burn").words(), "alert $20.00 limit $16.00")
	contains(t, page.id(t, "burn").words(), "Alert at $20.00 to finops@example.com passed")
	contains(t, page.id(t, "drawn").words(), "shop-dev 3,000 requests Total 3,000 requests")
	contains(t, page.id(t, "members").words(), "checkout service account member")
	contains(t, page.id(t, "changes").words(), "api_key.created in shop-dev")
	contains(t, page.id(t, "exports").words(), "openai-admin export --project proj_dev organization")
	for _, text := range []string{"stranger", other, "not attributed", "proj_old"} {
		if strings.Contains(page.words(), text) {
			t.Errorf("%q is on the page of another project", text)
		}
	}
	expect(t, "link to it", o.page(t, "").id(t, "projects").tags("a")[0].get("href"), "/projects/proj_dev")
	if got := o.send(t, "GET", "/projects/proj_none", ""); got.status != 404 {
		t.Errorf("an unknown project answers %d", got.status)
	}
	request := httptest.NewRequestWithContext(t.Context(), "GET", "/projects/proj_dev", nil)
	request.RemoteAddr = "192.0.2.1:5"
	reply := httptest.NewRecorder()
	o.ServeHTTP(reply, request)
	expect(t, "status from another machine", fmt.Sprint(reply.Code), "401")
}

// Keys are marked when they are replaced, and before they expire.
func TestPageShowsRotations(t *testing.T) {
	o := startShop(t)
	keys := "/organization/projects/proj_dev/service_accounts/svc_1/api_keys"
	o.do(t, "POST", keys, `{"name":"web","expires_in_seconds":259200}`)
	o.do(t, "POST", keys, `{"name":"web","expires_in_seconds":8640000}`)
	o.do(t, "POST", keys, `{"name":"batch","expires_in_seconds":432000}`)
	rows := o.page(t, "").id(t, "keys").tags("tr")
	for i, want := range []string{"batch by 30 Nov 2026, in 5 days", "web by 5 Mar 2027, in 100 days", "web replaced, expires in 3 days"} {
		name, rotation, _ := strings.Cut(want, " ")
		contains(t, rows[i+1].words(), name)
		contains(t, rows[i+1].words(), rotation)
	}
}

func TestPageFiltersRequests(t *testing.T) {
	o := startShop(t)
	o.do(t, "GET", "/organization/projects/proj_dev", "")
	app := o.do(t, "POST", "/organization/projects/proj_dev/service_accounts/svc_1/api_keys", `{"name":"web"}`).text("value")
	o.as(app).send(t, "POST", "/v1/chat/completions", `{"model":"gpt-17","messages":[{"role":"user","content":"Hello"}]}`)
	o.as("").send(t, "GET", "/v1/organization/users", "")
	for query, want := range map[string]string{
		"":                       "/v1/organization/users; /v1/chat/completions; /v1/organization/projects/proj_dev/service_accounts/svc_1/api_keys; /v1/organization/projects/proj_dev",
		"?show=errors":           "/v1/organization/users; /v1/chat/completions",
		"?show=writes":           "/v1/chat/completions; /v1/organization/projects/proj_dev/service_accounts/svc_1/api_keys",
		"?q=web":                 "/v1/chat/completions",
		"?q=users":               "/v1/organization/users",
		"?q=%25":                 "",
		"projects/proj_dev":      "/v1/chat/completions; /v1/organization/projects/proj_dev/service_accounts/svc_1/api_keys; /v1/organization/projects/proj_dev",
		"projects/proj_dev?q=sv": "/v1/organization/projects/proj_dev/service_accounts/svc_1/api_keys",
	} {
		var paths []string
		for _, code := range o.page(t, query).id(t, "requests").tags("code") {
			paths = append(paths, code.words())
		}
		expect(t, "requests of "+query, strings.Join(paths, "; "), want)
	}
	contains(t, o.page(t, "").id(t, "requests").row(t, "completions"), "web shop-dev 404 model_not_found")
	for query, param := range map[string]string{"?show=some": "show", "?q=" + strings.Repeat("x", 201): "q"} {
		contains(t, o.send(t, "GET", "/"+query, "").body, `"param":"`+param+`"`)
	}
}

// A stream of events has one for each change, and none for a read of the page.
func TestEventsFollowChanges(t *testing.T) {
	o := startShop(t)
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, o.url+"/_emulator/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	stream, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = stream.Body.Close() }()
	expect(t, "type", stream.Header.Get("Content-Type"), "text/event-stream; charset=utf-8")
	lines := bufio.NewScanner(stream.Body)
	next := func() string {
		for lines.Scan() {
			if lines.Text() != "" {
				return lines.Text()
			}
		}
		return "the end"
	}
	expect(t, "first", next(), "retry: 2000")
	o.page(t, "")
	o.do(t, "GET", "/organization/users", "")
	expect(t, "after a request", next(), "data: changed")
	record(t, o, event("costs", noon.Unix(), `"cost_usd":"2"`))
	expect(t, "after usage", next(), "data: changed")
	o.page(t, "")
	o.EndStreams()
	expect(t, "after the end", next(), "the end")

	remote := request.Clone(t.Context())
	remote.RemoteAddr = "192.0.2.1:5"
	reply := httptest.NewRecorder()
	o.ServeHTTP(reply, remote)
	expect(t, "status from another machine", fmt.Sprint(reply.Code), "401")
}

// The built-in company has weekdays, growth, and a limit that the month nearly
// reaches.
func TestSeedOfACompany(t *testing.T) {
	s, err := seed.Read(seed.Company)
	if err != nil {
		t.Fatal(err)
	}
	o := start(t, emulator.Options{Seed: s, Now: func() time.Time { return noon }})
	projects := o.page(t, "").id(t, "projects")
	contains(t, projects.row(t, "shop-prod"), "reaches its limit on ")
	contains(t, projects.row(t, "shop-dev"), "reaches its limit on ")
	contains(t, projects.row(t, "support-bot"), "no limit")
	contains(t, o.page(t, "").id(t, "keys").row(t, "search"), "by 6 Dec 2026, in 11 days")
	daily := func(day string) int {
		page := o.page(t, "projects/proj_shop_dev?from="+day+"&to="+day)
		total := strings.Fields(page.id(t, "drawn").classes("total")[0].words())[1]
		n, err := strconv.Atoi(strings.ReplaceAll(total, ",", ""))
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	if monday, sunday, august := daily("2026-11-16"), daily("2026-11-15"), daily("2026-08-17"); sunday*4 > monday || august >= monday {
		t.Errorf("%d requests on a Monday, %d on a Sunday, %d on a Monday in August", monday, sunday, august)
	}
}

// Usage that the emulator does not understand is refused, and nothing of it is
// recorded.
func TestUsageIsUnderstood(t *testing.T) {
	o := startShop(t)
	for body, message := range map[string]string{
		`{"event":[]}`:         `Unknown field "event".`,
		`{"events":[]}`:        "at least one event",
		``:                     "at least one event",
		`{"events":[{}]} true`: "more than one JSON value",
		`{"events":[{"kind":"costs","days":1,"cost":"1"}]}`:                                           `Unknown field "cost".`,
		`{"events":[{"kind":"completions","days":1,"measures":{"tokens":1}}]}`:                        `Unknown field "tokens".`,
		`{"events":[{"kind":"costs","days":1,"cost_usd":"1","measures":{"images":1}}]}`:               "has no measures",
		`{"events":[{"kind":"costs","at":"2026-11-25T12:00:00Z","cost_usd":"1","growth_percent":1}]}`: "need days",
		`{"events":[{"kind":"costs","days":1,"cost_usd":"1","weekend_percent":-1}]}`:                  "weekend_percent must be",
		`{"events":[{"kind":"costs","days":1,"cost_usd":"1","growth_percent":-101}]}`:                 "growth_percent must be",
		`{"events":[{"kind":"costs","days":1,"cost_usd":"1","variation_percent":101}]}`:               "variation_percent must be",
		`{"events":[{"kind":"costs","days":1,"cost_usd":"1"},{"kind":"costs","days":"1"}]}`:           "Invalid type",
	} {
		contains(t, o.refusedAt(t, 400, "POST", "/_emulator/usage", body).text("message"), message)
	}
	contains(t, o.page(t, "").id(t, "summary").words(), "$30.02")
}

// The days of an event get their share.
func TestUsageHasAShape(t *testing.T) {
	o := start(t, emulator.Options{Seed: unused(), Now: func() time.Time { return noon }}) // a Wednesday
	record(t, o, `{"kind":"costs","days":9,"weekend_percent":50,"growth_percent":80,"cost_usd":"10","quantity":"4","quantity_unit":"day"}`)
	at := noon.Truncate(24 * time.Hour)
	path := fmt.Sprintf("/organization/costs?start_time=%d&end_time=%d", at.AddDate(0, 0, -9).Unix(), at.Unix())
	var amounts []string
	for _, bucket := range o.do(t, "GET", path+"&limit=31", "").list("data") {
		amounts = append(amounts, bucket.list("results")[0].object("amount").text("value"))
	}
	expect(t, "amounts", strings.Join(amounts, " "), "10 11 12 13 14 7.5 8 17 18")
	contains(t, o.refusedAt(t, 400, "POST", "/_emulator/usage", `{"events":[{"kind":"costs","days":2,"cost_usd":"1","weekend_percent":1001}]}`).text("message"), "0 and 1000")
}

// The example of the reference is a seed.
func TestReferenceOfSeeds(t *testing.T) {
	page, err := os.ReadFile("../../templates/guides/emulator-reference.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(page), "```yaml\n")
	example, _, _ := strings.Cut(rest, "```")
	s, err := seed.Parse(strings.NewReader(example))
	if err != nil {
		t.Fatal(err)
	}
	o := start(t, emulator.Options{Seed: s, Now: func() time.Time { return noon }})
	contains(t, o.page(t, "").id(t, "projects").row(t, "proj_shop"), "of $1,500.00")
	for _, field := range []string{"weekend_percent", "growth_percent", "variation_percent", "days", "at", "kind", "cost_usd", "quantity_unit", "age_days", "used_days_ago"} {
		contains(t, rest, "`"+field+"`")
	}
}
