package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/seed"
)

const traffic = `
projects:
  - id: proj_dev
    name: shop-dev
  - id: proj_prod
    name: "=shop-prod"
usage:
  - { kind: completions, at: "2026-08-31T23:59:59Z", project_id: proj_dev, model: gpt-5, measures: { num_model_requests: 1000 }, cost_usd: "1000", line_item: gpt-5 }
  - { kind: completions, at: "2026-09-01T00:00:00Z", project_id: proj_dev, api_key_id: key_1, model: gpt-5, measures: { num_model_requests: 1, input_tokens: 10, output_tokens: 5 }, cost_usd: "0.1", line_item: gpt-5 }
  - { kind: completions, at: "2026-09-02T00:00:00Z", project_id: proj_dev, api_key_id: key_2, model: gpt-4o, measures: { num_model_requests: 2, input_tokens: 20 }, cost_usd: "0.2", line_item: gpt-4o }
  - { kind: embeddings, at: "2026-09-03T00:00:00Z", project_id: proj_prod, api_key_id: key_3, model: small, measures: { num_model_requests: 4, input_tokens: 40 }, cost_usd: "0.000000001", line_item: small }
  - { kind: images, at: "2026-09-30T23:59:59Z", project_id: proj_prod, api_key_id: key_3, model: image, measures: { num_model_requests: 8, images: 3 }, cost_usd: "5", line_item: image }
  - { kind: completions, at: "2026-10-01T00:00:00Z", project_id: proj_dev, model: gpt-5, measures: { num_model_requests: 2000 }, cost_usd: "2000", line_item: gpt-5 }
  - { kind: completions, at: "2025-01-01T00:00:00Z", project_id: proj_dev, model: gpt-5, measures: { num_model_requests: 7 }, cost_usd: "0.7", line_item: gpt-5 }
`

// organization starts an emulator with some traffic, and points the command at
// it.
func organization(t *testing.T) *emulator.Server {
	t.Helper()
	return organizationWith(t, traffic)
}

