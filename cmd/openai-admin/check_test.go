package main

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/allthingsai/terraform-provider-openai/internal/findings"
)

// companion runs a command in this process, and returns its status.
func companion(args ...string) (out, errOut string, status int, err error) {
	var stdout, stderr bytes.Buffer
	root := newRootCommand()
	root.SetOut(&stdout)
	root.SetErr(&stderr)
	root.SetArgs(args)
	err = root.Execute()
	if failed, ok := errors.AsType[statusError](err); ok {
		status = failed.status
	} else if err != nil {
		status = 1
	}
	return stdout.String(), stderr.String(), status, err
}

const small = "projects:\n  - { id: proj_shop, name: shop }\n"

func TestCheckGate(t *testing.T) {
	organizationWith(t, small)
	config := filepath.Join(t.TempDir(), "rules.yaml")
	if err := os.WriteFile(config, []byte("check:\n  fail_on: medium\n  rules:\n    project-without-limit: {ignore: [\"projects/*\"]}\n    organization-without-limit: {severity: low}\n    organization-without-alert: {severity: off}\n    owner-alone: {severity: off}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		args   string
		status int
	}{
		"no gate":                 {"", 0},
		"high":                    {"--fail-on high", 2},
		"off":                     {"--fail-on off", 0},
		"nothing of the severity": {"--fail-on medium --config " + config, 0},
		"configured":              {"--config " + config, 0},
		"flag before configured":  {"--fail-on low --config " + config, 2},
		"unknown severity":        {"--fail-on all", 1},
		"unknown format":          {"--format xml", 1},
		"missing configuration":   {"--config none.yaml", 1},
		"missing baseline":        {"--baseline none.json", 1},
		"both baselines":          {"--baseline a --write-baseline b", 1},
	} {
		t.Run(name, func(t *testing.T) {
			out, _, status, err := companion(append([]string{"check"}, strings.Fields(test.args)...)...)
			if status != test.status || (status == 1) != (out == "") {
				t.Errorf("status %d, %v: %s", status, err, out)
			}
		})
	}
	t.Setenv("OPENAI_ADMIN_KEY", "sk-admin-wrong")
	if _, _, status, err := companion("check", "--fail-on", "high"); status != 1 {
		t.Errorf("with a wrong key the status is %d, %v", status, err)
	}
}

func TestCheckWithABaseline(t *testing.T) {
	organizationWith(t, small)
	path := filepath.Join(t.TempDir(), "baseline.json")
	out, _, status, err := companion("check", "--write-baseline", path, "--fail-on", "low")
	if status != 0 || !strings.Contains(out, ": accepted ") {
		t.Fatalf("%v: %s", err, out)
	}
	out, _, status, err = companion("check", "--baseline", path, "--fail-on", "low")
	if status != 0 || !strings.HasPrefix(out, "OpenAI: no findings\n") {
		t.Errorf("status %d, %v: %s", status, err, out)
	}
	for content, message := range map[string]string{
		"":   "EOF",
		"{}": `format_version must be "1.0"`,
		`{"format_version":"1.0","accepted":[{"rule":"a"}]}`: "needs rule and id",
		`{"format_version":"1.0","acepted":[]}`:              "unknown field",
	} {
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, _, status, err := companion("check", "--baseline", path); status != 1 || !strings.Contains(err.Error(), message) {
			t.Errorf("%s: status %d, %v", content, status, err)
		}
	}
}

func TestCheckFormats(t *testing.T) {
	organizationWith(t, small)
	for format, words := range map[string]string{
		"text":     "HIGH  Organization without a hard limit",
		"markdown": "| 🔴 high | **Organization without a hard limit** <br>`organization-without-limit` | organization",
		"json":     `"rule": "organization-without-limit"`,
		"sarif":    `"fullyQualifiedName": "organization"`,
	} {
		out, errOut, status, err := companion("check", "--format", format, "--name", "acme", "--sarif-file", findings.ConfigFile)
		if status != 0 || !strings.Contains(out, words) || errOut != "" {
			t.Errorf("%s: %v, %q: %s", format, err, errOut, out)
		}
	}
}
