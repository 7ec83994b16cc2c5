package main

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator"
)

const odd = "../../internal/planreview/testdata/odd/"

// reviewed runs the review in an empty folder, with a configuration if one is
// given.
func reviewed(t *testing.T, config, input string, args ...string) (out, problems string, status int) {
	t.Helper()
	c := command(t, append([]string{"review"}, args...)...)
	c.Dir = t.TempDir()
	if config != "" {
		if err := os.WriteFile(filepath.Join(c.Dir, ".openai-review.yaml"), []byte(config), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var stdout, stderr strings.Builder
	c.Stdin, c.Stdout, c.Stderr = strings.NewReader(input), &stdout, &stderr
	err := c.Run()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return stdout.String(), stderr.String(), exit.ExitCode()
	}
	if err != nil {
		t.Fatal(err)
	}
	return stdout.String(), stderr.String(), 0
}

// planOf returns the path and the content of a plan.
func planOf(t *testing.T, name string) (path, content string) {
	t.Helper()
	path, err := filepath.Abs(odd + name + ".json")
	if err != nil {
		t.Fatal(err)
	}
	bytes, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return path, string(bytes)
}

func TestReviewReadsFilesAndStandardInput(t *testing.T) {
	path, content := planOf(t, "limits")
	fromFile, _, status := reviewed(t, "", "", path, "--name", "prod")
	if status != 0 || !strings.HasPrefix(fromFile, "<!-- openai-review:prod -->\n### 🔴 OpenAI (prod): 4 high") {
		t.Errorf("status %d: %s", status, fromFile)
	}
	for _, args := range [][]string{{"--name", "prod"}, {"-", "--name", "prod"}} {
		if fromInput, _, _ := reviewed(t, "", content, args...); fromInput != fromFile {
			t.Errorf("from standard input, %v: %s", args, fromInput)
		}
	}
}

func TestReviewFormats(t *testing.T) {
	path, _ := planOf(t, "limits")
	var report struct{ Verdict string }
	asJSON, _, _ := reviewed(t, "", "", path, "--format", "json")
	if err := json.Unmarshal([]byte(asJSON), &report); err != nil || report.Verdict != "high" {
		t.Errorf("%v: %s", err, asJSON)
	}
	var sarif struct {
		Version string
		Runs    []struct{ Results []struct{ RuleID string } }
	}
	asSARIF, _, _ := reviewed(t, "", "", path, "--format", "sarif")
	if err := json.Unmarshal([]byte(asSARIF), &sarif); err != nil || sarif.Version != "2.1.0" || len(sarif.Runs[0].Results) != 9 {
		t.Errorf("%v: %s", err, asSARIF)
	}
	if text, _, _ := reviewed(t, "", "", path, "--format", "text"); !strings.Contains(text, "HIGH    Hard limit removed ") {
		t.Errorf("as text: %s", text)
	}
}

func TestReviewGate(t *testing.T) {
	high, _ := planOf(t, "limits")
	medium, _ := planOf(t, "unknown")
	none, _ := planOf(t, "other-providers")
	for name, test := range map[string]struct {
		config string
		args   []string
		status int
	}{
		"no gate":                  {"", []string{high}, 0},
		"high":                     {"", []string{high, "--fail-on", "high"}, 2},
		"below":                    {"", []string{medium, "--fail-on", "high"}, 0},
		"medium":                   {"", []string{medium, "--fail-on", "medium"}, 2},
		"low includes medium":      {"", []string{medium, "--fail-on", "low"}, 2},
		"nothing of ours":          {"", []string{none, "--fail-on", "low"}, 0},
		"configured":               {"fail_on: high\n", []string{high}, 2},
		"flag before configured":   {"fail_on: high\n", []string{high, "--fail-on", "off"}, 0},
		"rules made less":          {"rules: {limit-missing: {severity: low}, unknown-value: {severity: low}}\n", []string{medium, "--fail-on", "medium"}, 0},
		"configuration is refused": {"rules: {nonsense: {severity: low}}\n", []string{medium}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			out, problems, status := reviewed(t, test.config, "", test.args...)
			if status != test.status {
				t.Errorf("status %d: %s%s", status, problems, out)
			}
			// Also a review that fails says why.
			if status == 2 && (!strings.Contains(out, "### ") || !strings.Contains(problems, "there is a risk of severity ")) {
				t.Errorf("%s%s", problems, out)
			}
		})
	}
}