// organizationWith starts an emulator with this seed.
func organizationWith(t *testing.T, seeded string) *emulator.Server {
	t.Helper()
	s, err := seed.Parse(strings.NewReader(seeded))
	if err != nil {
		t.Fatal(err)
	}
	server, err := emulator.New(emulator.Options{Seed: s})
	if err != nil {
		t.Fatal(err)
	}
	listener := httptest.NewServer(server)
	t.Cleanup(func() {
		listener.Close()
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	t.Setenv("OPENAI_BASE_URL", listener.URL+"/v1")
	t.Setenv("OPENAI_ADMIN_KEY", server.AdminKey())
	return server
}

// report runs openai-admin usage.
func report(args ...string) (out, errOut string, err error) {
	var stdout, stderr bytes.Buffer
	root := newRootCommand()
	root.SetOut(&stdout)
	root.SetErr(&stderr)
	root.SetArgs(append([]string{"usage"}, args...))
	err = root.Execute()
	return stdout.String(), stderr.String(), err
}

const november = "--from=2026-09-01 --to=2026-09-30 --format=csv"

func TestUsageAddsUp(t *testing.T) {
	organization(t)
	for args, want := range map[string]string{
		"--by project": `project_name,project_id,num_model_requests,input_tokens,input_cached_tokens,output_tokens,images,characters,seconds,num_requests,num_sessions,usage_bytes,cost_usd
'=shop-prod,proj_prod,12,40,0,0,3,0,0,0,0,0,5.000000001
shop-dev,proj_dev,3,30,0,5,0,0,0,0,0,0,0.3
`,
		"--by model --kind completions,embeddings": `model,num_model_requests,input_tokens,input_cached_tokens,output_tokens
small,4,40,0,0
gpt-4o,2,20,0,0
gpt-5,1,10,0,5
`,
		"--by day,key --project proj_dev --kind completions": `day,api_key_name,api_key_id,num_model_requests,input_tokens,input_cached_tokens,output_tokens
2026-09-01,,key_1,1,10,0,5
2026-09-02,,key_2,2,20,0,0
`,
		"--by line-item": `line_item,cost_usd
image,5
gpt-4o,0.2
gpt-5,0.1
small,0.000000001
`,
		"--by key --key key_1,key_3 --kind images,completions": `api_key_name,api_key_id,num_model_requests,input_tokens,input_cached_tokens,output_tokens,images
,key_3,8,0,0,0,3
,key_1,1,10,0,5,0
`,
		"--by kind --model small": `kind,num_model_requests,input_tokens,input_cached_tokens,output_tokens,images,characters,seconds,num_requests
embeddings,4,40,0,0,0,0,0,0
`,
		"--by month,project --kind completions": `month,project_name,project_id,num_model_requests,input_tokens,input_cached_tokens,output_tokens
2026-09,shop-dev,proj_dev,3,30,0,5
`,
	} {
		t.Run(args, func(t *testing.T) {
			got, noise, err := report(append(strings.Fields(args), strings.Fields(november)...)...)
			if err != nil || got != want {
				t.Errorf("%v\n%s", err, got)
			}
			if noise != "" {
				t.Errorf("in addition to the report it prints %q", noise)
			}
		})
	}
}

// A long range takes several pages of each kind. None may be lost or counted
// twice.
func TestUsageOfALongRange(t *testing.T) {
	server := organization(t)
	got, noise, err := report("--by", "month", "--from", "2024-11-01", "--to", "2026-10-31", "--format", "json")
	if err != nil || noise != "" {
		t.Fatalf("%v, %q", err, noise)
	}
	var document struct {
		Rows []struct {
			Month    string
			Requests int64  `json:"num_model_requests"`
			Cost     string `json:"cost_usd"`
		}
		Total struct {
			Requests int64  `json:"num_model_requests"`
			Cost     string `json:"cost_usd"`
		}
	}
	if err := json.Unmarshal([]byte(got), &document); err != nil {
		t.Fatal(err)
	}
	if rows := fmt.Sprint(document.Rows); rows != "[{2025-01 7 0.7} {2026-08 1000 1000} {2026-09 15 5.300000001} {2026-10 2000 2000}]" {
		t.Errorf("the rows are %s", rows)
	}
	if document.Total.Requests != 3022 || document.Total.Cost != "3006.000000001" {
		t.Errorf("the total is %+v", document.Total)
	}
	entries, err := server.Journal(0)
	if err != nil {
		t.Fatal(err)
	}
	// 730 days: 24 pages of each of the eleven kinds, and 5 of costs.
	if len(entries) != 11*24+5 {
		t.Errorf("%d requests", len(entries))
	}
}

func TestUsageAsATable(t *testing.T) {
	organization(t)
	got, _, err := report("--by", "model", "--from", "2026-09-01", "--to", "2026-09-30")
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"2026-09-01 to 2026-09-30, days in UTC", "│ gpt-4o │", "Total", "No costs: the API does not return costs by model."} {
		if !strings.Contains(got, text) {
			t.Errorf("%q is not in\n%s", text, got)
		}
	}
	if strings.Contains(got, "Seconds") {
		t.Errorf("there is a column of zeros:\n%s", got)
	}
}

func TestProgress(t *testing.T) {
	for name, test := range map[string]struct {
		terminal bool
		days     int
		want     bool
	}{
		"long, on a terminal":  {true, 400, true},
		"short, on a terminal": {true, 31, false},
		"long, into a file":    {false, 400, false},
	} {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			p := newProgress(&out, test.terminal, 2, test.days)
			p.step()
			p.step()
			p.end()
			if shown := strings.Contains(out.String(), "Reading 400 days") && strings.Contains(out.String(), "(0/2)"); shown != test.want || !test.want && out.Len() > 0 {
				t.Errorf("it shows %q", out.String())
			}
		})
	}
}

