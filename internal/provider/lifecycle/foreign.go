package lifecycle

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// The providers that people come from, in the order of their age, and this one.
const (
	Jianyuan    = "jianyuan/openai"
	Mkdev       = "mkdev-me/openai"
	Official    = "openai/openai"
	Allthingsai = "allthingsai/openai"
)

// Foreign says how other providers write an object down.
type Foreign struct {
	// Type is our own type name. Others use it for the same object, unless
	// they are in Except.
	Type   string
	Except []string
	// Types are other names of the object.
	Types []ForeignType
	// Names are those that others have for attributes of ours, such as title
	// for name. A dot leads into an object.
	Names map[string][]string
	// Joined are attributes of ours that may be read from an id to which others
	// add that of the parent, as in proj_1:role_1.
	Joined []string
	// Adjust returns the attributes of text whose values other providers write in
	// another form. Its argument reads an attribute, and returns "" for others.
	Adjust func(text func(name string) string) map[string]string
	// Needs has attributes, with the next step for a state of the same type name
	// that lacks them: it is the state of another kind of object.
	Needs map[string]string
}

// AsOfficial is an object whose type only the official provider and this one
// have. States of other providers are not migrated.
func AsOfficial(typeName string) Foreign {
	return Foreign{Type: typeName, Except: []string{Jianyuan, Mkdev}}
}

// ForeignType is a type of another provider.
type ForeignType struct {
	Provider, Type string
	// With is an attribute of every such state, where another provider has a
	// type of the same name for another object.
	With string
}

// unnamed is the whole source address that OpenTofu before 1.11.12 and 1.12.4
// sends with a move from any of the providers: the last part of the address.
const unnamed = "openai"

// describes says whether the state of a provider's type is this object.
// Registries have mirrors, so the host says nothing. A move between resources of
// one type always names the provider.
func (f Foreign) describes(providerAddress, typeName string, raw *tfprotov6.RawState) bool {
	parts := strings.Split(providerAddress, "/")
	provider := strings.Join(parts[max(0, len(parts)-2):], "/")
	if typeName == f.Type && !slices.Contains(f.Except, provider) {
		return slices.Contains([]string{Jianyuan, Mkdev, Official, Allthingsai}, provider)
	}
	return slices.ContainsFunc(f.Types, func(t ForeignType) bool {
		return t.Type == typeName && (t.Provider == provider || provider == unnamed) && (t.With == "" || has(raw, t.With))
	})
}

// has says whether a state has a value for an attribute.
func has(raw *tfprotov6.RawState, attribute string) bool {
	var values map[string]json.RawMessage
	return raw != nil && json.Unmarshal(raw.JSON, &values) == nil && !isNull(values[attribute])
}

// migrate returns the state for an object in another provider's state. It keeps
// attributes of the same meaning and drops the others; the next read adds the
// missing ones.
func (f Foreign) migrate(ctx context.Context, current schema.Schema, raw *tfprotov6.RawState, diags *diag.Diagnostics) tftypes.Value {
	failed := func(err error) tftypes.Value {
		diags.AddError("Cannot migrate resource state", err.Error())
		return tftypes.Value{}
	}
	var values map[string]json.RawMessage
	if err := json.Unmarshal(raw.JSON, &values); err != nil {
		return failed(err)
	}
	for ours, names := range f.Names {
		for _, theirs := range names {
			if isNull(values[ours]) {
				values[ours] = valueAt(values, strings.Split(theirs, "."))
			}
		}
	}
	if strings.HasPrefix(textOf(values["id"]), "sk-") {
		// An id is sent in paths and shown in plans.
		diags.AddError("State has a secret for an id", "Another provider has written the state, with the secret of a key for its id. "+
			"Remove the resource from state without destroying the key, with a removed block that has lifecycle { destroy = false }, and import it by its id.")
		return tftypes.Value{}
	}
	for name, otherwise := range f.Needs {
		if isNull(values[name]) {
			diags.AddError("State of another resource type", otherwise)
			return tftypes.Value{}
		}
	}
	for _, name := range f.Joined {
		values[name] = lastOf(values[name])
	}
	if f.Adjust != nil {
		for name, text := range f.Adjust(func(name string) string { return textOf(values[name]) }) {
			if adjusted, err := json.Marshal(text); err == nil {
				values[name] = adjusted
			}
		}
	}
	for name, value := range values {
		if value == nil {
			delete(values, name)
		}
	}
	if refused := dropOtherTypes(ctx, current, values); len(refused) > 0 {
		diags.AddError(otherTypes(refused))
		return tftypes.Value{}
	}
	renamed, err := json.Marshal(values)
	if err != nil {
		return failed(err)
	}
	state, err := (&tfprotov6.RawState{JSON: renamed}).UnmarshalWithOpts(current.Type().TerraformType(ctx), tfprotov6.UnmarshalOpts{
		ValueFromJSONOpts: tftypes.ValueFromJSONOpts{IgnoreUndefinedAttributes: true},
	})
	if err != nil {
		return failed(err)
	}
	return state
}

