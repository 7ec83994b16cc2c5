// Package policy_test runs the policies of examples/ci/policy as Open Policy
// Agent and conftest do.
package policy_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/open-policy-agent/opa/v1/tester"
)

const (
	root     = "../.."
	policies = root + "/examples/ci/policy"
	plans    = root + "/internal/planreview/testdata"
)

// The policies' own tests, as opa test runs them.
func TestPolicies(t *testing.T) {
	modules, store, err := tester.Load([]string{policies}, nil)
	if err != nil {
		t.Fatal(err)
	}
	results, err := tester.NewRunner().SetStore(store).SetModules(modules).RunTests(context.Background(), nil)
	if err != nil {
		t.Fatal(err)
	}
	count := 0
	for result := range results {
		count++
		if result.Fail || result.Error != nil {
			t.Errorf("%s: %v", result.Name, result.Error)
		}
	}
	if count < 10 {
		t.Errorf("only %d tests", count)
	}
}

// The policies have the same findings as openai-admin review for every plan, as
// far as they have its rules.
func TestPoliciesAgreeWithTheReview(t *testing.T) {
	content, err := os.ReadFile(filepath.Join(policies, "openai.rego"))
	if err != nil {
		t.Fatal(err)
	}
	module, err := ast.ParseModule("openai.rego", string(content))
	if err != nil {
		t.Fatal(err)
	}
	query, err := rego.New(rego.Query("[data.main.severities, data.main.findings]"), rego.ParsedModule(module)).PrepareForEval(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(plans + "/*/*.json")
	if err != nil {
		t.Fatal(err)
	}
	compared := 0
	for _, file := range files {
		folder := filepath.Base(filepath.Dir(file))
		if folder == "golden" {
			continue
		}
		name := folder + "-" + strings.TrimSuffix(filepath.Base(file), ".json")
		expected, err := os.ReadFile(filepath.Join(plans, "golden", name+".findings"))
		if err != nil {
			t.Fatal(err)
		}
		compared++
		t.Run(name, func(t *testing.T) { compare(t, query, file, string(expected)) })
	}
	if compared < 10 {
		t.Errorf("only %d plans", compared)
	}
}

func compare(t *testing.T, query rego.PreparedEvalQuery, file, expected string) {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var plan any
	if err := json.Unmarshal(content, &plan); err != nil {
		t.Fatal(err)
	}
	results, err := query.Eval(t.Context(), rego.EvalInput(plan))
	if err != nil || len(results) != 1 {
		t.Fatal(results, err)
	}
	answer := results[0].Expressions[0].Value.([]any)
	rules := answer[0].(map[string]any)
	var found []string
	for _, item := range answer[1].([]any) {
		f := item.(map[string]any)
		found = append(found, fmt.Sprintf("%s %s %s", rules[f["rule"].(string)], f["rule"], f["address"]))
	}
	var want []string
	for line := range strings.Lines(expected) {
		if line = strings.TrimSpace(line); rules[strings.Fields(line)[1]] != nil {
			want = append(want, line)
		}
	}
	slices.Sort(found)
	slices.Sort(want)
	found, want = slices.Compact(found), slices.Compact(want)
	if !slices.Equal(found, want) {
		t.Errorf("the policies find\n%s\nthe review finds\n%s", strings.Join(found, "\n"), strings.Join(want, "\n"))
	}
}
