package lifecycle

import (
	"context"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// Other providers write states in which attributes are missing that identify
// the object here. An object of such a state is identified by its id attribute,
// and never searched by name.

// completeIDs sets a missing attribute of the identity from the id attribute.
// It reports an error, and false, when that is missing, too.
func (k *kernel[M]) completeIDs(ctx context.Context, state *tfsdk.State, diags *diag.Diagnostics) bool {
	if state.Raw.IsNull() {
		return true
	}
	current := k.schema()
	if !slices.ContainsFunc(k.core.Identity, func(part Identifier) bool { return isOwnID(current, part.Name) }) {
		return true // the caller names the object
	}
	for _, part := range k.core.Identity {
		name := part.Name
		var value types.String
		diags.Append(state.GetAttribute(ctx, path.Root(name), &value)...)
		if diags.HasError() {
			return false
		}
		if value.ValueString() != "" {
			continue
		}
		if isOwnID(current, name) && k.copyID(ctx, state, current, name, diags) {
			continue
		}
		typeName := k.typeName()
		diags.AddError("Incomplete state of "+typeName, fmt.Sprintf(
			"The state has no %s, so the object cannot be identified. Another provider may have written it. Objects are never searched by name.\n\n"+
				"Remove the object from state without destroying it, with terraform state rm or a removed block, and import it:\n\n"+
				"import {\n  to = %s.NAME\n  id = \"ID\"\n}", name, typeName))
		return false
	}
	return true
}

// singletonID identifies a setting that an organization has once. It is always
// the same, and states of the official provider lack it.
const singletonID = "singleton_id"

// isOwnID reports whether an attribute is an id that every state has, also where
// the configuration names the object by another attribute: the id of a parent is
// required.
func isOwnID(current schema.Schema, name string) bool {
	if name == singletonID {
		return false
	}
	attribute, ok := current.Attributes[name].(schema.StringAttribute)
	return ok && attribute.Computed
}

// copyID sets an id from the attribute that holds the same, and reports whether
// there was one.
func (k *kernel[M]) copyID(ctx context.Context, state *tfsdk.State, current schema.Schema, name string, diags *diag.Diagnostics) bool {
	other := "id"
	if name == other {
		other = k.core.Type + "_id"
	}
	if _, exists := current.Attributes[other]; !exists {
		return false
	}
	var value types.String
	diags.Append(state.GetAttribute(ctx, path.Root(other), &value)...)
	if diags.HasError() || value.ValueString() == "" {
		return false
	}
	diags.Append(state.SetAttribute(ctx, path.Root(name), value)...)
	return !diags.HasError()
}
