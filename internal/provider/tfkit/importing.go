package tfkit

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
)

// IdentityAttribute describes one part of what identifies an object.
func IdentityAttribute(description string) identityschema.StringAttribute {
	return identityschema.StringAttribute{RequiredForImport: true, Description: description}
}

// Import takes the parts of an import id, separated by slashes, or the same
// parts from an identity block, into the attributes of these names. Identity
// and state use the same names.
func Import(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse, names ...string) {
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
		if problem := idProblem(values[i]); problem != "" {
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

// SetIdentity writes the identity of an object, given as pairs of name and
// value. A Terraform that knows no identities leaves it aside.
func SetIdentity(ctx context.Context, identity *tfsdk.ResourceIdentity, diags *diag.Diagnostics, values map[string]types.String) {
	if identity == nil {
		return
	}
	for name, value := range values {
		diags.Append(identity.SetAttribute(ctx, path.Root(name), value)...)
	}
}

// Save writes an object and its identity into state.
func Save(ctx context.Context, state *tfsdk.State, identity *tfsdk.ResourceIdentity, model any, values map[string]types.String, diags *diag.Diagnostics) {
	diags.Append(state.Set(ctx, model)...)
	SetIdentity(ctx, identity, diags, values)
}

// Gone removes an object from state that no longer exists. Terraform wants to
// know its identity all the same.
func Gone(ctx context.Context, resp *resource.ReadResponse, identity map[string]types.String) {
	for name, value := range identity {
		if value.IsNull() {
			identity[name] = types.StringValue("") // it never had one
		}
	}
	SetIdentity(ctx, resp.Identity, &resp.Diagnostics, identity)
	resp.State.RemoveResource(ctx)
}

// RemoveGone is Gone after an error that says so. That of an archived project
// is certain, whatever the age of the object.
func RemoveGone(ctx context.Context, resp *resource.ReadResponse, identity map[string]types.String, err error) {
	if adminapi.HasCode(err, adminapi.CodeProjectArchived) {
		ConfirmRemoval(ctx)
	}
	Gone(ctx, resp, identity)
}
