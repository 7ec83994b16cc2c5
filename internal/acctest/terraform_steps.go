package acctest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"reflect"
	"testing"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"
)

// realTerraform says that tests run the real Terraform instead of the core.
func realTerraform() bool { return os.Getenv("OPENAI_TEST_TERRAFORM") != "" }

// workspace is the configuration and the state of a test case. It plays the
// steps as the test framework does, with the commands that that runs.
type workspace struct {
	t         *testing.T
	ctx       context.Context
	factories factories
	source    string
	variables map[string]cty.Value
	config    *configuration
	invalid   error
	state     *terraformState
}

func newWorkspace(t *testing.T, all factories) *workspace {
	return &workspace{t: t, ctx: loggedContext(t), factories: all, state: newState()}
}

// runCase plays a test case, and calls atEnd before it destroys everything.
func runCase(t *testing.T, c resource.TestCase, atEnd func(w *workspace)) {
	t.Helper()
	onlySupported(t, c, "ProtoV6ProviderFactories", "Steps", "ErrorCheck")
	w := newWorkspace(t, c.ProtoV6ProviderFactories)
	defer func() {
		t.Helper()
		if len(w.state.instances) > 0 {
			atEnd(w)
			if _, err := w.run(planRequest{destroy: true, skipRefresh: true}, true); err != nil {
				t.Errorf("Error running post-test destroy, there may be dangling resources: %s", err)
			}
		}
	}()
	for i, step := range c.Steps {
		onlySupported(t, step, "Config", "ConfigVariables", "PlanOnly", "ExpectNonEmptyPlan", "ExpectError", "PreConfig", "Check", "ConfigPlanChecks", "ConfigStateChecks",
			"ImportState", "ImportStateId", "ImportStateIdFunc", "ImportStatePersist", "ImportStateVerify", "ImportStateVerifyIgnore", "ImportStateVerifyIdentifierAttribute",
			"ImportStateCheck", "ImportStateIdPrefix", "ResourceName", "RefreshState", "Destroy", "Taint")
		if step.PlanOnly && (len(step.ConfigPlanChecks.PreApply) > 0 || step.Check != nil && !step.ImportState && !step.RefreshState || len(step.ConfigStateChecks) > 0) {
			t.Fatalf("Step %d/%d: PlanOnly leaves out checks of the apply", i+1, len(c.Steps))
		}
		if step.PreConfig != nil {
			step.PreConfig()
		}
		err := w.play(step)
		switch {
		case step.ExpectError != nil && err == nil:
			t.Fatalf("Step %d/%d, expected an error but got none", i+1, len(c.Steps))
		case step.ExpectError != nil && !step.ExpectError.MatchString(err.Error()):
			t.Fatalf("Step %d/%d, expected an error with pattern, no match on: %s", i+1, len(c.Steps), err)
		case step.ExpectError != nil || err == nil:
			continue
		case c.ErrorCheck != nil:
			err = c.ErrorCheck(err)
		}
		if err != nil {
			t.Fatalf("Step %d/%d error: %s", i+1, len(c.Steps), err)
		}
	}
}

// onlySupported fails the test when it sets a field that the core does not
// interpret.
func onlySupported(t *testing.T, of any, supported ...string) {
	t.Helper()
	value := reflect.ValueOf(of)
	for i := range value.NumField() {
		field := value.Type().Field(i)
		known := false
		for _, name := range supported {
			known = known || name == field.Name
		}
		if !known && !value.Field(i).IsZero() {
			t.Fatalf("the in-process Terraform does not support %s.%s; use acctest.Terraform, or add it", value.Type().Name(), field.Name)
		}
	}
}

func (w *workspace) play(step resource.TestStep) error {
	w.t.Helper()
	if !step.Destroy && step.Config != "" {
		for _, address := range step.Taint {
			instance := w.state.instances[address]
			if instance == nil || instance.current == nil {
				w.t.Fatalf("%s cannot be tainted: it is not in state", address)
			}
			tainted := *instance.current.Object
			tainted.Tainted = true
			current := *instance.current
			current.Object = &tainted
			instance.current = &current
		}
	}
	switch {
	case step.ImportState:
		return w.playImport(step)
	case step.RefreshState:
		return w.playRefresh(step)
	default:
		return w.playConfig(step)
	}
}

// configure is the configuration of a step from now on.
func (w *workspace) configure(step resource.TestStep) {
	w.t.Helper()
	w.source, w.variables, w.invalid = step.Config, map[string]cty.Value{}, nil
	for name, variable := range step.ConfigVariables {
		encoded, err := variable.MarshalJSON()
		if err != nil {
			w.t.Fatal(err)
		}
		var simple ctyjson.SimpleJSONValue
		if err := simple.UnmarshalJSON(encoded); err != nil {
			w.t.Fatal(err)
		}
		w.variables[name] = simple.Value
	}
	config, diags := parse(w.t, step.Config)
	w.config = config
	if diags.HasErrors() {
		w.invalid = &terraformError{ofHCL(nil, "", diags).text([]byte(step.Config))}
	}
}

// run runs terraform plan, or a command that applies its plan at once.
func (w *workspace) run(request planRequest, apply bool) (*terraformPlan, error) {
	if w.invalid != nil {
		return nil, w.invalid
	}
	plan, diags := w.operate(request, apply)
	if diags.failed() {
		return nil, &terraformError{diags.text(w.config.source)}
	}
	return plan, nil
}