// dropOtherTypes removes the computed attributes whose values have another type
// than in the schema: the next read sets them. It returns the
// names of other attributes with such values, whose loss could replace the
// object. The timeouts of another provider may have another form, too.
func dropOtherTypes(ctx context.Context, current schema.Schema, values map[string]json.RawMessage) (refused []string) {
	for name, attribute := range current.Attributes {
		value, exists := values[name]
		if !exists {
			continue
		}
		kind := attribute.GetType().TerraformType(ctx)
		_, err := tftypes.ValueFromJSONWithOpts(value, kind, tftypes.ValueFromJSONOpts{IgnoreUndefinedAttributes: true})
		switch {
		case err == nil:
		case attribute.IsComputed():
			delete(values, name)
		default:
			refused = append(refused, name)
		}
	}
	for name, block := range current.Blocks {
		kind := block.Type().TerraformType(ctx)
		if _, err := tftypes.ValueFromJSONWithOpts(values[name], kind, tftypes.ValueFromJSONOpts{IgnoreUndefinedAttributes: true}); values[name] != nil && err != nil {
			delete(values, name)
		}
	}
	slices.Sort(refused)
	return refused
}

// otherTypes is the error for attributes whose values have another type than in
// the schema.
func otherTypes(names []string) (summary, detail string) {
	return "Cannot migrate resource state", "The state was written by another provider, in which these attributes have another type: " + strings.Join(names, ", ") + ". " +
		"Remove the resource from state without destroying the object, with a removed block that has lifecycle { destroy = false }, and import it again."
}

func isNull(value json.RawMessage) bool { return value == nil || string(value) == "null" }

// textOf returns a text, and "" for any other value.
func textOf(value json.RawMessage) (text string) {
	if err := json.Unmarshal(value, &text); err != nil {
		return ""
	}
	return text
}

// lastOf returns the last part of a joined id, and any other value unchanged.
func lastOf(value json.RawMessage) json.RawMessage {
	if at := bytes.LastIndexByte(value, ':'); at >= 0 && value[0] == '"' {
		return slices.Concat([]byte(`"`), value[at+1:])
	}
	return value
}

// valueAt follows a path, and returns nil where it ends.
func valueAt(values map[string]json.RawMessage, path []string) json.RawMessage {
	value := values[path[0]]
	if len(path) == 1 || isNull(value) {
		return value
	}
	var inner map[string]json.RawMessage
	if json.Unmarshal(value, &inner) != nil {
		return nil
	}
	return valueAt(inner, path[1:])
}

// MoveState is for moved blocks from other providers, and from other types: it
// works without a request to the API.
func (k *kernel[M]) MoveState(context.Context) []resource.StateMover {
	current := k.schema()
	return []resource.StateMover{{
		StateMover: func(ctx context.Context, req resource.MoveStateRequest, resp *resource.MoveStateResponse) {
			if k.core.Legacy.describes(req.SourceProviderAddress, req.SourceTypeName, req.SourceRawState) {
				resp.TargetState.Raw = k.core.Legacy.migrate(ctx, current, req.SourceRawState, &resp.Diagnostics)
			}
		},
	}}
}
