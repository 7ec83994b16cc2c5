package main

import (
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
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
	if status != 0 || !strings.HasPrefix(fromFile, "<!-- openai-review:prod -->\n### 🔴 OpenAI (prod): 3 high") {
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
	if err := json.Unmarshal([]byte(asSARIF), &sarif); err != nil || sarif.Version != "2.1.0" || len(sarif.Runs[0].Results) != 8 {
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
