package acctest

import (
	"context"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Listed is what a list resource has found.
type Listed struct {
	Name     string
	Identity *tfprotov6.ResourceIdentityData
	// Object is nil unless asked for.
	Object *Object
}

// List plays terraform query for one list block. Without a limit, 0, all is
// listed.
func (d *Driver) List(t testing.TB, typeName string, filters map[string]any, withObject bool, limit int64) (found []Listed, diags []*tfprotov6.Diagnostic) {
	t.Helper()
	lists, ok := d.server.(tfprotov6.ListResourceServer)
	if !ok || d.lists[typeName] == nil {
		t.Fatalf("%s cannot be listed", typeName)
	}
	config := dynamic(t, object(t, d.lists[typeName], filters, nil))
	valid, err := lists.ValidateListResourceConfig(context.Background(), &tfprotov6.ValidateListResourceConfigRequest{TypeName: typeName, Config: config})
	if err != nil {
		t.Fatal(err)
	}
	if failed(valid.Diagnostics) {
		return nil, valid.Diagnostics
	}
	stream, err := lists.ListResource(context.Background(), &tfprotov6.ListResourceRequest{
		TypeName: typeName, Config: config, IncludeResource: withObject, Limit: limit,
	})
	if err != nil {
		t.Fatal(err)
	}
	for result := range stream.Results {
		diags = append(diags, result.Diagnostics...)
		if failed(result.Diagnostics) {
			continue
		}
		listed := Listed{Name: result.DisplayName, Identity: result.Identity}
		if withObject {
			state, err := result.Resource.Unmarshal(d.schemas[typeName].ValueType())
			if err != nil {
				t.Fatal(err)
			}
			listed.Object = &Object{Type: typeName, state: state}
		}
		found = append(found, listed)
	}
	return found, diags
}

// Import imports an object by its identity, and reads it.
func (d *Driver) Import(t testing.TB, typeName string, identity *tfprotov6.ResourceIdentityData) (*Object, []*tfprotov6.Diagnostic) {
	t.Helper()
	resp, err := d.server.ImportResourceState(context.Background(), &tfprotov6.ImportResourceStateRequest{TypeName: typeName, Identity: identity})
	if err != nil {
		t.Fatal(err)
	}
	if failed(resp.Diagnostics) {
		return nil, resp.Diagnostics
	}
	imported := resp.ImportedResources[0]
	state, err := imported.State.Unmarshal(d.schemas[typeName].ValueType())
	if err != nil {
		t.Fatal(err)
	}
	return d.Refresh(t, &Object{Type: typeName, state: state, private: imported.Private})
}

// Generate writes down an object as configuration.
func (d *Driver) Generate(t testing.TB, o *Object) tftypes.Value {
	t.Helper()
	resp, err := d.server.GenerateResourceConfig(context.Background(), &tfprotov6.GenerateResourceConfigRequest{TypeName: o.Type, State: dynamic(t, o.state)})
	if err != nil || len(resp.Diagnostics) > 0 {
		t.Fatal(err, resp)
	}
	config, err := resp.Config.Unmarshal(d.schemas[o.Type].ValueType())
	if err != nil {
		t.Fatal(err)
	}
	return config
}

// Changes says what is wrong with a configuration, and which attributes it
// would change of an object.
func (d *Driver) Changes(t testing.TB, o *Object, config tftypes.Value) (changed []string, diags []*tfprotov6.Diagnostic) {
	t.Helper()
	valid, err := d.server.ValidateResourceConfig(context.Background(), &tfprotov6.ValidateResourceConfigRequest{TypeName: o.Type, Config: dynamic(t, config)})
	if err != nil {
		t.Fatal(err)
	}
	if failed(valid.Diagnostics) {
		return nil, valid.Diagnostics
	}
	schema := d.schemas[o.Type]
	configured, prior := attributes(t, config), attributes(t, o.state)
	proposed := map[string]tftypes.Value{}
	for _, a := range schema.Block.Attributes {
		proposed[a.Name] = configured[a.Name]
		if a.Computed && configured[a.Name].IsNull() {
			proposed[a.Name] = prior[a.Name]
		}
	}
	resp, err := d.server.PlanResourceChange(context.Background(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: o.Type, PriorState: dynamic(t, o.state), PriorPrivate: o.private,
		ProposedNewState: dynamic(t, tftypes.NewValue(schema.ValueType(), proposed)), Config: dynamic(t, config),
	})
	if err != nil {
		t.Fatal(err)
	}
	if failed(resp.Diagnostics) {
		return nil, resp.Diagnostics
	}
	planned, err := resp.PlannedState.Unmarshal(schema.ValueType())
	if err != nil {
		t.Fatal(err)
	}
	after := attributes(t, planned)
	for name, value := range attributes(t, o.state) {
		if !value.Equal(after[name]) {
			changed = append(changed, name)
		}
	}
	return changed, nil
}

// Differences are the attributes in which two objects differ.
func (o *Object) Differences(t testing.TB, other *Object) (names []string) {
	t.Helper()
	theirs := attributes(t, other.state)
	for name, value := range attributes(t, o.state) {
		if !value.Equal(theirs[name]) {
			names = append(names, name)
		}
	}
	return names
}

func attributes(t testing.TB, value tftypes.Value) map[string]tftypes.Value {
	t.Helper()
	var values map[string]tftypes.Value
	if err := value.As(&values); err != nil {
		t.Fatal(err)
	}
	return values
}

// Move plays a moved block: it makes an object of the state of another type or
// provider, and reads it.
func (d *Driver) Move(t testing.TB, provider, fromType, toType string, state []byte) (*Object, []*tfprotov6.Diagnostic) {
	t.Helper()
	resp, err := d.server.MoveResourceState(context.Background(), &tfprotov6.MoveResourceStateRequest{
		SourceProviderAddress: provider, SourceTypeName: fromType, SourceState: &tfprotov6.RawState{JSON: state}, TargetTypeName: toType,
	})
	if err != nil {
		t.Fatal(err)
	}
	if failed(resp.Diagnostics) {
		return nil, resp.Diagnostics
	}
	moved, err := resp.TargetState.Unmarshal(d.schemas[toType].ValueType())
	if err != nil {
		t.Fatal(err)
	}
	return d.Refresh(t, &Object{Type: toType, state: moved, private: resp.TargetPrivate})
}

// Upgrade plays another source for the same type: it makes an object of a state
// of version 0, and reads it.
func (d *Driver) Upgrade(t testing.TB, typeName string, state []byte) (*Object, []*tfprotov6.Diagnostic) {
	t.Helper()
	resp, err := d.server.UpgradeResourceState(context.Background(), &tfprotov6.UpgradeResourceStateRequest{
		TypeName: typeName, Version: 0, RawState: &tfprotov6.RawState{JSON: state},
	})
	if err != nil {
		t.Fatal(err)
	}
	if failed(resp.Diagnostics) {
		return nil, resp.Diagnostics
	}
	upgraded, err := resp.UpgradedState.Unmarshal(d.schemas[typeName].ValueType())
	if err != nil {
		t.Fatal(err)
	}
	return d.Refresh(t, &Object{Type: typeName, state: upgraded})
}