func TestUsageRefuses(t *testing.T) {
	organization(t)
	for args, message := range map[string]string{
		"--by color":                    `invalid value for --by: "color"; use day, month, kind, project`,
		"--by projcet":                  `invalid value for --by: "projcet"; did you mean "project"?`,
		"--perod today":                 "unknown flag: --perod; did you mean --period?",
		"--period last-wek":             `"last-wek" is no period; did you mean "last-week"?: use today`,
		"--format focus --by model":     "--by can only add key",
		"--format focus --kind images":  "only costs can be broken down by line-item, and there are none: the API does not return the costs of a kind",
		"--from 2099-01-01":             "2099-01-01 has not begun yet",
		"--model gpt-6":                 `there is no model with the id or name "gpt-6"`,
		"--by model,model":              "model is given twice",
		"--format xml":                  `--format must be one of csv, focus, json, table, got "xml"`,
		"--period soon":                 `"soon" is no period`,
		"--period today --from 1":       "none of the others can be",
		"--to 2026-09-01":               "--to needs --from",
		"--kind smoke":                  `"smoke" is not a kind of usage`,
		"--kind vector_stores --by key": "usage of kind vector_stores does not know key",
		"--by line-item,model":          "the API does not return costs by model",
		"--by line-item --kind images":  "the API does not return the costs of a kind",
		"--by batch --kind images":      "usage of kind images does not know batch",
		"everything":                    "unknown command",
	} {
		t.Run(args, func(t *testing.T) {
			out, _, err := report(strings.Fields(args)...)
			if err == nil || !strings.Contains(err.Error(), message) || out != "" {
				t.Errorf("%v, %q", err, out)
			}
		})
	}
}

func TestUsageNeedsAKeyThatFits(t *testing.T) {
	organization(t)
	t.Setenv("OPENAI_ADMIN_KEY", "sk-admin-wrong-0123456789")
	if _, _, err := report(); err == nil || !strings.Contains(err.Error(), "401") || strings.Contains(err.Error(), "0123456789") {
		t.Errorf("%v", err)
	}
	t.Setenv("OPENAI_ADMIN_KEY", "")
	if _, _, err := report(); err == nil || !strings.Contains(err.Error(), "OPENAI_ADMIN_KEY is not set") {
		t.Errorf("%v", err)
	}
	t.Setenv("OPENAI_ADMIN_KEY", "org-0123456789")
	if _, _, err := report(); err == nil || !strings.Contains(err.Error(), "OPENAI_ADMIN_KEY: the value is not an admin key: it is an organization ID") {
		t.Errorf("%v", err)
	}
	t.Setenv("OPENAI_ADMIN_KEY", " \""+"sk-admin-0123456789\"\n")
	if _, _, err := report(); err == nil || !strings.Contains(err.Error(), "quotation marks") || strings.Contains(err.Error(), "0123456789") {
		t.Errorf("%v", err)
	}
	t.Setenv("OPENAI_ADMIN_KEY", "k")
	t.Setenv("OPENAI_BASE_URL", "https://gateway.example.com/v1")
	if _, _, err := report(); err == nil || !strings.Contains(err.Error(), "the admin key is not sent there: gateway.example.com. If that host serves the Administration API, set OPENAI_ADMIN_BASE_URL") {
		t.Errorf("%v", err)
	}
	t.Setenv("OPENAI_BASE_URL", "http://example.com/v1")
	if _, _, err := report(); err == nil || !strings.Contains(err.Error(), "OPENAI_BASE_URL cannot be used: plain http is only accepted for this machine") {
		t.Errorf("%v", err)
	}
}

// Costs in another currency cannot be added up, and must not be.
func TestUsageInAnotherCurrency(t *testing.T) {
	listener := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = fmt.Fprintf(w, `{"object":"page","has_more":false,"next_page":null,"data":[{"object":"bucket","start_time":%d,"end_time":2,
			"results":[{"object":"organization.costs.result","amount":{"value":1,"currency":"eur"}}]}]}`, time.Now().Unix())
	}))
	t.Cleanup(listener.Close)
	t.Setenv("OPENAI_BASE_URL", listener.URL+"/v1")
	t.Setenv("OPENAI_ADMIN_KEY", "k")
	if _, _, err := report("--by", "line-item"); err == nil || !strings.Contains(err.Error(), `costs in "eur"`) {
		t.Errorf("%v", err)
	}
}

