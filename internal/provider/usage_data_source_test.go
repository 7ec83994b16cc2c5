package provider_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/seed"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/store"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/usage"
)

const (
	usageAddress = "data.openai_usage.test"
	costsAddress = "data.openai_costs.test"
)

func ptr[T any](value T) *T { return &value }

// startWithUsage starts an emulator in which just this was used.
func startWithUsage(t *testing.T, events ...usage.Event) *acctest.Backend {
	organization := seed.Default()
	organization.Usage = events
	return acctest.Start(t, func(o *emulator.Options) { o.Seed = organization })
}

const firstWeek = "start_time = \"2026-03-01T00:00:00Z\"\n  end_time = \"2026-03-08T00:00:00Z\"\n"

func completionEvent(at, project, model string, requests, input, output int64) usage.Event {
	return usage.Event{
		Kind: "completions", At: at, ProjectID: &project, Model: &model,
		Measures: store.Measures{NumModelRequests: requests, InputTokens: input, OutputTokens: output},
	}
}

func TestAccUsage_groupsFiltersAndTotals(t *testing.T) {
	batch := completionEvent("2026-03-02T12:00:00Z", "proj_a", "gpt-4o", 1, 5, 1)
	batch.Batch = ptr(true)
	b := startWithUsage(t,
		completionEvent("2026-03-01T00:00:00Z", "proj_a", "gpt-4o", 1, 10, 2),
		completionEvent("2026-03-01T23:59:59Z", "proj_b", "gpt-4o-mini", 2, 20, 4),
		completionEvent("2026-03-03T06:00:00Z", "proj_a", "gpt-4o-mini", 4, 40, 8),
		batch,
		completionEvent("2026-02-28T23:59:59Z", "proj_a", "gpt-4o", 1000, 1000, 1000),
		completionEvent("2026-03-08T00:00:00Z", "proj_a", "gpt-4o", 1000, 1000, 1000),
	)
	config := func(body string) string {
		return b.Config(dataSource("usage", "kind = \"completions\"\n"+firstWeek+body))
	}
	requests := func(body string, want int) resource.TestStep {
		return resource.TestStep{Config: config(body), Check: resource.TestCheckResourceAttr(usageAddress, "total.num_model_requests", fmt.Sprint(want))}
	}
	acctest.Test(t,
		resource.TestStep{Config: config(""), Check: resource.ComposeAggregateTestCheckFunc(
			resource.TestCheckResourceAttr(usageAddress, "buckets.#", "7"),
			resource.TestCheckResourceAttr(usageAddress, "buckets.0.start_time", "2026-03-01T00:00:00Z"),
			resource.TestCheckResourceAttr(usageAddress, "buckets.6.end_time", "2026-03-08T00:00:00Z"),
			resource.TestCheckResourceAttr(usageAddress, "buckets.0.results.#", "1"),
			resource.TestCheckResourceAttr(usageAddress, "buckets.0.results.0.input_tokens", "30"),
			resource.TestCheckNoResourceAttr(usageAddress, "buckets.0.results.0.model"),
			resource.TestCheckResourceAttr(usageAddress, "buckets.3.results.#", "0"),
			resource.TestCheckResourceAttr(usageAddress, "total.num_model_requests", "8"),
			resource.TestCheckResourceAttr(usageAddress, "total.input_tokens", "75"),
			resource.TestCheckResourceAttr(usageAddress, "total.output_tokens", "15"),
			resource.TestCheckResourceAttr(usageAddress, "total.input_cached_tokens", "0"),
			resource.TestCheckNoResourceAttr(usageAddress, "total.images"),
		)},
		// Asked again, the answer is the same.
		resource.TestStep{
			Config:           config(""),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}},
		},
		resource.TestStep{Config: config(`group_by = ["model", "project_id"]`), Check: resource.ComposeAggregateTestCheckFunc(
			resource.TestCheckResourceAttr(usageAddress, "buckets.0.results.#", "2"),
			resource.TestCheckResourceAttr(usageAddress, "buckets.0.results.0.project_id", "proj_a"),
			resource.TestCheckResourceAttr(usageAddress, "buckets.0.results.1.model", "gpt-4o-mini"),
			resource.TestCheckResourceAttr(usageAddress, "buckets.0.results.1.output_tokens", "4"),
			resource.TestCheckNoResourceAttr(usageAddress, "buckets.0.results.1.user_id"),
			resource.TestCheckResourceAttr(usageAddress, "total.num_model_requests", "8"),
		)},
		resource.TestStep{Config: config(`group_by = ["batch"]`), Check: resource.TestCheckResourceAttr(usageAddress, "buckets.1.results.0.batch", "true")},
		requests(`project_ids = ["proj_a"]`, 6),
		requests(`models = ["gpt-4o-mini"]`, 6),
		requests("project_ids = [\"proj_a\"]\nmodels = [\"gpt-4o-mini\"]", 4),
		requests(`project_ids = ["proj_a", "proj_b"]`, 8),
		requests(`project_ids = ["proj_none"]`, 0),
		requests(`batch = true`, 1),
		requests(`batch = false`, 7),
	)
}

