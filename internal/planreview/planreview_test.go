package planreview_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/allthingsai/terraform-provider-openai/internal/planreview"
)

// Plans in testdata/plans are made by Terraform: go test ./examples -run
// TestAccReview -update makes them again. Those in testdata/odd are written by
// hand. The reviews of both are in testdata/golden: go test
// ./internal/planreview -update writes them.
var update = flag.Bool("update", false, "write what is expected instead of comparing with it")

func read(t *testing.T, path string) []byte {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func parse(t testing.TB, content []byte) *planreview.Plan {
	t.Helper()
	plan, err := planreview.Read(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

// plans are all plans below testdata, by name.
func plans(t *testing.T) map[string][]byte {
	t.Helper()
	paths, err := filepath.Glob("testdata/*/*.json")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]byte{}
	for _, path := range paths {
		if folder := filepath.Base(filepath.Dir(path)); folder == "plans" || folder == "odd" {
			all[folder+"-"+strings.TrimSuffix(filepath.Base(path), ".json")] = read(t, path)
		}
	}
	if len(all) < 10 {
		t.Fatalf("only %d plans", len(all))
	}
	return all
}

func review(t testing.TB, content []byte) *planreview.Report {
	t.Helper()
	return planreview.Review(parse(t, content), planreview.DefaultConfig())
}

// formats are all ways to write a report.
func formats(t *testing.T, report *planreview.Report) map[string]string {
	t.Helper()
	asJSON, err := report.JSON()
	if err != nil {
		t.Fatal(err)
	}
	sarif, err := report.SARIF("test", "main.tf")
	if err != nil {
		t.Fatal(err)
	}
	return map[string]string{"md": report.Markdown(planreview.Comment{Name: "test"}), "txt": report.Text("test"), "json": asJSON, "sarif": sarif}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", "golden", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	if want := string(read(t, path)); got != want {
		t.Errorf("%s differs; if that is right, run go test ./internal/planreview -update and read the difference. Got:\n%s", path, got)
	}
}

func TestGolden(t *testing.T) {
	for name, content := range plans(t) {
		t.Run(name, func(t *testing.T) {
			report := review(t, content)
			golden(t, name+".md", report.Markdown(planreview.Comment{Name: "test"}))
			// Policies are compared with the findings alone.
			var found strings.Builder
			for _, f := range report.Findings {
				for _, s := range f.Subjects {
					fmt.Fprintf(&found, "%s %s %s\n", f.Severity, f.Rule, s.Address)
				}
			}
			golden(t, name+".findings", found.String())
		})
	}
	for _, name := range []string{"keys", "outside", "people", "twice", "secrets", "actions"} {
		for _, format := range []string{"txt", "json", "sarif"} {
			golden(t, "odd-"+name+"."+format, formats(t, review(t, read(t, "testdata/odd/"+name+".json")))[format])
		}
	}
}

func TestEveryRuleIsShownByAPlan(t *testing.T) {
	missing := map[string]bool{}
	for _, rule := range planreview.DefaultRules() {
		if missing[rule.ID] {
			t.Errorf("rule %s is there twice", rule.ID)
		}
		missing[rule.ID] = true
		if rule.Title == "" || rule.Why == "" || rule.Severity == planreview.Off {
			t.Errorf("rule %s is not complete", rule.ID)
		}
	}
	for _, content := range plans(t) {
		for _, f := range review(t, content).Findings {
			delete(missing, f.Rule)
		}
	}
	for rule := range missing {
		t.Errorf("no plan shows rule %s", rule)
	}
}

// The same change in another order gives the same report.
func TestOrderDoesNotMatter(t *testing.T) {
	for name, content := range plans(t) {
		var plan map[string]any
		if err := json.Unmarshal(content, &plan); err != nil {
			t.Fatal(err)
		}
		changes, _ := plan["resource_changes"].([]any)
		slices.Reverse(changes)
		reversed, err := json.Marshal(plan)
		if err != nil {
			t.Fatal(err)
		}
		one, other := review(t, content), review(t, reversed)
		if one.Verdict != other.Verdict || one.Counts != other.Counts || len(one.Findings) != len(other.Findings) {
			t.Errorf("%s: %+v and %+v", name, one.Findings, other.Findings)
		}
		for i, f := range one.Findings {
			if a, b := addresses(f), addresses(other.Findings[i]); !slices.Equal(a, b) {
				t.Errorf("%s, %s: %v and %v", name, f.Rule, a, b)
			}
		}
	}
}

func addresses(f planreview.Finding) []string {
	var all []string
	for _, s := range f.Subjects {
		all = append(all, s.Address)
	}
	slices.Sort(all)
	return all
}

// secretsOf are the texts that a plan marks as sensitive, and all that look
// like keys.
func secretsOf(content []byte) []string {
	secrets := []string{"Top Secret Merger", "hidden.person@example.com"}
	for field := range strings.FieldsFuncSeq(string(content), func(r rune) bool { return r == '"' || r == '\\' || r == ' ' }) {
		if strings.HasPrefix(field, "sk-") || strings.HasPrefix(field, "AGE-SECRET-KEY-") {
			secrets = append(secrets, field)
		}
	}
	return secrets
}

func TestNoSecretIsEverShown(t *testing.T) {
	seen := 0
	for name, content := range plans(t) {
		for format, text := range formats(t, review(t, content)) {
			for _, secret := range secretsOf(content) {
				seen++
				if strings.Contains(text, secret) {
					t.Errorf("%s as %s shows a secret", name, format)
				}
			}
		}
	}
	if seen < 100 {
		t.Errorf("only %d secrets were looked for", seen)
	}
}

// A name must not be able to draw anything, or to notify anybody.
func TestNamesAreNoMarkup(t *testing.T) {
	text := review(t, read(t, "testdata/odd/hostile.json")).Markdown(planreview.Comment{Name: "--> <b>"})
	for _, forbidden := range []string{"<img", "</details><", "`rm`", "**@everyone**", "@everyone", "](http", " #1", "GH-1", "gh-2", "\u202e", "--> <b>"} {
		if strings.Contains(text, forbidden) {
			t.Errorf("%q is in the comment", forbidden)
		}
	}
	if strings.Count(text, "<!--") != 1 || strings.Count(text, "-->") != 1 {
		t.Error("the marker is broken")
	}
}

func TestReadRefuses(t *testing.T) {
	for name, test := range map[string]struct{ content, message string }{
		"nothing":       {"", "this is empty, not a plan"},
		"white space":   {" \n", "this is empty, not a plan"},
		"a plan file":   {"PK\x03\x04rest", "convert it with\n  terraform show -json"},
		"text":          {"Terraform will perform the following actions:", "this is not JSON"},
		"a list":        {"[]", "this is not JSON"},
		"half":          {`{"format_version":"1.2","resource_chan`, "this is not valid JSON"},
		"other JSON":    {`{"name":"package"}`, "this is JSON, but not a plan"},
		"a state":       {`{"format_version":"1.0","terraform_version":"1.11.4","values":{}}`, "this is a state, not a plan"},
		"a state file":  {`{"version":4,"lineage":"1b2c","resources":[]}`, "this is a state, not a plan"},
		"a log":         {`{"@level":"info","@message":"Terraform 1.11.4"}` + "\n" + `{"@level":"info"}`, "this is the log of terraform plan -json, not the plan"},
		"from tomorrow": {`{"format_version":"9.0","planned_values":{}}`, `unsupported plan format version: "9.0`},
		"wrong types":   {`{"format_version":"1.2","planned_values":{},"resource_changes":7}`, "the plan cannot be read"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := planreview.Read(strings.NewReader(test.content)); err == nil || !strings.Contains(err.Error(), test.message) {
				t.Errorf("the error is %v", err)
			}
		})
	}
}

