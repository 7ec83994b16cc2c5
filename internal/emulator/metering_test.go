package emulator_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/metering"
)

// Each call is in usage and costs, under its project, key, user and model, in
// the bucket of its time.
func TestUsageIsWhatHappened(t *testing.T) {
	clock := newClock()
	o := start(t, emulator.Options{Seed: unused(), Now: clock.Now})
	dev, prod := o.application(t, o.project(t, "dev")), o.application(t, o.project(t, "prod"))
	begin := clock.Now().Unix()
	small := dev.do(t, "POST", chat, ask("gpt-4o-mini", "Hello")).object("usage")
	dev.do(t, "POST", chat, ask("gpt-4o", "Hello"))
	clock.advance(2 * time.Hour)
	prod.do(t, "POST", "/responses", `{"model":"gpt-4o","input":"Hello"}`)
	dev.do(t, "POST", "/embeddings", `{"model":"text-embedding-3-small","input":"Hello"}`)
	dev.do(t, "POST", "/images/generations", `{"model":"gpt-image-1","prompt":"A fox","n":2,"size":"1536x1024"}`)
	dev.do(t, "POST", "/moderations", `{"input":"Hello"}`)
	prod.do(t, "POST", "/vector_stores", `{"file_ids":["`+prod.upload(t, "a.txt", "12345").object(t).text("id")+`"]}`)
	prod.refused(t, 404, "POST", chat, ask("gpt-9", "Hello"))

	usage := func(kind, query string, fields ...string) string {
		var rows []string
		for hour, bucket := range o.do(t, "GET", fmt.Sprintf("/organization/usage/%s?bucket_width=1h&start_time=%d&%s", kind, begin, query), "").list("data") {
			for _, result := range bucket.list("results") {
				row := fmt.Sprint(hour)
				for _, field := range fields {
					row += " " + result.text(field)
				}
				rows = append(rows, row)
			}
		}
		return strings.Join(rows, ", ")
	}
	expect(t, "by key", usage("completions", "group_by=api_key_id", "api_key_id", "num_model_requests"),
		fmt.Sprintf("0 %s 2, 2 %s 1", dev.keyID, prod.keyID))
	expect(t, "by user", usage("completions", "group_by=user_id", "user_id", "num_model_requests"),
		fmt.Sprintf("0 %s 2, 2 %s 1", dev.account, prod.account))
	expect(t, "by model and project", usage("completions", "group_by=model&group_by=project_id", "model", "project_id", "num_model_requests"),
		fmt.Sprintf("0 gpt-4o %[1]s 1, 0 gpt-4o-mini %[1]s 1, 2 gpt-4o %[2]s 1", dev.project, prod.project))
	expect(t, "tokens", usage("completions", "models=gpt-4o-mini&group_by=service_tier&group_by=batch&group_by=api_source", "service_tier", "batch", "api_source", "input_tokens", "input_uncached_tokens", "output_tokens"),
		fmt.Sprintf("0 default false unlabeled %[1]s %[1]s %[2]s", small.text("prompt_tokens"), small.text("completion_tokens")))
	expect(t, "embeddings", usage("embeddings", "group_by=model", "model", "input_tokens", "num_model_requests"), "2 text-embedding-3-small 1 1")
	expect(t, "images", usage("images", "group_by=size&group_by=source", "size", "source", "images", "num_model_requests"), "2 1536x1024 image.generation 2 1")
	expect(t, "moderations", usage("moderations", "group_by=project_id", "project_id", "num_model_requests"), "2 "+dev.project+" 1")
	expect(t, "vector stores", usage("vector_stores", "group_by=project_id", "project_id", "usage_bytes"), "2 "+prod.project+" 5")

	var items []string
	for _, result := range o.do(t, "GET", fmt.Sprintf("/organization/costs?group_by=line_item&api_key_ids=%s&start_time=%d", dev.keyID, begin), "").list("data")[0].list("results") {
		items = append(items, result.text("line_item")+" "+result.object("amount").text("value")+" "+result.text("quantity")+" "+result.text("quantity_unit"))
	}
	for _, want := range []string{"gpt-image-1, output 0.12544 3136 tokens", "text-embedding-3-small, input 0.00000002 1 tokens"} {
		if !strings.Contains(strings.Join(items, "\n"), want) {
			t.Errorf("%q is not among the costs:\n%s", want, strings.Join(items, "\n"))
		}
	}
}

func TestLastUseMoves(t *testing.T) {
	clock := newClock()
	o := start(t, emulator.Options{Seed: unused(), Now: clock.Now})
	dev := o.application(t, o.project(t, "dev"))
	expect(t, "last use of a new key", o.do(t, "GET", dev.keyPath(), "").text("last_used_at"), "")
	for range 2 {
		clock.advance(time.Minute)
		dev.do(t, "POST", chat, hello)
		expect(t, "last use", o.do(t, "GET", dev.keyPath(), "").text("last_used_at"), fmt.Sprint(clock.Now().Unix()))
	}
	used := fmt.Sprint(clock.Now().Unix())
	owner := o.do(t, "GET", "/organization/users?emails=owner@example.com", "").list("data")[0]
	expect(t, "last use of the owner's keys", owner.text("api_key_last_used_at"), used)
	expect(t, "last use of the admin key", o.do(t, "GET", "/organization/admin_api_keys", "").list("data")[0].text("last_used_at"), used)
}

func TestPricesAreEditable(t *testing.T) {
	write := func(text string) string {
		file := filepath.Join(t.TempDir(), "prices.yaml")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	prices, err := metering.Read(write(`
date: "2026-01-01"
models:
  gpt-4o: {kind: text, encoding: o200k_base, input: "0.001", output: "1000"}
`))
	if err != nil {
		t.Fatal(err)
	}
	o := start(t, emulator.Options{Seed: unused(), Prices: prices, Now: newClock().Now})
	dev := o.application(t, o.project(t, "dev"))
	usage := dev.do(t, "POST", chat, `{"model":"gpt-4o","messages":[{"role":"user","content":"Hello"}],"max_tokens":7}`).object("usage")
	expect(t, "spend", spendOf(t, o, dev.project), "0.00700000"+usage.text("prompt_tokens"))
	for text, message := range map[string]string{
		`models: {}`: "date must be the day of the prices",
		"date: \"2026-01-01\"\nmodels:\n  m: {kind: text, encoding: o200k_base, input: \"0.0001\", output: \"1\"}": "model m: input must not be negative and have at most three decimals",
		"date: \"2026-01-01\"\nmodels:\n  m: {kind: text, encoding: o200k_base, input: \"1\", output: \"-1\"}":     "model m: output must not be negative",
		"date: \"2026-01-01\"\nmodels:\n  m: {kind: text, encoding: o200k_base, input: \"1\", output: dear}":       "model m: output must be dollars",
		"date: \"2026-01-01\"\nmodels:\n  m: {kind: song, encoding: o200k_base, input: \"1\", output: \"1\"}":      "kind must be text, embedding, moderation or image",
		"date: \"2026-01-01\"\nmodels:\n  m: {kind: text, encoding: runes, input: \"1\", output: \"1\"}":           "encoding must be o200k_base or cl100k_base",
	} {
		if _, err := metering.Read(write(text)); err == nil || !strings.Contains(err.Error(), message) {
			t.Errorf("%s: %v", text, err)
		}
	}
}