// operate is run with all diagnostics, warnings included.
func (w *workspace) operate(request planRequest, apply bool) (*terraformPlan, diagnostics) {
	c := newCommand(w.t, w.ctx, w.config, w.variables, w.factories)
	diags := c.validate()
	if diags.failed() {
		return nil, diags
	}
	plan, more := c.createPlan(w.state, request)
	if diags = append(diags, more...); diags.failed() {
		return nil, diags
	}
	switch {
	case request.refreshOnly || request.imports != nil:
		w.state = plan.prior
	case apply:
		state, more := c.apply(plan)
		w.state, diags = state, append(diags, more...)
	}
	return plan, diags
}

// applyPlan runs terraform apply with a plan in a file.
func (w *workspace) applyPlan(plan *terraformPlan) error {
	if diags := w.operateOn(plan); diags.failed() {
		return &terraformError{diags.text(plan.config.source)}
	}
	return nil
}

func (w *workspace) operateOn(plan *terraformPlan) diagnostics {
	state, diags := newCommand(w.t, w.ctx, plan.config, plan.variables, w.factories).apply(plan)
	w.state = state
	return diags
}

func (w *workspace) shim() *terraform.State {
	w.t.Helper()
	shimmed, err := shim(w.state.json())
	if err != nil {
		w.t.Fatal(err)
	}
	return shimmed
}

func (w *workspace) playConfig(step resource.TestStep) error {
	w.t.Helper()
	w.configure(step)
	if !step.PlanOnly {
		if err := w.planAndApply(step); err != nil {
			return err
		}
	}
	after := "After applying this test step, "
	if step.PlanOnly {
		after = ""
	}
	plan, err := w.run(planRequest{skipRefresh: true, destroy: step.Destroy}, false)
	if err != nil {
		return fmt.Errorf("error running non-refresh plan: %w", err)
	}
	if err := runPlanChecks(w.ctx, plan, step.ConfigPlanChecks.PostApplyPreRefresh); err != nil {
		return err
	}
	if !plan.isEmpty() && !step.ExpectNonEmptyPlan {
		return fmt.Errorf("%sthe non-refresh plan was not empty.\n\n%s", after, plan.text())
	}
	if plan, err = w.run(planRequest{destroy: step.Destroy}, false); err != nil {
		return fmt.Errorf("error running refresh plan: %w", err)
	}
	if err := runPlanChecks(w.ctx, plan, step.ConfigPlanChecks.PostApplyPostRefresh); err != nil {
		return err
	}
	switch {
	case !plan.isEmpty() && !step.ExpectNonEmptyPlan:
		return fmt.Errorf("%sthe refresh plan was not empty.\n\n%s", after, plan.text())
	case plan.isEmpty() && step.ExpectNonEmptyPlan:
		return errors.New("expected a non-empty plan, but got an empty refresh plan")
	}
	return nil
}

func (w *workspace) planAndApply(step resource.TestStep) error {
	w.t.Helper()
	plan, err := w.run(planRequest{destroy: step.Destroy}, false)
	if err != nil {
		return fmt.Errorf("error running pre-apply plan: %w", err)
	}
	if err := runPlanChecks(w.ctx, plan, step.ConfigPlanChecks.PreApply); err != nil {
		return fmt.Errorf("pre-apply plan check(s) failed:\n%w", err)
	}
	var before *terraform.State
	if step.Check != nil && step.Destroy {
		if _, err := w.run(planRequest{refreshOnly: true}, false); err != nil {
			return fmt.Errorf("error running pre-apply refresh: %w", err)
		}
		before = w.shim()
		if plan, err = w.run(planRequest{destroy: true}, false); err != nil {
			return fmt.Errorf("error running destroy plan: %w", err)
		}
	}
	if err := w.applyPlan(plan); err != nil {
		return fmt.Errorf("error running apply: %w", err)
	}
	if step.Check != nil {
		if before == nil {
			before = w.shim()
		}
		if err := step.Check(before); err != nil {
			return fmt.Errorf("check failed: %w", err)
		}
	}
	return runStateChecks(w.ctx, w.state.json(), step.ConfigStateChecks)
}

func (w *workspace) playRefresh(step resource.TestStep) error {
	w.t.Helper()
	if _, err := w.run(planRequest{refreshOnly: true}, false); err != nil {
		return err
	}
	if step.Check != nil {
		if err := step.Check(w.shim()); err != nil {
			w.t.Fatal(err)
		}
	}
	plan, err := w.run(planRequest{}, false)
	if err != nil {
		return fmt.Errorf("error running post-refresh plan: %w", err)
	}
	if !plan.isEmpty() && !step.ExpectNonEmptyPlan {
		return fmt.Errorf("after refreshing state during this test step, a followup plan was not empty.\n\n%s", plan.text())
	}
	return nil
}

// isEmpty reports whether a plan changes nothing, outputs included.
func (p *terraformPlan) isEmpty() bool {
	for _, c := range p.changes {
		if c.action != ActionNoOp {
			return false
		}
	}
	for _, output := range p.outputs {
		if output.action != ActionNoOp {
			return false
		}
	}
	return true
}

func runPlanChecks(ctx context.Context, plan *terraformPlan, checks []plancheck.PlanCheck) error {
	var all []error
	for _, check := range checks {
		var resp plancheck.CheckPlanResponse
		check.CheckPlan(ctx, plancheck.CheckPlanRequest{Plan: plan.json()}, &resp)
		all = append(all, resp.Error)
	}
	return errors.Join(all...)
}

func runStateChecks(ctx context.Context, state *tfjson.State, checks []statecheck.StateCheck) error {
	var all []error
	for _, check := range checks {
		var resp statecheck.CheckStateResponse
		check.CheckState(ctx, statecheck.CheckStateRequest{State: state}, &resp)
		all = append(all, resp.Error)
	}
	return errors.Join(all...)
}
