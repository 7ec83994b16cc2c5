package main

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// octoberOfAShop is the usage that the guide shows.
const octoberOfAShop = `
projects:
  - { id: proj_prod, name: shop-prod }
  - { id: proj_dev, name: shop-dev }
usage:
  - { kind: completions, at: "2026-10-05T10:00:00Z", project_id: proj_prod, api_key_id: key_1, model: gpt-5, measures: { num_model_requests: 9920, input_tokens: 27900000, output_tokens: 3720000 }, cost_usd: "382.7", line_item: "gpt-5, output" }
  - { kind: completions, at: "2026-10-06T10:00:00Z", project_id: proj_dev, api_key_id: key_2, model: gpt-5, measures: { num_model_requests: 2600, input_tokens: 2000000, output_tokens: 450000 }, cost_usd: "9.5", line_item: "gpt-5, output" }
`

// The commands of the guide work, and print the shown output.
func TestUsageGuide(t *testing.T) {
	organizationWith(t, octoberOfAShop)
	content, err := os.ReadFile("../../templates/guides/usage-reports.md")
	if err != nil {
		t.Fatal(err)
	}
	said, commands := "", 0
	for _, block := range regexp.MustCompile("(?s)```(shell|text)\n(.*?)```").FindAllStringSubmatch(string(content), -1) {
		if block[1] == "text" {
			if block[2] != said {
				t.Errorf("the guide shows\n%s\nthe command prints\n%s", block[2], said)
			}
			continue
		}
		for line := range strings.Lines(block[2]) {
			line, found := strings.CutPrefix(strings.TrimSpace(line), "openai-admin usage ")
			if !found {
				continue
			}
			commands++
			line, _, _ = strings.Cut(line, " > ")
			line, _, _ = strings.Cut(line, " | ")
			out, _, err := report(strings.Fields(line)...)
			if err != nil {
				t.Errorf("openai-admin usage %s: %v", line, err)
			}
			said = out
		}
	}
	if commands < 5 {
		t.Errorf("the guide has %d commands", commands)
	}
}
