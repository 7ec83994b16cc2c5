package lifecycle

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

func (k *kernel[M]) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	names, only := make([]string, len(k.core.Identity)), map[string]string{}
	for i, part := range k.core.Identity {
		names[i], only[part.Name] = part.Name, part.Value
	}
	if more := k.core.ImportMore; len(more) > 0 && strings.Count(req.ID, "/") == len(names)+len(more)-1 {
		names = append(names, more...)
	}
	importParts(ctx, req, resp, only, names...)
	if req.ID == "" && !resp.Diagnostics.HasError() {
		setIdentity(ctx, resp.Identity, &resp.Diagnostics, k.identity(resp.State.Raw)) // given in any spelling
	}
	tfkit.SavePrivate(ctx, resp.Private, importedKey, true, &resp.Diagnostics)
	if k.core.Imports != nil && !resp.Diagnostics.HasError() {
		k.core.Imports(k.describeIDs(valuesOf(resp.State.Raw)), &resp.Diagnostics)
	}
}

// importedKey is in the private state between an import and the first read.
const importedKey = "imported"

// importParts takes the parts of an import id, separated by slashes, or the same
// parts from an identity block, into the attributes of these names. Identity
// and state use the same names. A part of a singleton has only one value.
func importParts(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse, only map[string]string, names ...string) {
	values := make([]string, len(names))
	if req.ID != "" {
		parts := strings.Split(req.ID, "/")
		if len(parts) != len(names) {
			resp.Diagnostics.AddError("Invalid import id", fmt.Sprintf(
				"The import id must have the form %s, got %q.", strings.Join(names, "/"), req.ID))
			return
		}
		copy(values, parts)
	} else {
		for i, name := range names {
			var value types.String
			resp.Diagnostics.Append(req.Identity.GetAttribute(ctx, path.Root(name), &value)...)
			values[i] = value.ValueString()
		}
	}
	for i, name := range names {
		if want := only[name]; want != "" && values[i] != want {
			resp.Diagnostics.AddError("Invalid import id", fmt.Sprintf("There is only one such object. Its %s is %q, got %q.", name, want, values[i]))
		} else if problem := tfkit.IDProblem(values[i]); problem != "" {
			resp.Diagnostics.AddError("Invalid import id", fmt.Sprintf("%s %s.", name, problem))
		}
	}
	if resp.Diagnostics.HasError() {
		return
	}
	for i, name := range names {
		resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root(name), values[i])...)
	}
}

// setIdentity writes the identity of an object, given as pairs of name and
// value. A Terraform that knows no identities leaves it aside.
func setIdentity(ctx context.Context, identity *tfsdk.ResourceIdentity, diags *diag.Diagnostics, values map[string]types.String) {
	if identity == nil {
		return
	}
	for name, value := range values {
		diags.Append(identity.SetAttribute(ctx, path.Root(name), value)...)
	}
}