// keysWithUsage starts an emulator with three keys, two with the same
// name, and usage of them and of a revoked key. It returns ids by project and
// name.
func keysWithUsage(t *testing.T) (server *emulator.Server, ids map[string]string) {
	t.Helper()
	server = organizationWith(t, `
projects:
  - { id: proj_dev, name: shop-dev, service_accounts: [ { id: svc_acct_dev, name: checkout, role: member } ] }
  - { id: proj_prod, name: shop-prod, service_accounts: [ { id: svc_acct_prod, name: checkout, role: member } ] }
`)
	ids = map[string]string{}
	post := func(path, body string, into any) {
		request := httptest.NewRequestWithContext(t.Context(), http.MethodPost, path, strings.NewReader(body))
		request.Header.Set("Authorization", "Bearer "+server.AdminKey())
		request.Header.Set("Content-Type", "application/json")
		answer := httptest.NewRecorder()
		if server.ServeHTTP(answer, request); answer.Code != http.StatusOK {
			t.Fatalf("%s answers %d: %s", path, answer.Code, answer.Body)
		}
		if err := json.Unmarshal(answer.Body.Bytes(), into); err != nil {
			t.Fatal(err)
		}
	}
	for _, key := range [][3]string{{"proj_dev", "svc_acct_dev", "checkout"}, {"proj_prod", "svc_acct_prod", "checkout"}, {"proj_prod", "svc_acct_prod", "search"}} {
		var created struct{ ID string }
		post("/v1/organization/projects/"+key[0]+"/service_accounts/"+key[1]+"/api_keys", `{"name":"`+key[2]+`"}`, &created)
		ids[key[0]+"/"+key[2]] = created.ID
	}
	event := func(at, project, key, requests, cost string) string {
		return `{"kind":"completions","at":"` + at + `","project_id":"` + project + `","api_key_id":"` + key + `","model":"gpt-5","measures":{"num_model_requests":` + requests + `},"cost_usd":"` + cost + `","line_item":"gpt-5"}`
	}
	var recorded any
	post("/_emulator/usage", `{"events":[`+strings.Join([]string{
		event("2025-11-01T00:00:00Z", "proj_dev", ids["proj_dev/checkout"], "1", "1"),
		event("2026-09-01T00:00:00Z", "proj_dev", ids["proj_dev/checkout"], "2", "1292.125"),
		event("2026-09-01T00:00:00Z", "proj_prod", ids["proj_prod/search"], "4", "0.5"),
		event("2026-09-01T00:00:00Z", "proj_prod", "key_revoked", "8", "0.25"),
	}, ",")+`]}`, &recorded)
	return server, ids
}

// A name gives the same report as its id, and a name that no object has, or
// several have, is refused instead of reported as zero.
func TestUsageByNameOrID(t *testing.T) {
	_, ids := keysWithUsage(t)
	for _, pair := range [][2]string{
		{"--project shop-dev", "--project proj_dev"},
		{"--by key --key search", "--by key --key " + ids["proj_prod/search"]},
		{"--by key --project shop-dev --key checkout", "--by key --key " + ids["proj_dev/checkout"]},
	} {
		byName, _, err := report(append(strings.Fields(pair[0]), strings.Fields(november)...)...)
		if err != nil {
			t.Fatal(err)
		}
		byID, _, err := report(append(strings.Fields(pair[1]), strings.Fields(november)...)...)
		if err != nil || byName != byID || !strings.Contains(byName, "proj_dev") && !strings.Contains(byName, "key_") {
			t.Errorf("%s reports\n%s\n%s reports\n%s, %v", pair[0], byName, pair[1], byID, err)
		}
	}
	for args, message := range map[string]string{
		"--project shop-dve":            `there is no project with the id or name "shop-dve"; did you mean "shop-dev"?`,
		"--key key_revokd":              `there is no API key with the id or name "key_revokd"`,
		"--user user-none":              `there is no user with the id or name "user-none"`,
		"--model gpt":                   `there is no model with the id or name "gpt"`,
		"--key chekout":                 `there is no API key with the id or name "chekout"`,
		"--key checkout":                "2 API keys have the name \"checkout\"; use an id: key_",
		"--user none@example.com":       `there is no user with the id or name "none@example.com"`,
		"--project shop-prod --key key": `there is no API key with the id or name "key"`,
	} {
		if out, _, err := report(append(strings.Fields(args), strings.Fields(november)...)...); err == nil || !strings.Contains(err.Error(), message) || out != "" {
			t.Errorf("%s: %v, %q", args, err, out)
		}
	}
}

