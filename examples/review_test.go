package examples_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator"
	"github.com/allthingsai/terraform-provider-openai/internal/planreview"
)

var update = flag.Bool("update", false, "write the plans below internal/planreview/testdata/plans again")

// november is a fixed time, so that ids and times are the same in every run.
func november(o *emulator.Options) {
	o.Deterministic = true
	o.Now = func() time.Time { return time.Date(2026, 11, 10, 12, 0, 0, 0, time.UTC) }
}

// The plans that reviews are tested with are those that Terraform makes of the
// examples now.
func TestAccReviewOfTheBootstrapExample(t *testing.T) {
	mirror := acctest.NewMirror(t)
	t.Parallel()
	b := acctest.Start(t, november)
	c := mirror.CLI(t, b.URL, b.AdminKey)
	c.Begin(t, "bootstrap")
	checkReview(t, c, "create")
	c.Run(t, "apply", "-auto-approve")
	checkReview(t, c, "nothing")
	checkReview(t, c, "raise", "-var", "dev_hard_limit_usd=500", "-var", "prod_hard_limit_usd=1500")
	checkReview(t, c, "leave", "-var", `services=["checkout", "assistant"]`, "-var", "developers=[]")
	checkReview(t, c, "destroy", "-destroy")
	// Another client raises a limit.
	b.Do(t, http.MethodPost, "/organization/spend_limit", map[string]any{"threshold_amount": 1000000, "currency": "USD", "interval": "month"}, nil)
	checkReview(t, c, "drift", "-refresh-only")
}

// checkReview plans with these arguments and compares what the review says with
// what is expected of the plan of this name.
func checkReview(t *testing.T, c *acctest.CLI, name string, args ...string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), name+".tfplan")
	c.Run(t, append([]string{"plan", "-out", file}, args...)...)
	content := c.Run(t, "show", "-json", file)
	if *update {
		path := filepath.Join("..", "internal", "planreview", "testdata", "plans", name+".json")
		if err := os.WriteFile(path, tidy(t, content), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	expectNothingUnknown(t, content)
	plan, err := planreview.Read(strings.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	got := planreview.Review(plan, planreview.DefaultConfig()).Markdown(planreview.Comment{Name: "test"})
	if want := read(t, filepath.Join("..", "internal", "planreview", "testdata", "golden", "plans-"+name+".md")); got != want {
		t.Errorf("the review of %s is\n%s\nexpected\n%s", name, got, want)
	}
}

// expectNothingUnknown asserts that a change in place shows no attribute as
// known after apply: all values that the examples change are known in the plan.
func expectNothingUnknown(t *testing.T, content string) {
	t.Helper()
	var plan struct {
		Changes []struct {
			Address string `json:"address"`
			Change  struct {
				Actions []string        `json:"actions"`
				Unknown json.RawMessage `json:"after_unknown"`
			} `json:"change"`
		} `json:"resource_changes"`
	}
	if err := json.Unmarshal([]byte(content), &plan); err != nil {
		t.Fatal(err)
	}
	for _, c := range plan.Changes {
		if slices.Equal(c.Change.Actions, []string{"update"}) && strings.Contains(string(c.Change.Unknown), "true") {
			t.Errorf("%s: %s is not known", c.Address, c.Change.Unknown)
		}
	}
}

var secret = regexp.MustCompile(`sk-svcacct-[A-Za-z0-9]+`)

// tidy makes a plan fit to be kept: secrets are replaced, and so is the time.
func tidy(t *testing.T, content string) []byte {
	t.Helper()
	known := map[string]string{}
	content = secret.ReplaceAllStringFunc(content, func(s string) string {
		if known[s] == "" {
			known[s] = fmt.Sprintf("sk-svcacct-EXAMPLE%048d", len(known)+1)
		}
		return known[s]
	})
	var plan map[string]any
	decoder := json.NewDecoder(strings.NewReader(content))
	decoder.UseNumber()
	if err := decoder.Decode(&plan); err != nil {
		t.Fatal(err)
	}
	plan["timestamp"] = "2026-11-10T12:00:00Z"
	tidied, err := json.MarshalIndent(plan, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return append(tidied, '\n')
}
