package orgcheck_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/allthingsai/terraform-provider-openai/internal/findings"
	"github.com/allthingsai/terraform-provider-openai/internal/orgcheck"
	"github.com/allthingsai/terraform-provider-openai/internal/snapshot/snapshottest"
)

const troubledSeed = `
members:
  - { id: user-reader, email: reader@example.com, name: Rita, role: reader }
  - { id: user-grouped, email: grouped@example.com, name: Gus, role: reader }
groups:
  - { id: group_1, name: developers, members: [grouped@example.com] }
projects:
  - { id: proj_shop, name: shop, service_accounts: [ { id: svc_acct_shop, name: checkout, role: member } ] }
  - { id: proj_lab, name: "lab | <b>", members: [ { email: grouped@example.com, role: member } ] }
  - id: proj_search
    name: search
    service_accounts: [ { id: svc_acct_search, name: search, role: member }, { id: svc_acct_index, name: index, role: member } ]
  - { id: proj_idle, name: idle }
  - { id: proj_guarded, name: guarded }
  - { id: proj_past, name: past, archived: true }
`

// spend is a cost of a project on a day.
func spend(day, project, dollars string) string {
	return fmt.Sprintf(`{"kind":"completions","at":"%sT12:00:00Z","project_id":%q,"model":"gpt-5","measures":{"num_model_requests":1},"cost_usd":%q,"line_item":"gpt-5"}`, day, project, dollars)
}

// troubled is an organization that breaks almost every rule, on November 20.
func troubled(t *testing.T) *snapshottest.Organization {
	t.Helper()
	o := snapshottest.Start(t, "2026-05-01T12:00:00Z", troubledSeed)
	defaultProject := defaultProject(t, o)
	o.Key(t, "proj_shop/svc_acct_shop", "checkout", "null")
	o.Limit(t, "/projects/proj_shop", "100")
	o.Limit(t, "/projects/proj_lab", "5000")
	o.Limit(t, "/projects/proj_idle", "10")
	o.Limit(t, "/projects/proj_guarded", "110")
	o.Post(t, "/projects/proj_guarded/rate_limits/rl-gpt-5", `{"max_requests_per_1_minute":5}`)
	for _, project := range []string{"shop", "search", "idle", "guarded"} {
		o.Alert(t, "/projects/proj_"+project, "9")
	}
	o.Clock.Set(t, "2026-11-15T12:00:00Z")
	// In use, with a successor, or long before its expiry: no finding.
	o.Key(t, "proj_search/svc_acct_index", "index", "864000")
	o.Clock.Set(t, "2026-11-16T12:00:00Z")
	o.Key(t, "proj_search/svc_acct_index", "index", "8640000")
	o.Key(t, "proj_shop/svc_acct_shop", "billing", "864000")
	o.Key(t, "proj_search/svc_acct_search", "checkout", "8640000")
	o.Post(t, "/_emulator/projects/proj_lab/user_keys", `{"user_id":"user-grouped","name":"mine"}`)
	o.Post(t, "/_emulator/projects/proj_lab/user_keys", `{"user_id":"user-reader","name":"left"}`)
	o.Key(t, "proj_shop/svc_acct_shop", "expired", "60")
	o.Clock.Set(t, "2026-11-20T12:00:00Z")
	o.Post(t, "/_emulator/usage", `{"events":[`+strings.Join([]string{
		spend("2026-10-05", "proj_shop", "120"),
		spend("2026-10-05", "proj_lab", "20"),
		spend("2026-10-05", "proj_guarded", "100"),
		spend("2026-11-05", "proj_search", "7.125"),
		spend("2026-08-21", "proj_search", "1"),
		spend("2026-08-01", "proj_idle", "1"),
		spend("2026-10-31", defaultProject, "3"),
	}, ",")+`]}`)
	return o
}

func defaultProject(t *testing.T, o *snapshottest.Organization) string {
	t.Helper()
	projects, err := o.Client(t).Projects.List(t.Context(), false)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range projects {
		if p.Name == "Default project" {
			return p.ID
		}
	}
	t.Fatal("there is no default project")
	return ""
}

// crowded has many owners and admin keys.
func crowded(t *testing.T) *snapshottest.Organization {
	t.Helper()
	seeded := "members:\n"
	for i := range 5 {
		seeded += fmt.Sprintf("  - { id: user-%d, email: owner%d@example.com, role: owner }\n", i, i)
	}
	o := snapshottest.Start(t, "2026-11-01T12:00:00Z", seeded)
	for i := range 5 {
		o.Post(t, "/admin_api_keys", fmt.Sprintf(`{"name":"ci-%d"}`, i))
	}
	return o
}

// tidy breaks no rule.
func tidy(t *testing.T) *snapshottest.Organization {
	t.Helper()
	o := snapshottest.Start(t, "2026-11-01T12:00:00Z", `
members:
  - { id: user-2, email: second@example.com, role: owner }
  - { id: user-3, email: reader@example.com, role: reader }
projects:
  - { id: proj_shop, name: shop, service_accounts: [ { id: svc_acct_shop, name: shop, role: member } ], members: [ { email: reader@example.com, role: member } ] }
usage:
  - { kind: completions, at: "2026-10-15T12:00:00Z", project_id: proj_shop, cost_usd: "50" }
`)
	o.Key(t, "proj_shop/svc_acct_shop", "shop", "7776000")
	for _, scope := range []string{"", "/projects/proj_shop", "/projects/" + defaultProject(t, o)} {
		o.Limit(t, scope, "150") // exactly three times the spend
		o.Alert(t, scope, "50")
	}
	return o
}

