package usagereport

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/jedib0t/go-pretty/v6/text"
	"github.com/shopspring/decimal"
)

// sample is a report by project, with a hostile name.
func sample(t *testing.T, projectName string) *Report {
	t.Helper()
	by, err := findDimensions([]string{"project"})
	if err != nil {
		t.Fatal(err)
	}
	r := &Report{
		Period: Period{time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC), time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)},
		Names:  map[string]string{"proj_1": projectName}, by: by, counted: measures[:2],
	}
	r.finish(map[string]*Row{
		"a": {Group: []string{"proj_1"}, Counts: map[string]int64{"num_model_requests": 1234567}, Cost: decimal.RequireFromString("0.10")},
		"b": {Group: []string{""}, Counts: map[string]int64{}, Cost: decimal.RequireFromString("0.200000000000000000000000001")},
	})
	return r
}

func TestTable(t *testing.T) {
	var out bytes.Buffer
	if err := sample(t, "shop\x1b[2J\u202e-dev\n").WriteTable(&out); err != nil {
		t.Fatal(err)
	}
	want := `2026-11-01 to 2026-11-30, days in UTC
┌─────────────┬────────────┬───────────┬─────────────┐
│ Project     │ Project id │  Requests │ Cost in USD │
├─────────────┼────────────┼───────────┼─────────────┤
│ –           │ –          │         0 │        0.20 │
│ shop[2J-dev │ proj_1     │ 1,234,567 │        0.10 │
├─────────────┼────────────┼───────────┼─────────────┤
│ Total       │            │ 1,234,567 │        0.30 │
└─────────────┴────────────┴───────────┴─────────────┘
`
	if out.String() != want {
		t.Errorf("the table is\n%s", out.String())
	}
}

func TestCSVIsHarmless(t *testing.T) {
	for _, name := range []string{"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "＝1", "\u200b=1", "|cmd", "=cmd|' /C calc'!A0", `"=1"`, "a,b\n\"c\"", "plain"} {
		var out bytes.Buffer
		if err := sample(t, name).WriteCSV(&out); err != nil {
			t.Fatal(err)
		}
		records, err := csv.NewReader(&out).ReadAll()
		if err != nil || len(records) != 3 {
			t.Fatalf("%q: %d records, %v", name, len(records), err)
		}
		got := records[2][0]
		innocent := name == "plain" || name == `"=1"` || strings.HasPrefix(name, "a,b")
		if innocent && got != name || !innocent && got != "'"+strings.ReplaceAll(name, "\r\n", "\n") {
			t.Errorf("%q is written as %q", name, got)
		}
	}
}

func TestCSV(t *testing.T) {
	var out bytes.Buffer
	if err := sample(t, "dev").WriteCSV(&out); err != nil {
		t.Fatal(err)
	}
	want := "project_name,project_id,num_model_requests,input_tokens,cost_usd\n,,0,0,0.200000000000000000000000001\ndev,proj_1,1234567,0,0.1\n"
	if out.String() != want {
		t.Errorf("the file is %q", out.String())
	}
}

func TestJSON(t *testing.T) {
	var out bytes.Buffer
	if err := sample(t, `<"dev">`).WriteJSON(&out); err != nil {
		t.Fatal(err)
	}
	var got struct {
		Start, End string
		Rows       []struct {
			ProjectID   *string `json:"project_id"`
			ProjectName *string `json:"project_name"`
			Requests    int64   `json:"num_model_requests"`
			CostUSD     string  `json:"cost_usd"`
		}
		Total map[string]any
	}
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if got.Start != "2026-11-01T00:00:00Z" || got.End != "2026-12-01T00:00:00Z" || len(got.Rows) != 2 {
		t.Fatalf("the document is %s", out.String())
	}
	if none := got.Rows[0]; none.ProjectID != nil || none.CostUSD != "0.200000000000000000000000001" {
		t.Errorf("the first row is %+v", none)
	}
	if dev := got.Rows[1]; *dev.ProjectName != `<"dev">` || dev.Requests != 1234567 || dev.CostUSD != "0.1" {
		t.Errorf("the second row is %+v", dev)
	}
	if len(got.Total) != 3 || got.Total["cost_usd"] != "0.300000000000000000000000001" {
		t.Errorf("the total is %v", got.Total)
	}
}

func TestNothingWasUsed(t *testing.T) {
	r := sample(t, "")
	r.Rows = nil
	var out bytes.Buffer
	if err := r.WriteTable(&out); err != nil || out.String() != "Nothing was used from 2026-11-01 to 2026-11-30.\n" {
		t.Errorf("%q, %v", out.String(), err)
	}
}

// On a narrow terminal ids with names and counts go before the costs do, and
// names are shortened.
func TestTableFitsTheTerminal(t *testing.T) {
	for width, want := range map[int]string{
		60: `2026-11-01 to 2026-11-30, days in UTC
┌─────────────────────────┬───────────┬─────────────┐
│ Project                 │  Requests │ Cost in USD │
├─────────────────────────┼───────────┼─────────────┤
│ –                       │         0 │        0.20 │
│ shop-dev-with-long-name │ 1,234,567 │        0.10 │
├─────────────────────────┼───────────┼─────────────┤
│ Total                   │ 1,234,567 │        0.30 │
└─────────────────────────┴───────────┴─────────────┘
Not shown in a terminal of this width: Project id. --format csv has every column.
`,
		30: `2026-11-01 to 2026-11-30, days in UTC
┌──────────────┬─────────────┐
│ Project      │ Cost in USD │
├──────────────┼─────────────┤
│ –            │        0.20 │
│ shop-dev-wi… │        0.10 │
├──────────────┼─────────────┤
│ Total        │        0.30 │
└──────────────┴─────────────┘
Not shown in a terminal of this width: Project id, Requests. --format csv has every column.
`,
	} {
		var out bytes.Buffer
		r := sample(t, "shop-dev-with-long-name")
		r.Width = width
		if err := r.WriteTable(&out); err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(out.String()) {
			if strings.ContainsAny(line, "│┌") && text.StringWidth(strings.TrimSpace(line)) > width {
				t.Errorf("%d columns: %q is wider", width, line)
			}
		}
		if out.String() != want {
			t.Errorf("for %d columns the table is\n%s", width, out.String())
		}
	}
}