// object are the attributes of a resource in a plan.
type object map[string]any

// resource is a resource in a plan, unchanged unless after differs.
func resource(address string, before, after object) map[string]any {
	action := []string{"no-op"}
	switch {
	case before == nil:
		action = []string{"create"}
	case after == nil:
		action = []string{"delete"}
	case !maps.EqualFunc(before, after, func(a, b any) bool { return fmt.Sprint(a) == fmt.Sprint(b) }):
		action = []string{"update"}
	}
	kind, name, _ := strings.Cut(address, ".")
	name, index, _ := strings.Cut(name, "[")
	change := map[string]any{"actions": action, "before": nil, "after": nil, "after_unknown": object{}, "before_sensitive": object{"value": true}, "after_sensitive": object{"value": true}}
	if before != nil {
		change["before"] = before
	}
	if after != nil {
		change["after"] = after
	}
	return map[string]any{
		"address": address, "mode": "managed", "type": kind, "name": name, "index": strings.Trim(index, `"]`),
		"provider_name": "registry.terraform.io/allthingsai/openai", "change": change,
	}
}

func plan(t testing.TB, resources ...map[string]any) []byte {
	t.Helper()
	content, err := json.Marshal(map[string]any{"format_version": "1.2", "terraform_version": "1.11.4", "timestamp": "2026-01-01T00:00:00Z", "planned_values": object{}, "resource_changes": resources})
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// manyProjects is this many projects with a limit, a key and a member each.
func manyProjects(projects int) []map[string]any {
	var all []map[string]any
	for i := range projects {
		key := fmt.Sprintf(`["team-%03d"]`, i)
		id := fmt.Sprintf("proj_%03d", i)
		for address, values := range map[string]object{
			"openai_project.team":             {"id": id, "name": fmt.Sprintf("team-%03d", i)},
			"openai_project_spend_limit.team": {"project_id": id, "threshold_amount": 5000, "threshold_usd": 50, "currency": "USD"},
			"openai_project_api_key.team":     {"project_id": id, "name": "service", "id": "key_" + id, "value": fmt.Sprintf("sk-svcacct-%048d", i), "expires_in_seconds": 2592000, "scopes": []string{"model.request"}},
			"openai_project_user.team":        {"project_id": id, "user_id": fmt.Sprintf("user-%03d", i), "email": fmt.Sprintf("dev%03d@example.com", i), "role": "member"},
		} {
			all = append(all, resource(address+key, values, values))
		}
	}
	return all
}

func with(values object, more object) object {
	all := maps.Clone(values)
	maps.Copy(all, more)
	return all
}

// A reviewer of 300 objects sees the three that change without scrolling.
func TestThreeChangesAmongThreeHundredFitOneScreen(t *testing.T) {
	resources := manyProjects(75)
	if len(resources) != 300 {
		t.Fatalf("%d resources", len(resources))
	}
	changes := map[string]object{
		`openai_project_spend_limit.team["team-007"]`: {"threshold_amount": 50000, "threshold_usd": 500},
		`openai_project_api_key.team["team-042"]`:     {"scopes": []string{"model.request", "api.files.write"}},
		`openai_project_user.team["team-060"]`:        {"role": "owner"},
	}
	for i, r := range resources {
		address := r["address"].(string)
		if changed, ok := changes[address]; ok {
			before := r["change"].(map[string]any)["before"].(object)
			resources[i] = resource(address, before, with(before, changed))
		}
	}
	report := review(t, plan(t, resources...))
	text := report.Markdown(planreview.Comment{Name: "prod"})
	golden(t, "one-screen.md", text)
	if lines := strings.Count(text, "\n"); lines > 32 || len(text) > 2500 {
		t.Errorf("the comment has %d lines and %d characters:\n%s", lines, len(text), text)
	}
	for _, expected := range []string{
		"1 high and 2 medium risks", "3 to change: 1 limit, 1 key, 1 member",
		"team-007: 50.00 USD → 500.00 USD (+900 %)", "team-042/service: model.request → api.files.write, model.request", "dev060@example.com in team-060, was member",
		"Checked 300 objects",
	} {
		if !strings.Contains(text, expected) {
			t.Errorf("%q is not in the comment:\n%s", expected, text)
		}
	}
}

// For any plan, the comment is accepted, and the verdict is in it.
func TestCommentsAreNeverTooLong(t *testing.T) {
	var resources []map[string]any
	for i := range 3000 {
		name := fmt.Sprintf("%s-%04d", strings.Repeat("🦕|", 60), i)
		resources = append(resources,
			resource(fmt.Sprintf("openai_project.p[\"%s\"]", name), nil, object{"name": name}),
			resource(fmt.Sprintf("openai_group.g[\"%s\"]", name), nil, object{"name": name}),
			resource(fmt.Sprintf("openai_organization_member.m[\"%s\"]", name), nil, object{"email": name, "role": "owner"}),
		)
	}
	report := review(t, plan(t, resources...))
	text := report.Markdown(planreview.Comment{Name: "huge"})
	if len(text) > planreview.MaxComment || !strings.Contains(text, "3000 high and 3000 medium risks") || !strings.Contains(text, "not shown") {
		t.Errorf("%d characters: %.500s", len(text), text)
	}
	if opened, closed := strings.Count(text, "<details>"), strings.Count(text, "</details>"); opened != closed {
		t.Errorf("%d details are opened, %d closed", opened, closed)
	}
	if asText := report.Text(""); strings.Count(asText, "🦕") < 3000 {
		t.Error("the text leaves something out")
	}
}

// The plan is at the end of the comment, without secrets and without a way out of
// its block, and takes the room that is left.
func TestCommentsHaveThePlan(t *testing.T) {
	report := review(t, read(t, "testdata/odd/hostile.json"))
	text := report.Markdown(planreview.Comment{Plan: "+ resource\r\n```\n</details> sk-svcacct-EXAMPLE000000000000000\n" + strings.Repeat("line\n", 50_000), Run: "https://ci.example/1"})
	for _, expected := range []string{"[Run](https://ci.example/1)\n", "<summary>Plan</summary>\n\n````text\n+ resource\n```\n</details> (masked)\nline\n", " more lines are not shown)\n````\n\n</details>\n"} {
		if !strings.Contains(text, expected) {
			t.Errorf("%q is not in the comment:\n%.3000s", expected, text)
		}
	}
	if len(text) > planreview.MaxComment || len(text) < planreview.MaxComment-1000 {
		t.Errorf("%d characters", len(text))
	}
	for _, secret := range secretsOf(read(t, "testdata/odd/hostile.json")) {
		if strings.Contains(report.Markdown(planreview.Comment{Plan: "name = " + secret}), secret) {
			t.Error("the plan shows a secret")
		}
	}
}

// GitHub refuses a file with more than 25,000 results.
func TestSARIFIsNeverTooLong(t *testing.T) {
	limit := object{"project_id": "proj_1", "threshold_amount": 1000}
	resources := []map[string]any{resource("openai_project_spend_limit.raised", limit, with(limit, object{"threshold_amount": 9000}))}
	for i := range 25_001 {
		resources = append(resources, resource(fmt.Sprintf("openai_project.p[\"%d\"]", i), nil, object{"name": fmt.Sprint(i)}))
	}
	text, err := review(t, plan(t, resources...)).SARIF("test", "main.tf")
	if err != nil {
		t.Fatal(err)
	}
	var log struct {
		Runs []struct {
			Results     []struct{ RuleID string }
			Invocations []struct {
				Notifications []struct{ Message struct{ Text string } } `json:"toolExecutionNotifications"`
			}
		}
	}
	if err := json.Unmarshal([]byte(text), &log); err != nil {
		t.Fatal(err)
	}
	run := log.Runs[0]
	if len(run.Results) != 25_000 || run.Results[0].RuleID != "limit-raised" {
		t.Errorf("%d results, the first is %v", len(run.Results), run.Results[0])
	}
	if len(run.Invocations) != 1 || !strings.HasPrefix(run.Invocations[0].Notifications[0].Message.Text, "2 results of lower severity are left out") {
		t.Errorf("it does not say so: %v", run.Invocations)
	}
}

// 5,000 resources take less than a second. Other processes of the machine must
// not count: the test measures processor time, in the best of several runs.
func TestFiveThousandResourcesTakeLessThanASecond(t *testing.T) {
	content := plan(t, manyProjects(1250)...)
	best := time.Hour
	for range 5 {
		started := processorTime(t)
		text := review(t, content).Markdown(planreview.Comment{Name: "large"})
		best = min(best, processorTime(t)-started)
		if !strings.Contains(text, "Checked 5000 objects") {
			t.Fatal(text)
		}
	}
	t.Logf("%d bytes in %v", len(content), best)
	if best > time.Second {
		t.Errorf("it took %v", best)
	}
}

func processorTime(t *testing.T) time.Duration {
	t.Helper()
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		t.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

func BenchmarkReview(b *testing.B) {
	content := plan(b, manyProjects(1250)...)
	for b.Loop() {
		_ = review(b, content).Markdown(planreview.Comment{Name: "large"})
	}
}
