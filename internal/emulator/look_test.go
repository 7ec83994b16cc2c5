package emulator_test

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/seed"
)

// document is the page as a browser understands it.
type document struct{ *html.Node }

func (o *organization) page(t *testing.T, query string) document {
	t.Helper()
	got := o.as("").send(t, "GET", "/"+query, "")
	if got.status != http.StatusOK || got.header.Get("Content-Type") != "text/html; charset=utf-8" {
		t.Fatalf("the page answers %d %s", got.status, got.body)
	}
	root, err := html.Parse(strings.NewReader(got.body))
	if err != nil {
		t.Fatal(err)
	}
	return document{root}
}

// all lists the elements that fit, in their order.
func (d document) all(fits func(*html.Node) bool) (found []document) {
	for n := range d.Descendants() {
		if n.Type == html.ElementNode && fits(n) {
			found = append(found, document{n})
		}
	}
	return found
}

func (d document) tags(name string) []document {
	return d.all(func(n *html.Node) bool { return n.Data == name })
}

func (d document) id(t *testing.T, id string) document {
	t.Helper()
	found := d.all(func(n *html.Node) bool { return (document{n}).get("id") == id })
	if len(found) != 1 {
		t.Fatalf("%d elements have the id %s", len(found), id)
	}
	return found[0]
}