// A selection without usage is a report of zeros only where its object exists:
// deleted keys and users have usage, and snapshots are models of their own.
func TestUsageOfSelectionsThatMayNotExist(t *testing.T) {
	_, ids := keysWithUsage(t)
	for args, want := range map[string]string{
		"--by key --kind completions --key key_revoked":              ",key_revoked,8,",
		"--by model --model gpt-5":                                   "gpt-5,14,",
		"--by day --kind images --key " + ids["proj_prod/search"]:    "day,num_model_requests,images\n",
		"--by day --model gpt-5 --period 2026-08 --kind completions": "day,num_model_requests,input_tokens,input_cached_tokens,output_tokens\n",
	} {
		selected := strings.Fields(november)
		if strings.Contains(args, "--period") {
			selected = selected[2:]
		}
		got, _, err := report(append(strings.Fields(args), selected...)...)
		if err != nil || !strings.Contains(got, want) {
			t.Errorf("%s: %v\n%s", args, err, got)
		}
	}
	organizationWith(t, `
projects: [ { id: proj_dev, name: shop-dev } ]
usage:
  - { kind: completions, at: "2026-09-01T00:00:00Z", project_id: proj_dev, user_id: user-removed, model: gpt-5-2025-08-07, measures: { num_model_requests: 3 }, cost_usd: "1", line_item: gpt-5 }
`)
	if got, _, err := report(append([]string{"--by=user", "--kind=completions", "--user=user-removed"}, strings.Fields(november)...)...); err != nil || !strings.Contains(got, ",user-removed,3,") {
		t.Errorf("%v\n%s", err, got)
	}
	if got, _, err := report(append([]string{"--by=model", "--model=gpt-5"}, strings.Fields(november)...)...); err == nil || !strings.Contains(err.Error(), `"gpt-5" has no usage in this time; the usage is of gpt-5-2025-08-07`) {
		t.Errorf("%v\n%s", err, got)
	}
}

// Where there are costs and no usage, a report without costs says so.
func TestUsageDoesNotHideCosts(t *testing.T) {
	organizationWith(t, `
projects: [ { id: proj_dev, name: shop-dev } ]
usage:
  - { kind: vector_stores, at: "2026-09-01T00:00:00Z", project_id: proj_dev, measures: { usage_bytes: 9 }, cost_usd: "1292.125", line_item: storage }
`)
	want := "No such usage was recorded from 2026-09-01 to 2026-09-30. The costs of this time are 1,292.13 USD: the API does not return costs by model. To see them, use --by line-item.\n"
	if got, noise, err := report("--by=model", "--project=shop-dev", "--from=2026-09-01", "--to=2026-09-30"); err != nil || got != want || noise != "" {
		t.Errorf("%v\n%s%s", err, got, noise)
	}
	if got, noise, err := report("--by=model", "--from=2026-09-01", "--to=2026-09-30", "--format=csv"); err != nil || !strings.HasPrefix(got, "model,") || noise != want {
		t.Errorf("%v\n%s%s", err, got, noise)
	}
}