func TestAccUsage_everyPageIsRead(t *testing.T) {
	// 100 days in buckets of days are four pages, 30 days in hours five.
	b := startWithUsage(t,
		completionEvent("2026-01-01T12:00:00Z", "proj_a", "gpt-4o", 1, 1, 1),
		completionEvent("2026-04-10T12:00:00Z", "proj_a", "gpt-4o", 2, 1, 1),
	)
	const day = "kind = \"completions\"\nstart_time = \"2026-01-01T00:00:00Z\"\n"
	acctest.Test(t,
		resource.TestStep{
			Config: b.Config(dataSource("usage", day+`end_time = "2026-04-11T00:00:00Z"`)),
			Check: resource.ComposeAggregateTestCheckFunc(
				resource.TestCheckResourceAttr(usageAddress, "buckets.#", "100"),
				resource.TestCheckResourceAttr(usageAddress, "buckets.99.end_time", "2026-04-11T00:00:00Z"),
				resource.TestCheckResourceAttr(usageAddress, "total.num_model_requests", "3"),
			),
		},
		resource.TestStep{
			Config: b.Config(dataSource("usage", day+"end_time = \"2026-01-31T00:00:00Z\"\nbucket_width = \"1h\"")),
			Check: resource.ComposeAggregateTestCheckFunc(
				resource.TestCheckResourceAttr(usageAddress, "buckets.#", "720"),
				resource.TestCheckResourceAttr(usageAddress, "buckets.12.results.0.num_model_requests", "1"),
			),
		},
		resource.TestStep{
			Config: b.Config(dataSource("usage", day+"end_time = \"2026-01-01T13:00:00Z\"\nbucket_width = \"1m\"")),
			Check:  resource.TestCheckResourceAttr(usageAddress, "buckets.720.results.0.num_model_requests", "1"),
		},
	)
}

func TestAccUsage_everyKind(t *testing.T) {
	const at = "2026-03-02T12:00:00Z"
	for name, test := range map[string]struct {
		event            usage.Event
		measure          string
		groupBy, groupIs string
		filter           string
	}{
		"completions":               {usage.Event{Measures: store.Measures{InputCachedTokens: 7}, ServiceTier: ptr("flex")}, "input_cached_tokens", "service_tier", "flex", ``},
		"decisions":                 {usage.Event{Measures: store.Measures{OutputTextTokens: 7}, APISource: ptr("agents_api")}, "output_text_tokens", "api_source", "agents_api", ``},
		"embeddings":                {usage.Event{Measures: store.Measures{InputTokens: 7}, APIKeyID: ptr("key_1")}, "input_tokens", "api_key_id", "key_1", `api_key_ids = ["key_1"]`},
		"moderations":               {usage.Event{Measures: store.Measures{InputTokens: 7}, UserID: ptr("user-1")}, "input_tokens", "user_id", "user-1", `user_ids = ["user-1"]`},
		"images":                    {usage.Event{Measures: store.Measures{Images: 7}, Size: ptr("1024x1024"), Source: ptr("image.edit")}, "images", "size", "1024x1024", "sizes = [\"1024x1024\"]\nsources = [\"image.edit\"]"},
		"audio_speeches":            {usage.Event{Measures: store.Measures{Characters: 7}, Model: ptr("tts-1")}, "characters", "model", "tts-1", `models = ["tts-1"]`},
		"audio_transcriptions":      {usage.Event{Measures: store.Measures{Seconds: 7}, Model: ptr("whisper-1")}, "seconds", "model", "whisper-1", ``},
		"vector_stores":             {usage.Event{Measures: store.Measures{UsageBytes: 7}, ProjectID: ptr("proj_a")}, "usage_bytes", "project_id", "proj_a", `project_ids = ["proj_a"]`},
		"code_interpreter_sessions": {usage.Event{Measures: store.Measures{NumSessions: 7}, ProjectID: ptr("proj_a")}, "num_sessions", "project_id", "proj_a", ``},
		"file_search_calls":         {usage.Event{Measures: store.Measures{NumRequests: 7}, VectorStoreID: ptr("vs_1")}, "num_requests", "vector_store_id", "vs_1", `vector_store_ids = ["vs_1"]`},
		"web_search_calls":          {usage.Event{Measures: store.Measures{NumRequests: 7}, ContextLevel: ptr("high")}, "num_requests", "context_level", "high", `context_levels = ["high"]`},
	} {
		t.Run(name, func(t *testing.T) {
			test.event.Kind, test.event.At = name, at
			b := startWithUsage(t, test.event)
			acctest.Test(t, resource.TestStep{
				Config: b.Config(dataSource("usage", fmt.Sprintf("kind = %q\n%sgroup_by = [%q]\n%s", name, firstWeek, test.groupBy, test.filter))),
				Check: resource.ComposeAggregateTestCheckFunc(
					resource.TestCheckResourceAttr(usageAddress, "total."+test.measure, "7"),
					resource.TestCheckResourceAttr(usageAddress, "buckets.1.results.0."+test.measure, "7"),
					resource.TestCheckResourceAttr(usageAddress, "buckets.1.results.0."+test.groupBy, test.groupIs),
				),
			})
		})
	}
}