func (d document) get(name string) string {
	for _, a := range d.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func (d document) classes(name string) []document {
	return d.all(func(n *html.Node) bool { return slices.Contains(strings.Fields((document{n}).get("class")), name) })
}

// words is the text of an element, with single spaces.
func (d document) words() string {
	var b strings.Builder
	for n := range d.Descendants() {
		if n.Type == html.TextNode {
			b.WriteString(n.Data + " ")
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// row is the words of the table row that holds this text.
func (d document) row(t *testing.T, text string) string {
	t.Helper()
	for _, row := range d.tags("tr") {
		if words := row.words(); strings.Contains(words, text) {
			return words
		}
	}
	t.Fatalf("no row holds %q", text)
	return ""
}

const shop = `
organization: { id: org-shop, name: "Shop & Co" }
projects:
  - id: proj_dev
    name: shop-dev
    service_accounts: [{ id: svc_1, name: checkout, role: member }]
  - { id: proj_old, name: old, archived: true }
usage:
  - { kind: completions, days: 3, project_id: proj_dev, model: gpt-5, measures: { num_model_requests: 1000, input_tokens: 5, output_tokens: 6 }, cost_usd: "10.005", line_item: "gpt-5, input" }
  - { kind: embeddings, days: 2, model: small, measures: { num_model_requests: 10, input_tokens: 7 }, cost_usd: "0.0004", line_item: small }
`

// noon is the clock of the page's tests.
var noon = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)

func startShop(t *testing.T) *organization {
	t.Helper()
	s, err := seed.Parse(strings.NewReader(shop))
	if err != nil {
		t.Fatal(err)
	}
	return start(t, emulator.Options{Seed: s, Now: func() time.Time { return noon }})
}

func alert(threshold int) string {
	return fmt.Sprintf(`{"threshold_amount":%d,"currency":"USD","interval":"month","notification_channel":{"type":"email","recipients":["finops@example.com"]}}`, threshold)
}

func TestPageShowsTheOrganization(t *testing.T) {
	o := startShop(t)
	o.do(t, "POST", "/organization/projects/proj_dev/spend_limit", `{"threshold_amount":4000,"currency":"USD","interval":"month"}`)
	o.do(t, "POST", "/organization/projects/proj_dev/spend_alerts", alert(2000))
	key := o.do(t, "POST", "/organization/projects/proj_dev/service_accounts/svc_1/api_keys", `{"name":"web","expires_in_seconds":864000}`)
	o.do(t, "POST", "/organization/invites", `{"email":"new@example.com","role":"reader"}`)
	record(t, o, event("costs", noon.Unix(), `"project_id":"proj_dev","cost_usd":"2"`))
	o.refused(t, 404, "GET", "/organization/projects/proj_none", "")

	page := o.page(t, "")
	contains(t, page.tags("header")[0].words(), "Shop & Co org-shop")
	expect(t, "summary", page.id(t, "summary").words(), "Spent in November 2026 $32.02 no hard limit Hard limit none Projected $90.05 Projects 3 Keys 2 Members 1 Messages 1")
	contains(t, page.id(t, "projects").row(t, "shop-dev"), "shop-dev reaches its limit on 25 November proj_dev alert at $20.00 to finops@example.com $32.02 80 % of $40.00 $90.05 0 1 1")
	contains(t, page.id(t, "projects").row(t, "proj_old"), "old archived")
	contains(t, page.id(t, "keys").row(t, "web"), "web "+key.text("value")[:11]+"..."+key.text("value")[len(key.text("value"))-3:]+" shop-dev checkout 0 seconds never by 5 Dec 2026, in 10 days")
	contains(t, page.id(t, "keys").row(t, "administration"), "emulator sk-admin-...")
	contains(t, page.id(t, "members").row(t, "owner@example.com"), "owner joined just now")
	contains(t, page.id(t, "members").row(t, "new@example.com"), "reader invited just now")
	contains(t, page.id(t, "outbox").words(), "has reached $20.00 this month")
	contains(t, page.id(t, "outbox").words(), "to finops@example.com")
	contains(t, page.id(t, "requests").tags("tr")[1].words(), "GET /v1/organization/projects/proj_none emulator – 404 invalid_request_error")
	contains(t, page.id(t, "requests").row(t, "/api_keys"), "emulator shop-dev 200")
	contains(t, page.id(t, "changes").words(), "api_key.created in shop-dev owner@example.com with key emulator 2026-11-25 12:00:00 Object "+key.text("id"))
	contains(t, page.id(t, "exports").words(), "export OPENAI_BASE_URL="+o.url+"/v1")
}

// The bar of a project: its color, how far it is filled, and where its alert
// is.
func TestPageDrawsSpendAgainstLimits(t *testing.T) {
	o := startShop(t)
	o.do(t, "POST", "/organization/projects/proj_dev/spend_alerts", alert(5000))
	for _, test := range []struct{ limit, want string }{
		{"", "fill none 60 0 100"}, {"10000", "fill fine 30 0 50"}, {"3600", "fill near 83.4 0 100"}, {"3001", "fill reached 100 0 100"},
		{"6000", "fill heading 50 0 83.3"}, {"1500", "fill reached 50 50 100"}, {"2000", "fill reached 66.6 33.4 100"},
	} {
		if test.limit != "" {
			o.do(t, "POST", "/organization/projects/proj_dev/spend_limit", `{"threshold_amount":`+test.limit+`,"currency":"USD","interval":"month"}`)
		}
		found := 0
		for _, row := range o.page(t, "").id(t, "projects").tags("tr") {
			if strings.Contains(row.words(), "proj_dev") {
				found++
				bar := row.classes("spend")[0]
				filled, beyond := bar.tags("rect")[1], "0"
				for _, part := range bar.classes("over") {
					beyond = part.get("width")
				}
				expect(t, "bar at limit "+test.limit, filled.get("class")+" "+filled.get("width")+" "+beyond+" "+bar.classes("alert")[0].get("x1"), test.want)
			}
		}
		expect(t, "rows of the project", fmt.Sprint(found), "1")
	}
}

func TestPageChart(t *testing.T) {
	o := startShop(t)
	for query, want := range map[string]string{
		"":                                "gpt-5 3,000 requests; small 20 requests; Total 3,020 requests | 5 bars",
		"?by=project":                     "shop-dev 3,000 requests; not attributed 20 requests; Total 3,020 requests | 5 bars",
		"?by=key":                         "not attributed 3,020 requests; Total 3,020 requests | 3 bars",
		"?measure=tokens":                 "gpt-5 33 tokens; small 14 tokens; Total 47 tokens | 5 bars",
		"?measure=cost":                   "gpt-5, input $30.02; small $0.0008; Total $30.02 | 5 bars",
		"?measure=cost&by=project":        "shop-dev $30.02; not attributed $0.0008; Total $30.02 | 5 bars",
		"?from=2026-11-22&to=2026-11-22":  "gpt-5 1,000 requests; Total 1,000 requests | 1 bars",
		"?from=2026-11-23&to=2026-11-23":  "gpt-5 1,000 requests; small 10 requests; Total 1,010 requests | 2 bars",
		"?from=2026-11-25":                "No usage in these days. | 0 bars",
		"?from=2025-11-25&by=model":       "gpt-5 3,000 requests; small 20 requests; Total 3,020 requests, one bar for each month | 2 bars",
		"?from=2026-09-01":                "gpt-5 3,000 requests; small 20 requests; Total 3,020 requests, one bar for each week | 3 bars",
		"?to=2026-11-22&measure=requests": "gpt-5 1,000 requests; Total 1,000 requests | 1 bars",
	} {
		t.Run(query, func(t *testing.T) {
			usage := o.page(t, query).id(t, "usage")
			var series []string
			for _, item := range usage.tags("li") {
				series = append(series, item.words())
			}
			if len(series) == 0 {
				series = []string{usage.tags("p")[len(usage.tags("p"))-1].words()}
			}
			bars := 0
			for _, r := range usage.classes("wide")[0].tags("rect") {
				bars += len(r.tags("title"))
			}
			got := fmt.Sprintf("%s | %d bars", strings.Join(series, "; "), bars)
			expect(t, "chart", got, want)
		})
	}
	for query, param := range map[string]string{
		"?by=color": "by", "?measure=weight": "measure", "?from=today": "from", "?to=1": "to", "?from=2026-11-02&to=2026-11-01": "from",
		"?from=2020-01-01": "from", "?refresh=0": "refresh",
	} {
		if got := o.send(t, "GET", "/"+query, ""); got.status != 400 || !strings.Contains(got.body, `"param":"`+param+`"`) {
			t.Errorf("%s answers %d %s", query, got.status, got.body)
		}
	}
}

// Names of objects are escaped.
func TestPageEscapes(t *testing.T) {
	o := startShop(t)
	const evil = `"><script>alert(1)</script><img src=x onerror=alert(2)>'{{.}}</style></title></svg>`
	quoted := strings.ReplaceAll(evil, `"`, `\"`)
	project := o.project(t, "evil")
	o.do(t, "POST", "/organization/projects/"+project, `{"name":"`+quoted+`"}`)
	o.do(t, "POST", "/organization/projects/"+project+"/service_accounts", `{"name":"`+quoted+`"}`)
	o.do(t, "POST", "/organization/admin_api_keys", `{"name":"`+quoted+`"}`)
	o.do(t, "POST", "/organization/projects/"+project+"/spend_alerts", strings.Replace(alert(1), `"recipients"`, `"subject_prefix":"`+quoted+`","recipients"`, 1))
	record(t, o,
		event("completions", noon.Unix(), `"model":"`+quoted+`","project_id":"`+project+`","cost_usd":"3","line_item":"`+quoted+`","measures":{"num_model_requests":9}`))
	o.send(t, "GET", "/v1/%22%3E%3Cscript%3Ealert(1)%3C/script%3E", "")

	innocent := o.page(t, "")
	for _, query := range []string{"", "?by=project", "?measure=cost"} {
		page := o.page(t, query)
		if len(page.tags("script")) != 1 || page.tags("img") != nil || len(page.tags("style")) != 1 {
			t.Errorf("%s: a name became an element", query)
		}
		for _, n := range page.all(func(n *html.Node) bool {
			return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return strings.HasPrefix(a.Key, "on") || a.Key == "style" })
		}) {
			t.Errorf("%s: <%s> has a handler or a style", query, n.Data)
		}
		contains(t, page.id(t, "projects").words(), strings.Join(strings.Fields(evil), " "))
		contains(t, page.id(t, "usage").words(), strings.Join(strings.Fields(evil), " "))
		contains(t, page.id(t, "outbox").words(), strings.Join(strings.Fields(evil), " "))
	}
	if len(innocent.id(t, "keys").tags("tr")) != 4 {
		t.Errorf("%d keys", len(innocent.id(t, "keys").tags("tr"))-1)
	}
	contains(t, innocent.id(t, "requests").words(), `/v1/"><script>alert(1)</script>`)
}

func TestPageKeepsSecrets(t *testing.T) {
	o := startShop(t)
	secrets := []string{
		o.key,
		o.do(t, "POST", "/organization/projects/proj_dev/service_accounts/svc_1/api_keys", `{"name":"web"}`).text("value"),
		o.do(t, "POST", "/organization/admin_api_keys", `{"name":"a"}`).text("value"),
	}
	for _, secret := range secrets {
		o.send(t, "GET", "/v1/organization/projects/"+secret+"?key="+secret, "")
	}
	body := o.as("").send(t, "GET", "/", "").body
	for _, secret := range secrets {
		if len(secret) < 30 || strings.Contains(body, secret) || strings.Contains(body, secret[len(secret)-12:]) {
			t.Error("a secret is on the page")
		}
	}
	contains(t, body, "/v1/organization/projects/sk-…")
}

// A browser may apply the page's style and run its script, and nothing else.
func TestPageIsLockedDown(t *testing.T) {
	o := startShop(t)
	got := o.send(t, "GET", "/", "")
	_, rest, _ := strings.Cut(got.body, "<style>")
	style, _, _ := strings.Cut(rest, "</style>")
	sum := sha256.Sum256([]byte(style))
	_, rest, _ = strings.Cut(got.body, "<script>")
	script, _, _ := strings.Cut(rest, "</script>")
	run := sha256.Sum256([]byte(script))
	policy := got.header.Get("Content-Security-Policy")
	contains(t, policy, "default-src 'none'; style-src 'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"'; script-src 'sha256-"+base64.StdEncoding.EncodeToString(run[:])+"'; connect-src 'self';")
	expect(t, "sniffing", got.header.Get("X-Content-Type-Options"), "nosniff")
	if entries := o.control(t, "GET", "/journal", "").list("data"); len(entries) != 0 {
		t.Errorf("looking leaves %d entries in the journal", len(entries))
	}
	if got := o.send(t, "POST", "/", ""); got.status != 404 {
		t.Errorf("POST / answers %d", got.status)
	}
}

// From another machine, and under a name that is not this machine's, the page
// asks for an admin key.
func TestPageFromAnotherMachine(t *testing.T) {
	o := startShop(t)
	for name, test := range map[string]struct {
		peer, host, password string
		status               int
	}{
		"here":                     {"127.0.0.1:5", "127.0.0.1:8080", "", 200},
		"here, IPv6":               {"[::1]:5", "[::1]:8080", "", 200},
		"here, by name":            {"127.0.0.1:5", "localhost", "", 200},
		"here, under another name": {"127.0.0.1:5", "evil.example:8080", "", 401},
		"away":                     {"192.0.2.1:5", "192.0.2.2:8080", "", 401},
		"away, claims to be here":  {"192.0.2.1:5", "localhost", "", 401},
		"away, with the key":       {"192.0.2.1:5", "192.0.2.2:8080", o.key, 200},
		"away, with another":       {"192.0.2.1:5", "192.0.2.2:8080", "sk-admin-wrong", 401},
	} {
		t.Run(name, func(t *testing.T) {
			request := httptest.NewRequestWithContext(t.Context(), "GET", "/", nil)
			request.RemoteAddr, request.Host = test.peer, test.host
			if test.password != "" {
				request.SetBasicAuth("anybody", test.password)
			}
			answer := httptest.NewRecorder()
			o.ServeHTTP(answer, request)
			if answer.Code != test.status || (answer.Header().Get("WWW-Authenticate") != "") != (test.status == 401) {
				t.Errorf("%d %v", answer.Code, answer.Header())
			}
			if answer.Code != 200 && strings.Contains(answer.Body.String(), "proj_dev") {
				t.Error("the answer contains data of the organization")
			}
		})
	}
}

func TestPageIsReadAgain(t *testing.T) {
	o := startShop(t)
	page := o.page(t, "?refresh=7&by=key")
	refresh := page.all(func(n *html.Node) bool { return (document{n}).get("http-equiv") == "refresh" })
	if len(refresh) != 1 || refresh[0].get("content") != "7" {
		t.Errorf("%d elements make it", len(refresh))
	}
	links := page.id(t, "usage").tags("a")
	if len(links) != 4 || links[0].get("href") != "/?by=key&from=2026-11-19&measure=requests&refresh=7&to=2026-11-25#usage" {
		t.Errorf("the first of %d links leads to %s", len(links), links[0].get("href"))
	}
}
