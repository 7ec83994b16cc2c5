package acctest

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
)

// observer writes down the plans, states, requests and errors of a test case.
type observer struct {
	t     *testing.T
	b     *Backend
	lines []string
}

// changing are the parts of values that differ from one run to the next.
var changing = regexp.MustCompile(`\b(proj_|group_|svcacct_|key_|role_|user-|sk-|role-)[A-Za-z0-9_-]+|\b1[0-9]{9}\b|\b[0-9a-f]{32}\b|\b[0-9a-f-]{36}\b|127\.0\.0\.1:[0-9]+|\breq_[a-z0-9]+|[0-9-]{10}T[0-9:]{8}Z|\bline [0-9]+|\b[0-9]+: resource`)

func (o *observer) note(what string, value any) {
	encoded, err := json.Marshal(value)
	if err != nil {
		o.t.Fatal(err)
	}
	o.lines = append(o.lines, what+" "+changing.ReplaceAllString(string(encoded), "…"))
}

// requests notes the writes since the last note, in any order, and the paths
// that were read. How often, and whether as an object or in a list, depends on
// the other calls of the provider at the same moment.
func (o *observer) requests(when string) {
	var writes, reads []string
	for _, request := range o.b.Requests(o.t) {
		request = changing.ReplaceAllString(request, "…")
		if path, _, _ := strings.Cut(request, "?"); strings.HasPrefix(path, "GET ") {
			reads = append(reads, strings.TrimSuffix(path, "/…"))
			continue
		}
		writes = append(writes, request)
	}
	slices.Sort(writes)
	slices.Sort(reads)
	o.note(when+": requests", [][]string{writes, slices.Compact(reads)})
	o.b.Mark(o.t)
}

func (o *observer) CheckPlan(_ context.Context, req plancheck.CheckPlanRequest, _ *plancheck.CheckPlanResponse) {
	for _, c := range req.Plan.ResourceChanges {
		o.note("plan "+c.Address, []any{c.Mode, c.Index, c.ProviderName, c.Change.Actions, c.Change.Before, c.Change.After, c.Change.AfterUnknown, c.Change.Importing})
	}
	var names []string
	for name := range req.Plan.OutputChanges {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		c := req.Plan.OutputChanges[name]
		o.note("plan output "+name, []any{c.Actions, c.Before, c.After, c.AfterUnknown})
	}
	o.requests("plan")
}

func (o *observer) CheckState(_ context.Context, req statecheck.CheckStateRequest, _ *statecheck.CheckStateResponse) {
	if req.State.Values == nil {
		return
	}
	slices.SortFunc(req.State.Values.RootModule.Resources, func(a, b *tfjson.StateResource) int { return strings.Compare(a.Address, b.Address) })
	for _, r := range req.State.Values.RootModule.Resources {
		slices.Sort(r.DependsOn)
		o.note("state "+r.Address, []any{r.Mode, r.Index, r.AttributeValues, r.DependsOn, r.Tainted, r.SchemaVersion})
	}
	o.note("state outputs", req.State.Values.Outputs)
}

// failure notes the output of Terraform for an error, however it breaks the
// lines.
func (o *observer) failure(err error) error {
	_, text, _ := strings.Cut(err.Error(), "\nError: ")
	o.note("error", strings.Join(strings.Fields(strings.NewReplacer("│", " ", "╷", " ", "╵", " ").Replace(text)), " "))
	return nil
}

// step observes a step.
func (o *observer) step(s resource.TestStep) resource.TestStep {
	s.PreConfig = func() { o.requests("before") }
	s.ConfigPlanChecks = resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{o}, PostApplyPreRefresh: []plancheck.PlanCheck{o}, PostApplyPostRefresh: []plancheck.PlanCheck{o}}
	if s.PlanOnly {
		s.ConfigPlanChecks.PreApply = nil
		return s
	}
	s.ConfigStateChecks = []statecheck.StateCheck{o}
	s.Check = func(state *terraform.State) error {
		o.note("shim", state.RootModule().Resources)
		o.note("shim outputs", state.RootModule().Outputs)
		o.requests("apply")
		return nil
	}
	return s
}

