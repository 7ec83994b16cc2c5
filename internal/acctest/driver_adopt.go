package acctest

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/zclconf/go-cty/cty"
)

// Listed is an object that a list resource has found.
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
	config := encode(t, d.lists[typeName].configuration(t, filters), d.lists[typeName].kind)
	valid, err := lists.ValidateListResourceConfig(d.Context, &tfprotov6.ValidateListResourceConfigRequest{TypeName: typeName, Config: config})
	if err != nil {
		t.Fatal(err)
	}
	if failed(valid.Diagnostics) {
		return nil, valid.Diagnostics
	}
	stream, err := lists.ListResource(d.Context, &tfprotov6.ListResourceRequest{
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
			listed.Object = d.object(t, typeName, result.Resource, nil)
		}
		found = append(found, listed)
	}
	return found, diags
}

// Import imports an object by its identity, and reads it.
func (d *Driver) Import(t testing.TB, typeName string, identity *tfprotov6.ResourceIdentityData) (*Object, []*tfprotov6.Diagnostic) {
	t.Helper()
	resp, err := d.server.ImportResourceState(d.Context, &tfprotov6.ImportResourceStateRequest{TypeName: typeName, Identity: identity})
	if err != nil {
		t.Fatal(err)
	}
	if failed(resp.Diagnostics) {
		return nil, resp.Diagnostics
	}
	return d.readImported(t, typeName, resp)
}

// readImported reads an imported object, and returns the warnings of the import,
// too.
func (d *Driver) readImported(t testing.TB, typeName string, resp *tfprotov6.ImportResourceStateResponse) (*Object, []*tfprotov6.Diagnostic) {
	t.Helper()
	imported := resp.ImportedResources[0]
	object, diags := d.Refresh(t, d.object(t, typeName, imported.State, imported.Private))
	return object, slices.Concat(resp.Diagnostics, diags)
}

// object is an object that the provider has brought without a plan. It must
// conform to the schema and be known.
func (d *Driver) object(t testing.TB, typeName string, value *tfprotov6.DynamicValue, private []byte) *Object {
	t.Helper()
	schema := d.schema(t, typeName)
	state, err := decode(value, schema.kind)
	if err != nil {
		t.Fatalf("%s does not conform to its schema: %v", typeName, err)
	}
	if left := unknowns(state); len(left) > 0 {
		t.Fatalf("%s has unknown values: %v", typeName, left)
	}
	return &Object{Type: typeName, state: state, private: private, schema: schema}
}

// ImportID imports an object by its import id, and reads it.
func (d *Driver) ImportID(t testing.TB, typeName, id string) (*Object, []*tfprotov6.Diagnostic) {
	t.Helper()
	resp, err := d.server.ImportResourceState(context.Background(), &tfprotov6.ImportResourceStateRequest{TypeName: typeName, ID: id})
	if err != nil {
		t.Fatal(err)
	}
	if failed(resp.Diagnostics) {
		return nil, resp.Diagnostics
	}
	return d.readImported(t, typeName, resp)
}

// Generate writes an object as configuration.
func (d *Driver) Generate(t testing.TB, o *Object) tftypes.Value {
	t.Helper()
	schema := d.schema(t, o.Type)
	resp, err := d.server.GenerateResourceConfig(d.Context, &tfprotov6.GenerateResourceConfigRequest{TypeName: o.Type, State: encode(t, o.state, schema.kind)})
	if err != nil || len(resp.Diagnostics) > 0 {
		t.Fatal(err, resp)
	}
	config, err := decode(resp.Config, schema.kind)
	if err != nil {
		t.Fatal(err)
	}
	value, err := schema.tfValue(config)
	if err != nil {
		t.Fatal(err)
	}
	return value
}

// Changes returns the diagnostics of a configuration, and the attributes of an
// object that it would change.
func (d *Driver) Changes(t testing.TB, o *Object, config tftypes.Value) (changed []string, diags []*tfprotov6.Diagnostic) {
	t.Helper()
	schema := d.schema(t, o.Type)
	configured := ctyValue(t, config, schema.kind)
	valid, err := d.server.ValidateResourceConfig(d.Context, &tfprotov6.ValidateResourceConfigRequest{TypeName: o.Type, Config: encode(t, configured, schema.kind)})
	if err != nil {
		t.Fatal(err)
	}
	if failed(valid.Diagnostics) {
		return nil, valid.Diagnostics
	}
	p := &Plan{Type: o.Type, schema: schema}
	d.planOnce(t, p, o.state, configured, o.private)
	if p.Failed() {
		return nil, p.Diagnostics
	}
	return schema.changed(o.state, p.planned), nil
}

