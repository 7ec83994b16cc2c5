package acctest

import (
	"maps"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/zclconf/go-cty/cty"
)

// Actions are the names of all actions.
func (d *Driver) Actions() []string { return slices.Sorted(maps.Keys(d.actions)) }

// PlanAction validates and plans an action.
func (d *Driver) PlanAction(t testing.TB, name string, configured map[string]any) []*tfprotov6.Diagnostic {
	t.Helper()
	return d.planAction(t, name, d.actionConfig(t, name, configured))
}

// Invoke plays terraform apply -invoke: it validates, plans and invokes an
// action, and returns the messages of its progress.
func (d *Driver) Invoke(t testing.TB, name string, configured map[string]any) (progress []string, diags []*tfprotov6.Diagnostic) {
	t.Helper()
	d.newWalk()
	config := d.actionConfig(t, name, configured)
	if diags = d.planAction(t, name, config); failed(diags) {
		return nil, diags
	}
	stream, err := d.actionServer(t).InvokeAction(d.Context, &tfprotov6.InvokeActionRequest{ActionType: name, Config: encode(t, config, d.actions[name].kind)})
	if err != nil {
		t.Fatal(err)
	}
	completed := false
	for event := range stream.Events {
		switch event := event.Type.(type) {
		case tfprotov6.ProgressInvokeActionEventType:
			progress = append(progress, event.Message)
		case tfprotov6.CompletedInvokeActionEventType:
			completed = true
			diags = append(diags, event.Diagnostics...)
		}
	}
	if !completed {
		t.Errorf("%s has not completed", name)
	}
	return progress, diags
}

func (d *Driver) actionServer(t testing.TB) tfprotov6.ActionServer {
	t.Helper()
	server, ok := d.server.(tfprotov6.ActionServer)
	if !ok {
		t.Fatal("the provider serves no actions")
	}
	return server
}

func (d *Driver) actionConfig(t testing.TB, name string, configured map[string]any) cty.Value {
	t.Helper()
	if d.actions[name] == nil {
		t.Fatalf("the provider has no action %s", name)
	}
	return d.actions[name].configuration(t, configured)
}

func (d *Driver) planAction(t testing.TB, name string, config cty.Value) []*tfprotov6.Diagnostic {
	t.Helper()
	server, encoded := d.actionServer(t), encode(t, config, d.actions[name].kind)
	valid, err := server.ValidateActionConfig(d.Context, &tfprotov6.ValidateActionConfigRequest{ActionType: name, Config: encoded})
	if err != nil {
		t.Fatal(err)
	}
	if failed(valid.Diagnostics) {
		return valid.Diagnostics
	}
	planned, err := server.PlanAction(d.Context, &tfprotov6.PlanActionRequest{ActionType: name, Config: encoded})
	if err != nil {
		t.Fatal(err)
	}
	return append(valid.Diagnostics, planned.Diagnostics...)
}