// observedCase uses the features of the core: references, count, data sources
// that are read before and during apply, functions, replacements in both
// orders, a block that is removed, and an object that cannot be created.
func observedCase(t *testing.T, o *observer) []resource.TestStep {
	t.Helper()
	config := func(more string) string {
		return o.b.Config(`
locals {
  names = ["one", "two"]
}

resource "terraform_data" "suffix" {
  input = "x"
}

resource "openai_project" "counted" {
  count = 2
  name  = "counted-${count.index}"
}

resource "openai_project" "each" {
  count = length(local.names)
  name  = "${local.names[count.index]}-${terraform_data.suffix.output}"
}

data "openai_projects" "before" {
  name = "Default project"
}

data "openai_project" "later" {
  project_id = openai_project.counted[1].id
}

resource "openai_project_spend_limit" "counted" {
  project_id    = data.openai_project.later.id
  threshold_usd = provider::openai::limit_with_headroom(10)
}

output "names" {
  value = sort([for p in openai_project.each : p.name])
}
` + more)
	}
	refused := `
resource "openai_group" "dependent" {
  name = "dependent of ${openai_project_group.refused.group_id}"
}

resource "openai_project_group" "refused" {
  project_id = openai_project.counted[0].id
  group_id   = "group_that_is_not_there"
  role       = "role-api-project-member"
}
`
	return []resource.TestStep{
		o.step(resource.TestStep{Config: config("")}),
		o.step(resource.TestStep{Config: strings.NewReplacer(`"counted-${`, `"renamed-${`, "count = 2", "count = 3", `"two"]`, `"three"]`).Replace(config("resource \"openai_group\" \"kept\" {\n  name = \"kept\"\n}\n"))}),
		o.step(resource.TestStep{Config: config(refused)}),
		o.step(resource.TestStep{Config: config(""), PlanOnly: true}),
		o.step(resource.TestStep{Config: strings.ReplaceAll(config(""), `input = "x"`, `triggers_replace = ["y"]`+"\n  input = \"x\""), ExpectNonEmptyPlan: true, PlanOnly: true}),
	}
}

// observedProvider uses a provider whose settings depend on a resource.
func observedProvider(_ *testing.T, o *observer) []resource.TestStep {
	return []resource.TestStep{o.step(resource.TestStep{Config: fmt.Sprintf(`
resource "terraform_data" "made" {
}

provider "openai" {
  base_url      = %q
  admin_api_key = terraform_data.made.id == "" ? "" : %q
}

resource "openai_project" "dev" {
  name = "dev"
}
`, o.b.URL, o.b.AdminKey)})}
}

// TestAccCore runs test cases through the core and through the real Terraform,
// and compares all that a test can see.
func TestAccCore(t *testing.T) {
	if os.Getenv("TF_ACC") == "" {
		t.Skip("TF_ACC is not set")
	}
	t.Run("all parts", func(t *testing.T) { compareCores(t, observedCase, 50) })
	t.Run("settings of the provider", func(t *testing.T) { compareCores(t, observedProvider, 10) })
}

func compareCores(t *testing.T, steps func(t *testing.T, o *observer) []resource.TestStep, least int) {
	t.Helper()
	observed := map[bool][]string{}
	for _, ofTerraform := range []bool{false, true} {
		b := Start(t)
		o := &observer{t: t, b: b}
		c := resource.TestCase{ProtoV6ProviderFactories: Factories, Steps: steps(t, o), ErrorCheck: o.failure}
		if ofTerraform {
			resource.Test(t, c)
		} else {
			runCase(t, c, func(*workspace) {})
		}
		o.requests("destroy")
		observed[ofTerraform] = o.lines
	}
	if len(observed[true]) < least {
		t.Errorf("only %d observations", len(observed[true]))
	}
	for i := range max(len(observed[true]), len(observed[false])) {
		at := func(ofTerraform bool) string {
			if i < len(observed[ofTerraform]) {
				return observed[ofTerraform][i]
			}
			return "nothing"
		}
		if at(true) != at(false) {
			t.Errorf("the core observes\n\t%s\nwhere Terraform observes\n\t%s", at(false), at(true))
			if t.Failed() && i > 0 && strings.Fields(at(true))[0] != strings.Fields(at(false))[0] {
				return
			}
		}
	}
}
