package emulator_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator"
)

const day0 = 1_772_323_200 // 2026-03-01T00:00:00Z

func record(t *testing.T, o *organization, events ...string) {
	t.Helper()
	reply := o.control(t, "POST", "/usage", `{"events":[`+strings.Join(events, ",")+`]}`)
	expect(t, "recorded", reply.text("recorded"), fmt.Sprint(len(events)))
}

func event(kind string, at int64, fields string) string {
	return fmt.Sprintf(`{"kind":%q,"at":%q,%s}`, kind, time.Unix(at, 0).UTC().Format(time.RFC3339), fields)
}

func TestUsageIsPagedInBuckets(t *testing.T) {
	o := start(t, emulator.Options{Seed: unused()})
	record(t, o,
		event("completions", day0, `"measures":{"input_tokens":1}`),
		event("completions", day0+9*86400, `"measures":{"input_tokens":2}`),
		event("completions", day0+10*86400, `"measures":{"input_tokens":100}`),
	)
	path := fmt.Sprintf("/organization/usage/completions?start_time=%d&end_time=%d&limit=4", day0, day0+10*86400)
	var sizes []string
	var sum int
	token := ""
	for {
		page := o.do(t, "GET", path+"&page="+token, "")
		expect(t, "object", page.text("object"), "page")
		buckets := page.list("data")
		sizes = append(sizes, fmt.Sprint(len(buckets)))
		for _, bucket := range buckets {
			for _, result := range bucket.list("results") {
				expect(t, "object", result.text("object"), "organization.usage.completions.result")
				var n int
				_, _ = fmt.Sscan(result.text("input_tokens"), &n)
				sum += n
			}
		}
		if page.text("has_more") != "true" {
			if page["next_page"] != nil {
				t.Errorf("the last page names another: %v", page["next_page"])
			}
			break
		}
		token = page.text("next_page")
	}
	expect(t, "pages", strings.Join(sizes, " "), "4 4 2")
	expect(t, "tokens", fmt.Sprint(sum), "3")
	bucket := o.do(t, "GET", path, "").list("data")[1]
	expect(t, "bucket", bucket.text("start_time")+" "+bucket.text("end_time"), fmt.Sprint(day0+86400, " ", day0+2*86400))
	expect(t, "results of a day without usage", count(bucket.list("results")), "0")
	for query, param := range map[string]string{
		"":                             "start_time",
		"start_time=x":                 "start_time",
		"start_time=10&end_time=10":    "end_time",
		"start_time=1&bucket_width=1w": "bucket_width",
		"start_time=1&limit=32":        "limit",
		"start_time=1&limit=0":         "limit",
		"start_time=1&group_by=color":  "group_by",
		"start_time=1&page=page_x":     "page",
		"start_time=1&batch=perhaps":   "batch",
	} {
		expect(t, "param of "+query, o.refused(t, 400, "GET", "/organization/usage/completions?"+query, "").text("param"), param)
	}
}

func TestUsageIsGroupedAndFiltered(t *testing.T) {
	o := start(t, emulator.Options{Seed: unused()})
	record(t, o,
		event("completions", day0, `"project_id":"proj_a","model":"gpt-4o","user_id":"user-1","measures":{"num_model_requests":1}`),
		event("completions", day0+60, `"project_id":"proj_b","model":"gpt-4o","batch":true,"measures":{"num_model_requests":2}`),
		event("completions", day0+3600, `"project_id":"proj_a","model":"gpt-4o-mini","measures":{"num_model_requests":4}`),
		event("images", day0, `"size":"256x256","measures":{"images":8}`),
	)
	groups := func(query string) string {
		var parts []string
		for _, bucket := range o.do(t, "GET", fmt.Sprintf("/organization/usage/completions?start_time=%d&end_time=%d&%s", day0, day0+86400, query), "").list("data") {
			for _, r := range bucket.list("results") {
				parts = append(parts, strings.Join([]string{r.text("project_id"), r.text("model"), r.text("batch"), r.text("num_model_requests")}, "/"))
			}
		}
		return strings.Join(parts, " ")
	}
	for query, want := range map[string]string{
		"":                               "///7",
		"group_by=model":                 "/gpt-4o//3 /gpt-4o-mini//4",
		"group_by[]=model":               "/gpt-4o//3 /gpt-4o-mini//4",
		"group_by=project_id":            "proj_a///5 proj_b///2",
		"group_by=model&group_by=batch":  "/gpt-4o//1 /gpt-4o/true/2 /gpt-4o-mini//4",
		"models=gpt-4o":                  "///3",
		"project_ids=proj_a":             "///5",
		"project_ids[]=proj_a&models=x":  "",
		"user_ids=user-1":                "///1",
		"batch=true":                     "///2",
		"batch=false":                    "///5",
		"bucket_width=1h":                "///3 ///4",
		"bucket_width=1m&limit=2":        "///1 ///2",
		"project_ids=proj_a,proj_b":      "",
		"group_by=project_id&batch=true": "proj_b///2",
	} {
		t.Run(query, func(t *testing.T) { expect(t, "results", groups(query), want) })
	}
}

func TestCostsAreExact(t *testing.T) {
	o := start(t, emulator.Options{Seed: unused()})
	record(t, o,
		event("costs", day0, `"project_id":"proj_a","line_item":"in","cost_usd":"0.1","quantity":"1.5","quantity_unit":"1000_tokens"`),
		event("costs", day0+1, `"project_id":"proj_b","line_item":"in","cost_usd":"0.2","quantity":"2","quantity_unit":"1000_tokens"`),
		event("costs", day0+2, `"project_id":"proj_a","line_item":"out","cost_usd":"12345678.000000001"`),
	)
	path := fmt.Sprintf("/organization/costs?start_time=%d&end_time=%d", day0, day0+86400)
	all := o.do(t, "GET", path, "").list("data")[0].list("results")[0]
	expect(t, "amount", all.object("amount").text("value"), "12345678.300000001")
	expect(t, "currency", all.object("amount").text("currency"), "usd")
	var items []string
	for _, r := range o.do(t, "GET", path+"&group_by=line_item", "").list("data")[0].list("results") {
		items = append(items, strings.Join([]string{r.text("line_item"), r.object("amount").text("value"), r.text("quantity"), r.text("quantity_unit")}, "/"))
	}
	expect(t, "items", strings.Join(items, " "), "in/0.3/3.5/1000_tokens out/12345678.000000001//")
	expect(t, "filtered", o.do(t, "GET", path+"&line_items=in&project_ids=proj_b", "").list("data")[0].list("results")[0].object("amount").text("value"), "0.2")
	o.refused(t, 400, "GET", path+"&bucket_width=1h", "")
	o.refused(t, 400, "GET", path+"&limit=181", "")
	o.refused(t, 400, "GET", path+"&group_by=model", "")
	o.refused(t, 400, "GET", path+"&group_by=user_id&group_by=project_id", "")
	for _, bad := range []string{
		event("smoke", day0, `"cost_usd":"1"`), event("costs", day0, `"line_item":"x"`), event("costs", day0, `"cost_usd":"0.0000000001"`),
		event("costs", day0, `"cost_usd":"a lot"`), `{"kind":"costs","cost_usd":"1"}`, `{"kind":"costs","cost_usd":"1","at":"yesterday"}`,
	} {
		if got := o.send(t, "POST", "/_emulator/usage", `{"events":[`+bad+`]}`); got.status != 400 {
			t.Errorf("%s answers %d", bad, got.status)
		}
	}
}