// Without an end, only whole days are read, so that the plan stays the same
// during a day.
func TestAccUsage_defaultEnd(t *testing.T) {
	today := time.Now().UTC().Truncate(24 * time.Hour)
	b := startWithUsage(t,
		completionEvent(today.Add(-time.Hour).Format(time.RFC3339), "proj_a", "gpt-4o", 1, 1, 1),
		completionEvent(today.Format(time.RFC3339), "proj_a", "gpt-4o", 1000, 1, 1),
	)
	config := func(start time.Time) string {
		return b.Config(dataSource("usage", fmt.Sprintf("kind = \"completions\"\nstart_time = %q", start.Format(time.RFC3339))))
	}
	acctest.Test(t,
		resource.TestStep{Config: config(today.AddDate(0, 0, -2)), Check: resource.ComposeAggregateTestCheckFunc(
			resource.TestCheckResourceAttr(usageAddress, "buckets.#", "2"),
			resource.TestCheckResourceAttr(usageAddress, "total.num_model_requests", "1"),
		)},
		resource.TestStep{Config: config(today.AddDate(0, 0, 1)), ExpectError: acctest.Message("start_time must be before the end")},
	)
}

func TestAccUsage_invalidConfiguration(t *testing.T) {
	b := startWithUsage(t)
	acctest.Refused(t, b, map[string]struct{ HCL, Message string }{
		"unknown kind":      {dataSource("usage", `kind = "smoke"`+"\n"+firstWeek), "kind value must be one of"},
		"no time":           {dataSource("usage", "kind = \"images\"\nstart_time = \"yesterday\""), "start_time must be an RFC 3339 time such as 2026-11-01T00:00:00Z, got \"yesterday\""},
		"end before start":  {dataSource("usage", "kind = \"images\"\nstart_time = \"2026-03-02T00:00:00Z\"\nend_time = \"2026-03-01T00:00:00Z\""), "end_time must be after start_time"},
		"end at start":      {dataSource("usage", "kind = \"images\"\nstart_time = \"2026-03-02T01:00:00+01:00\"\nend_time = \"2026-03-02T00:00:00Z\""), "end_time must be after start_time"},
		"width":             {dataSource("usage", "kind = \"images\"\nbucket_width = \"1w\"\n"+firstWeek), "bucket_width value must be one of"},
		"grouping of kind":  {dataSource("usage", "kind = \"vector_stores\"\ngroup_by = [\"model\"]\n"+firstWeek), `Usage of kind vector_stores cannot be grouped by "model". It can be grouped by project_id.`},
		"filter of kind":    {dataSource("usage", "kind = \"embeddings\"\nsizes = [\"1x1\"]\n"+firstWeek), "Usage of kind embeddings cannot be filtered by sizes"},
		"batch of kind":     {dataSource("usage", "kind = \"embeddings\"\nbatch = true\n"+firstWeek), "Usage of kind embeddings cannot be filtered by batch"},
		"costs, width":      {dataSource("costs", "bucket_width = \"1h\"\n"+firstWeek), `bucket_width value must be one of: ["1d"]`},
		"costs, grouping":   {dataSource("costs", "group_by = [\"model\"]\n"+firstWeek), "value must be one of"},
		"costs, wrong span": {dataSource("costs", "start_time = \"2026-03-02T00:00:00Z\"\nend_time = \"2026-03-01T00:00:00Z\""), "end_time must be after start_time"},
	})
}

