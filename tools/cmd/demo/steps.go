package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-exec/tfexec"
	tfjson "github.com/hashicorp/terraform-json"
)

// bootstrapResources are the resources of examples/bootstrap, with its
// defaults: two environments with a project, two services, two alerts each, and
// so on.
var bootstrapResources = map[string]int{
	"openai_project":                  2,
	"openai_project_service_account":  4,
	"openai_project_api_key":          4,
	"openai_project_spend_limit":      2,
	"openai_project_spend_alert":      4,
	"openai_project_rate_limit":       2,
	"openai_project_user":             1,
	"openai_organization_member":      1,
	"openai_organization_spend_limit": 1,
}

// plan plans into a file and returns the changes that are not empty.
func (d *demo) plan(ctx context.Context, options ...tfexec.PlanOption) (file string, changes []*tfjson.ResourceChange, err error) {
	file = filepath.Join(d.folder, fmt.Sprintf("step-%d.tfplan", d.step))
	if _, err := d.terraform.Plan(ctx, append(options, tfexec.Out(file))...); err != nil {
		return file, nil, err
	}
	plan, err := d.terraform.ShowPlanFile(ctx, file)
	if err != nil {
		return file, nil, err
	}
	for _, change := range plan.ResourceChanges {
		if !change.Change.Actions.NoOp() && !change.Change.Actions.Read() {
			changes = append(changes, change)
		}
	}
	return file, changes, nil
}

func (d *demo) planBootstrap(ctx context.Context) error {
	_, changes, err := d.plan(ctx)
	if err != nil {
		return err
	}
	planned := map[string]int{}
	for _, change := range changes {
		if !change.Change.Actions.Create() {
			return fmt.Errorf("%s is planned to %v", change.Address, change.Change.Actions)
		}
		planned[change.Type]++
	}
	if !maps.Equal(planned, bootstrapResources) {
		return fmt.Errorf("planned to create %v, expected %v", planned, bootstrapResources)
	}
	for _, kind := range slices.Sorted(maps.Keys(planned)) {
		say("+ %d × %s", planned[kind], kind)
	}
	return nil
}

func (d *demo) apply(ctx context.Context) error {
	before, err := d.emulator.Last(ctx)
	if err != nil {
		return err
	}
	if err := d.terraform.Apply(ctx, tfexec.DirOrPlan(filepath.Join(d.folder, fmt.Sprintf("step-%d.tfplan", d.step-1)))); err != nil {
		return err
	}
	requests, err := d.emulator.Requests(ctx, before)
	if err != nil {
		return err
	}
	writes := 0
	for _, request := range requests {
		if request.Method != http.MethodGet {
			writes++
		}
	}
	// One for each object, and the role of each service account.
	expected := bootstrapResources["openai_project_service_account"]
	for _, count := range bootstrapResources {
		expected += count
	}
	// The limits of prod's model have these values already.
	expected--
	if writes != expected {
		return fmt.Errorf("%d writes to the API, expected %d", writes, expected)
	}
	say("%d objects, %d writes, %d reads", sum(bootstrapResources), writes, len(requests)-writes)
	return nil
}

func sum(counts map[string]int) (total int) {
	for _, count := range counts {
		total += count
	}
	return total
}

func (d *demo) planNothing(ctx context.Context) error {
	// The change to the limit is part of the configuration from its step on.
	var options []tfexec.PlanOption
	if d.step > 6 {
		options = append(options, raised)
	}
	_, changes, err := d.plan(ctx, options...)
	if err != nil {
		return err
	}
	if len(changes) > 0 {
		return fmt.Errorf("%s is planned to %v", changes[0].Address, changes[0].Change.Actions)
	}
	say("no changes")
	return nil
}

// raised is a change for review in a pull request.
var raised = tfexec.Var("dev_hard_limit_usd=75")

func (d *demo) raiseLimit(ctx context.Context) error {
	file, changes, err := d.plan(ctx, raised)
	if err != nil {
		return err
	}
	expected := map[string][2]string{
		`module.dev.openai_project_spend_limit.this`:        {"50", "75"},
		`module.dev.openai_project_spend_alert.share["50"]`: {"25", "37.5"},
		`module.dev.openai_project_spend_alert.share["80"]`: {"40", "60"},
	}
	seen := map[string][2]string{}
	for _, change := range changes {
		if !change.Change.Actions.Update() {
			return fmt.Errorf("%s is planned to %v", change.Address, change.Change.Actions)
		}
		seen[change.Address] = [2]string{dollars(change.Change.Before), dollars(change.Change.After)}
	}
	if !maps.Equal(seen, expected) {
		return fmt.Errorf("planned %v, expected %v", seen, expected)
	}
	for _, address := range slices.Sorted(maps.Keys(seen)) {
		say("~ %-50s %4s -> %4s USD", address, seen[address][0], seen[address][1])
	}
	if err := d.terraform.Apply(ctx, tfexec.DirOrPlan(file)); err != nil {
		return err
	}
	cents, err := d.devLimit(ctx)
	if err == nil && cents != 7500 {
		err = fmt.Errorf("the API has a limit of %d cents", cents)
	}
	return err
}