// Differences are the attributes in which two objects differ.
func (o *Object) Differences(t testing.TB, other *Object) (names []string) {
	t.Helper()
	return o.schema.changed(o.state, other.state)
}

// Move plays a moved block: it makes an object of the state of another type or
// provider, and reads it.
func (d *Driver) Move(t testing.TB, provider, fromType, toType string, state []byte) (*Object, []*tfprotov6.Diagnostic) {
	t.Helper()
	resp, err := d.server.MoveResourceState(d.Context, &tfprotov6.MoveResourceStateRequest{
		SourceProviderAddress: provider, SourceTypeName: fromType, SourceState: &tfprotov6.RawState{JSON: state}, TargetTypeName: toType,
	})
	if err != nil {
		t.Fatal(err)
	}
	if failed(resp.Diagnostics) {
		return nil, resp.Diagnostics
	}
	return d.Refresh(t, d.object(t, toType, resp.TargetState, resp.TargetPrivate))
}

// Upgrade plays another source for the same type: it makes an object of a state
// of version 0, and reads it.
func (d *Driver) Upgrade(t testing.TB, typeName string, state []byte) (*Object, []*tfprotov6.Diagnostic) {
	t.Helper()
	object, diags := d.FromForeignState(t, typeName, 0, state)
	if failed(diags) {
		return nil, diags
	}
	return d.Refresh(t, object)
}

// FromForeignState makes an object from the state of another provider, or of
// another version of this one: the attributes, as JSON, with the version of
// their schema. The object is not read yet.
func (d *Driver) FromForeignState(t testing.TB, typeName string, schemaVersion int64, attributesJSON []byte) (*Object, []*tfprotov6.Diagnostic) {
	t.Helper()
	schema := d.schema(t, typeName)
	if schemaVersion > schema.version {
		return nil, []*tfprotov6.Diagnostic{{Severity: tfprotov6.DiagnosticSeverityError, Summary: "Resource instance managed by newer provider version",
			Detail: fmt.Sprintf("The state of %s has version %d, the schema %d.", typeName, schemaVersion, schema.version)}}
	}
	// At an equal version Terraform itself drops attributes that the schema lacks.
	if schemaVersion == schema.version {
		attributesJSON = stripRemoved(t, attributesJSON, schema.kind)
	}
	resp, err := d.server.UpgradeResourceState(d.Context, &tfprotov6.UpgradeResourceStateRequest{
		TypeName: typeName, Version: schemaVersion, RawState: &tfprotov6.RawState{JSON: attributesJSON},
	})
	if err != nil {
		t.Fatal(err)
	}
	if failed(resp.Diagnostics) {
		return nil, resp.Diagnostics
	}
	return d.object(t, typeName, resp.UpgradedState, nil), resp.Diagnostics
}

// stripRemoved drops attributes of objects, at any depth, that a type lacks.
func stripRemoved(t testing.TB, encoded []byte, kind cty.Type) []byte {
	t.Helper()
	items := func(kind func(key string) (cty.Type, bool)) []byte {
		var values map[string]json.RawMessage
		if err := json.Unmarshal(encoded, &values); err != nil || values == nil {
			return encoded
		}
		for key, value := range values {
			item, ok := kind(key)
			if !ok {
				delete(values, key)
				continue
			}
			values[key] = stripRemoved(t, value, item)
		}
		stripped, err := json.Marshal(values)
		if err != nil {
			t.Fatal(err)
		}
		return stripped
	}
	switch {
	case kind.IsObjectType():
		return items(func(key string) (cty.Type, bool) {
			if !kind.HasAttribute(key) {
				return cty.NilType, false
			}
			return kind.AttributeType(key), true
		})
	case kind.IsMapType():
		return items(func(string) (cty.Type, bool) { return kind.ElementType(), true })
	case kind.IsListType(), kind.IsSetType():
		var values []json.RawMessage
		if err := json.Unmarshal(encoded, &values); err != nil || values == nil {
			return encoded
		}
		for i, value := range values {
			values[i] = stripRemoved(t, value, kind.ElementType())
		}
		stripped, err := json.Marshal(values)
		if err != nil {
			t.Fatal(err)
		}
		return stripped
	default:
		return encoded
	}
}