func costEvent(at, project, lineItem, usd string) usage.Event {
	return usage.Event{Kind: "costs", At: at, ProjectID: &project, LineItem: &lineItem, CostUSD: usd}
}

func TestAccCosts(t *testing.T) {
	tokens := costEvent("2026-03-03T12:00:00Z", "proj_a", "gpt-4o, input", "0.000000001")
	tokens.Quantity, tokens.QuantityUnit = "12.5", ptr("1000_tokens")
	b := startWithUsage(t,
		// In binary floating point these would sum to 0.30000000000000004.
		costEvent("2026-03-01T12:00:00Z", "proj_a", "gpt-4o, input", "0.1"),
		costEvent("2026-03-01T13:00:00Z", "proj_b", "gpt-4o, output", "0.2"),
		tokens,
		costEvent("2026-03-08T00:00:00Z", "proj_a", "gpt-4o, input", "1000"),
	)
	config := func(body string) string { return b.Config(dataSource("costs", firstWeek+body)) }
	total := func(body, want string) resource.TestStep {
		return resource.TestStep{Config: config(body), Check: resource.TestCheckResourceAttr(costsAddress, "total_usd", want)}
	}
	acctest.Test(t,
		resource.TestStep{Config: config(""), Check: resource.ComposeAggregateTestCheckFunc(
			resource.TestCheckResourceAttr(costsAddress, "buckets.#", "7"),
			resource.TestCheckResourceAttr(costsAddress, "buckets.0.results.0.amount_value", "0.3"),
			resource.TestCheckResourceAttr(costsAddress, "buckets.0.results.0.amount_currency", "usd"),
			resource.TestCheckResourceAttr(costsAddress, "buckets.1.results.#", "0"),
			resource.TestCheckResourceAttr(costsAddress, "total_usd", "0.300000001"),
		)},
		resource.TestStep{
			Config:           config(""),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}},
		},
		resource.TestStep{Config: config(`group_by = ["line_item", "project_id"]`), Check: resource.ComposeAggregateTestCheckFunc(
			resource.TestCheckResourceAttr(costsAddress, "buckets.0.results.#", "2"),
			resource.TestCheckResourceAttr(costsAddress, "buckets.0.results.1.line_item", "gpt-4o, output"),
			resource.TestCheckResourceAttr(costsAddress, "buckets.2.results.0.quantity", "12.5"),
			resource.TestCheckResourceAttr(costsAddress, "buckets.2.results.0.quantity_unit", "1000_tokens"),
		)},
		total(`project_ids = ["proj_b"]`, "0.2"),
		total(`line_items = ["gpt-4o, input"]`, "0.100000001"),
		total(`project_ids = ["proj_none"]`, "0"),
	)
}

func TestAccCosts_everyPageIsRead(t *testing.T) {
	b := startWithUsage(t, costEvent("2025-01-01T12:00:00Z", "proj_a", "x", "1.25"), costEvent("2025-12-31T12:00:00Z", "proj_a", "x", "2.5"))
	acctest.Test(t, resource.TestStep{
		PreConfig: func() { b.Mark(t) },
		Config:    b.Config(dataSource("costs", "start_time = \"2025-01-01T00:00:00Z\"\nend_time = \"2026-01-01T00:00:00Z\"")),
		Check: resource.ComposeAggregateTestCheckFunc(
			resource.TestCheckResourceAttr(costsAddress, "buckets.#", "365"),
			resource.TestCheckResourceAttr(costsAddress, "total_usd", "3.75"),
			func(*terraform.State) error {
				if pages := b.Count(t, "GET", "/v1/organization/costs"); pages%3 != 0 || pages == 0 {
					return fmt.Errorf("%d requests for three pages", pages)
				}
				return nil
			},
		),
	})
}