func TestReviewRefuses(t *testing.T) {
	path, _ := planOf(t, "limits")
	for name, test := range map[string]struct {
		input   string
		args    []string
		message string
	}{
		"no file":          {"", []string{"/does/not/exist"}, "open /does/not/exist"},
		"no plan":          {"{}", nil, "standard input: this is JSON, but not a plan: make one with\n  terraform plan -out"},
		"no format":        {"", []string{path, "--format", "pdf"}, `--format must be markdown, text, json or sarif, got "pdf"`},
		"no severity":      {"", []string{path, "--fail-on", "all"}, `--fail-on must be high, medium, low or off, got "all"`},
		"no configuration": {"", []string{path, "--config", "/does/not/exist"}, "open /does/not/exist"},
		"two plans":        {"", []string{path, path}, "accepts at most 1 arg"},
	} {
		t.Run(name, func(t *testing.T) {
			out, problems, status := reviewed(t, "", test.input, test.args...)
			if status != 1 || out != "" || !strings.Contains(problems, test.message) {
				t.Errorf("status %d: %s%s", status, problems, out)
			}
		})
	}
}

// With --live, the review has the limit that a create overwrites. It only reads.
func TestReviewReadsLimits(t *testing.T) {
	server, err := emulator.New(emulator.Options{})
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
	plan := `{"format_version":"1.2","planned_values":{},"resource_changes":[{"address":"openai_organization_spend_limit.this","mode":"managed",
		"type":"openai_organization_spend_limit","name":"this","change":{"actions":["create"],"before":null,"after":{"threshold_amount":500000}}}]}`
	if out, problems, _ := reviewed(t, "", plan, "--format", "text"); !strings.Contains(out, "Existing limit may be overwritten  whole organization: by 5,000.00 USD") {
		t.Errorf("without --live: %s%s", problems, out)
	}
	if out, problems, _ := reviewed(t, "", plan, "--format", "text", "--live"); !strings.Contains(out, "no risk found") {
		t.Errorf("without a limit: %s%s", problems, out)
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, listener.URL+"/v1/organization/spend_limit", strings.NewReader(`{"threshold_amount":5000,"currency":"USD","interval":"month"}`))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+server.AdminKey())
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil || response.Body.Close() != nil || response.StatusCode != http.StatusOK {
		t.Fatal(err, response)
	}
	out, problems, _ := reviewed(t, "", plan, "--format", "text", "--live")
	for _, expected := range []string{"Hard limit raised", "whole organization: 50.00 USD → 5,000.00 USD (+9,900 %)", "Existing limit may be overwritten"} {
		if !strings.Contains(out, expected) {
			t.Errorf("%q is missing: %s%s", expected, problems, out)
		}
	}
}

func TestReviewAppendsThePlan(t *testing.T) {
	path, _ := planOf(t, "limits")
	text := filepath.Join(t.TempDir(), "plan.txt")
	if err := os.WriteFile(text, []byte("Terraform will perform\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	out, problems, status := reviewed(t, "", "", path, "--plan", text, "--run-url", "https://ci.example/runs/1")
	if status != 0 || !strings.Contains(out, "[Run](https://ci.example/runs/1)") || !strings.Contains(out, "Terraform will perform") {
		t.Errorf("status %d: %s%s", status, problems, out)
	}
	if _, problems, status := reviewed(t, "", "", path, "--run-url", "javascript:alert(1)"); status != 1 || !strings.Contains(problems, "--run-url must be") {
		t.Errorf("status %d: %s", status, problems)
	}
}