// dollars reads the amount of a limit in a plan.
func dollars(values any) string {
	attributes, _ := values.(map[string]any)
	return fmt.Sprint(attributes["threshold_usd"])
}

// projects reads the active projects by name.
func (d *demo) projects(ctx context.Context) (map[string]string, error) {
	var list struct{ Data []struct{ ID, Name string } }
	if _, err := d.emulator.Get(ctx, "/v1/organization/projects?limit=100", &list); err != nil {
		return nil, err
	}
	ids := map[string]string{}
	for _, project := range list.Data {
		ids[project.Name] = project.ID
	}
	return ids, nil
}

func (d *demo) devLimit(ctx context.Context) (cents int64, err error) {
	projects, err := d.projects(ctx)
	if err != nil {
		return 0, err
	}
	var limit struct {
		ThresholdAmount int64 `json:"threshold_amount"`
	}
	_, err = d.emulator.Get(ctx, "/v1/organization/projects/"+projects["shop-dev"]+"/spend_limit", &limit)
	return limit.ThresholdAmount, err
}

func (d *demo) outputs(ctx context.Context) error {
	outputs, err := d.terraform.Output(ctx)
	if err != nil {
		return err
	}
	var keys map[string]map[string]string
	if err := json.Unmarshal(outputs["keys"].Value, &keys); err != nil {
		return err
	}
	if !outputs["keys"].Sensitive {
		return errors.New("the keys are not marked as sensitive")
	}
	count := 0
	for environment, services := range keys {
		for service, secret := range services {
			if !strings.HasPrefix(secret, "sk-") {
				return fmt.Errorf("%s has no key in %s", service, environment)
			}
			count++
		}
	}
	if count != bootstrapResources["openai_project_api_key"] {
		return fmt.Errorf("there are %d keys", count)
	}
	say("%d keys, not shown: the output is sensitive", count)
	return nil
}

func (d *demo) usage(ctx context.Context) error {
	work := filepath.Join(d.folder, "usage")
	if err := os.CopyFS(work, os.DirFS(filepath.Join(d.root, "examples", "usage"))); err != nil {
		return err
	}
	t, err := tfexec.NewTerraform(work, d.terraform.ExecPath())
	if err != nil {
		return err
	}
	if err := t.SetEnv(d.environment); err != nil {
		return err
	}
	if err := t.Apply(ctx); err != nil {
		return err
	}
	outputs, err := t.Output(ctx)
	if err != nil {
		return err
	}
	var usage struct {
		Requests     int64       `json:"requests"`
		InputTokens  int64       `json:"input_tokens"`
		OutputTokens int64       `json:"output_tokens"`
		CostUSD      json.Number `json:"cost_usd"`
	}
	if err := json.Unmarshal(outputs["usage_last_7_days"].Value, &usage); err != nil {
		return err
	}
	if usage.Requests == 0 || usage.InputTokens == 0 || usage.CostUSD == "" || usage.CostUSD == "0" {
		return errors.New("no usage was read")
	}
	say("last 7 days: %d requests, %d tokens in, %d out, %s USD", usage.Requests, usage.InputTokens, usage.OutputTokens, usage.CostUSD)
	return nil
}

func (d *demo) destroy(ctx context.Context) error {
	before, err := d.projects(ctx)
	if err != nil {
		return err
	}
	if err := d.terraform.Destroy(ctx, raisedForDestroy); err != nil {
		return err
	}
	after, err := d.projects(ctx)
	if err != nil {
		return err
	}
	for _, name := range []string{"shop-dev", "shop-prod"} {
		if before[name] == "" || after[name] != "" {
			return fmt.Errorf("%s is not archived", name)
		}
		say("- %s is archived", name)
	}
	if status, err := d.emulator.Get(ctx, "/v1/organization/spend_limit", nil); err != nil || status != http.StatusNotFound {
		return errors.Join(fmt.Errorf("the limit of the organization answers %d", status), err)
	}
	say("- the limit of the organization is deleted")
	var invites struct {
		Data []struct{ Email, Status string }
	}
	if _, err := d.emulator.Get(ctx, "/v1/organization/invites", &invites); err != nil || len(invites.Data) > 0 {
		return errors.Join(fmt.Errorf("%d invitations are left", len(invites.Data)), err)
	}
	say("- the invitation is withdrawn")
	return nil
}

var raisedForDestroy = tfexec.Var("dev_hard_limit_usd=75")