func check(t *testing.T, o *snapshottest.Organization, config findings.Config) *orgcheck.Report {
	t.Helper()
	report, err := orgcheck.Run(t.Context(), o.Client(t), config)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func defaults() findings.Config { return findings.Config{Rules: orgcheck.DefaultRules()} }

func TestGolden(t *testing.T) {
	report := check(t, troubled(t), defaults())
	asJSON, err := report.JSON()
	if err != nil {
		t.Fatal(err)
	}
	sarif, err := report.SARIF("test", ".openai-review.yaml")
	if err != nil {
		t.Fatal(err)
	}
	snapshottest.Golden(t, "troubled.md", report.Markdown("acme"))
	snapshottest.Golden(t, "troubled.txt", report.Text("acme"))
	snapshottest.Golden(t, "troubled.json", asJSON)
	snapshottest.Golden(t, "troubled.sarif", sarif)
	snapshottest.Golden(t, "crowded.txt", check(t, crowded(t), defaults()).Text(""))
	snapshottest.Golden(t, "tidy.txt", check(t, tidy(t), defaults()).Text(""))
	if text := check(t, tidy(t), defaults()).Markdown(""); !strings.HasPrefix(text, "### ✅ OpenAI: no findings\n") {
		t.Errorf("it says %s", text)
	}
}

func TestEveryRuleIsFound(t *testing.T) {
	missing := map[string]bool{}
	for _, rule := range orgcheck.DefaultRules() {
		if missing[rule.ID] || rule.Title == "" || rule.Why == "" || rule.Remedy == "" {
			t.Errorf("rule %s is there twice, or not complete", rule.ID)
		}
		missing[rule.ID] = true
	}
	for _, o := range []*snapshottest.Organization{troubled(t), crowded(t)} {
		for _, f := range check(t, o, defaults()).Findings {
			delete(missing, f.Rule)
		}
	}
	if len(missing) > 0 {
		t.Errorf("no organization breaks %v", missing)
	}
}

// A check reads no more than it says, and less when no rule needs it.
func TestRequests(t *testing.T) {
	o := troubled(t)
	o.Post(t, "/projects/proj_idle/groups", `{"group_id":"group_1","role":"role-api-project-member__api-project__proj_idle"}`)
	o.Mark(t)
	check(t, o, defaults())
	// 6 of the organization, 5 of each of 6 projects, the users of one group, and
	// the rate limits of two tight projects and of the default project.
	if got := o.Requests(t); len(got) != 6+5*6+1+3 {
		t.Errorf("%d requests: %q", len(got), got)
	}
	config := defaults()
	for i := range config.Rules {
		if !strings.HasPrefix(config.Rules[i].ID, "key-") {
			config.Rules[i].Severity = findings.Off
		}
	}
	o.Mark(t)
	check(t, o, config)
	if got := o.Requests(t); len(got) != 5+3*6 || slices.ContainsFunc(got, func(r string) bool { return !strings.HasPrefix(r, "GET ") }) {
		t.Errorf("%d requests: %q", len(got), got)
	}
}

func TestConfiguration(t *testing.T) {
	config := defaults()
	for i := range config.Rules {
		rule := &config.Rules[i]
		switch rule.ID {
		case "organization-without-limit":
			rule.Severity = findings.Low
		case "project-without-limit":
			rule.Ignore = []string{"projects/Default*"}
		case "key-older-than":
			rule.Days = 300
		case "limit-far-above-spend":
			rule.Factor = 250
		case "key-never-expires":
			rule.Ignore = []string{"projects/proj_shop/keys/*", "projects/lab*/keys/*"}
		default:
			rule.Severity = findings.Off
		}
	}
	report := check(t, troubled(t), config)
	text := report.Text("")
	if !strings.HasPrefix(text, "OpenAI: 1 medium and 1 low finding\n") || !strings.Contains(text, "- search (7.13 USD this month)") || !strings.Contains(text, "(with exceptions: project-without-limit, key-never-expires)") {
		t.Errorf("it says %s", text)
	}
	if !report.Fails(findings.Medium) || report.Fails(findings.High) || report.Fails("") || report.Fails(findings.Off) {
		t.Error("the gate is wrong")
	}
}

// Accepted findings are not reported, new ones are, and resolved ones are counted.
func TestBaseline(t *testing.T) {
	o := troubled(t)
	path := filepath.Join(t.TempDir(), "baseline.json")
	if err := check(t, o, defaults()).Baseline().Write(path); err != nil {
		t.Fatal(err)
	}
	baseline, err := orgcheck.ReadBaseline(path)
	if err != nil {
		t.Fatal(err)
	}
	report := check(t, o, defaults())
	report.Accept(baseline)
	if len(report.Findings) > 0 || report.Verdict != "" || report.Checked.Accepted == 0 || report.Checked.Resolved != 0 {
		t.Errorf("accepted, it says %s", report.Text(""))
	}
	o.Limit(t, "", "1000")
	o.Key(t, "proj_search/svc_acct_index", "never", "null")
	report = check(t, o, defaults())
	report.Accept(baseline)
	if text := report.Text(""); !strings.Contains(text, "- search: never\n") || strings.Contains(text, "- shop: checkout\n") || !strings.Contains(text, "The baseline has 1 resolved finding") {
		t.Errorf("later, it says %s", text)
	}
}