// The costs of FOCUS are those of the report, to the last digit.
func TestUsageAsFOCUS(t *testing.T) {
	_, ids := keysWithUsage(t)
	for args, want := range map[string]int{"": 2, "--by=key": 3, "--project=shop-dev": 1, "--key=search": 1} {
		got, _, err := report(append(strings.Fields(args), "--from=2026-09-01", "--to=2026-09-30", "--format=focus")...)
		if err != nil {
			t.Fatal(err)
		}
		records, err := csv.NewReader(strings.NewReader(got)).ReadAll()
		if err != nil || len(records) != want+1 {
			t.Fatalf("%s: %d records, %v\n%s", args, len(records), err, got)
		}
		first := map[string]string{}
		for i, name := range records[0] {
			first[name] = records[1][i]
		}
		if first["BillingAccountId"] == "" || first["ChargeDescription"] != "gpt-5" || first["ChargePeriodStart"] != "2026-09-01T00:00:00Z" || first["ChargePeriodEnd"] != "2026-09-02T00:00:00Z" {
			t.Errorf("%s: the first row is %v", args, first)
		}
		if args == "" && (first["BilledCost"] != "1292.125" || first["SubAccountName"] != "shop-dev") {
			t.Errorf("the first row is %v", first)
		}
		if args == "--by=key" && (first["x_ApiKeyId"] != ids["proj_dev/checkout"] || first["x_ApiKeyName"] != "checkout") {
			t.Errorf("the first row is %v", first)
		}
	}
	if _, _, err := report("--by=key", "--from=2025-11-01", "--to=2025-11-30", "--format=focus"); err == nil || !strings.Contains(err.Error(), "Grouping by 'api_key_id' is not supported") {
		t.Errorf("%v", err)
	}
}

// Keys are shown by name; one that was revoked has none.
func TestUsageByKeyShowsNames(t *testing.T) {
	_, ids := keysWithUsage(t)
	got, _, err := report(append([]string{"--by=key", "--kind=completions"}, strings.Fields(november)...)...)
	want := `api_key_name,api_key_id,num_model_requests,input_tokens,input_cached_tokens,output_tokens
checkout,` + ids["proj_dev/checkout"] + `,2,0,0,0
search,` + ids["proj_prod/search"] + `,4,0,0,0
,key_revoked,8,0,0,0
`
	if err != nil || sortedLines(got) != sortedLines(want) {
		t.Errorf("%v\n%s", err, got)
	}
}

func sortedLines(text string) string {
	lines := strings.Split(text, "\n")
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// Before December 2025 the API refuses to group costs by key: usage is reported
// all the same, with the reason.
func TestUsageWhereTheAPIRefusesCosts(t *testing.T) {
	keysWithUsage(t)
	got, _, err := report("--by", "key", "--from", "2025-11-01", "--to", "2025-11-30")
	if err != nil || !strings.Contains(got, "│ checkout │ key_") || !strings.Contains(got, "No costs: the API refused to group costs so:") || strings.Contains(got, "Cost in USD") {
		t.Errorf("%v\n%s", err, got)
	}
	if got, _, err = report("--by", "key", "--from", "2026-09-01", "--to", "2026-09-30"); err != nil || !strings.Contains(got, "1,292.13") {
		t.Errorf("%v\n%s", err, got)
	}
}

// No request asks for usage of the future.
func TestUsageEndsNow(t *testing.T) {
	server, _ := keysWithUsage(t)
	if _, _, err := report("--period", "this-month"); err != nil {
		t.Fatal(err)
	}
	entries, err := server.Journal(0)
	if err != nil {
		t.Fatal(err)
	}
	ends := 0
	for _, entry := range entries {
		query, err := url.ParseQuery(entry.Query)
		if err != nil {
			t.Fatal(err)
		}
		end := query.Get("end_time")
		if end == "" {
			continue
		}
		ends++
		if at, err := strconv.ParseInt(end, 10, 64); err != nil || at > time.Now().Unix() {
			t.Errorf("%s ends at %s, which is after %d", entry.Path, end, time.Now().Unix())
		}
	}
	if ends == 0 {
		t.Error("no request has an end")
	}
}

// A command that waits for the API's rate limits says so, on a terminal or not.
func TestUsageReportsWaiting(t *testing.T) {
	var out bytes.Buffer
	ticks, waits := make(chan time.Time), []time.Duration{0, 30 * time.Second, 30 * time.Second, time.Minute}
	stop := reportWaiting(&out, ticks, func() (total, most time.Duration, endpoint string) {
		total, waits = waits[0], waits[1:]
		return total, total, "GET /organization/costs"
	})
	for range waits {
		ticks <- time.Time{}
	}
	stop()
	want := "Waiting for the API's rate limits (30s in total, most of it for GET /organization/costs).\n" +
		"Waiting for the API's rate limits (1m0s in total, most of it for GET /organization/costs).\n"
	if out.String() != want {
		t.Errorf("it says %q", out.String())
	}
}
