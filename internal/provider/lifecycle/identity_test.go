package lifecycle

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// A person has one identity, in any case of the imported address.
func TestIdentity_isTheSameForAllSpellings(t *testing.T) {
	k := Setting[struct{}]{Core: Core[struct{}]{
		Schema: func() schema.Schema {
			return schema.Schema{Attributes: map[string]schema.Attribute{"email": schema.StringAttribute{Required: true}}}
		},
		Identity: []Identifier{{Name: "email"}},
	}}.kernel()
	var described resource.IdentitySchemaResponse
	k.IdentitySchema(t.Context(), resource.IdentitySchemaRequest{}, &described)
	kind := tftypes.Object{AttributeTypes: map[string]tftypes.Type{"email": tftypes.String}}
	given := tftypes.NewValue(kind, map[string]tftypes.Value{"email": tftypes.NewValue(tftypes.String, "Ada@Example.com")})
	resp := resource.ImportStateResponse{
		State:    tfsdk.State{Schema: k.schema(), Raw: tftypes.NewValue(kind, nil)},
		Identity: &tfsdk.ResourceIdentity{Schema: described.IdentitySchema, Raw: given},
	}
	k.ImportState(t.Context(), resource.ImportStateRequest{Identity: &tfsdk.ResourceIdentity{Schema: described.IdentitySchema, Raw: given}}, &resp)
	// Only the framework can create private state, so the import is not complete.
	var identity types.String
	diags := resp.Identity.GetAttribute(t.Context(), path.Root("email"), &identity)
	if diags.HasError() || identity.ValueString() != "ada@example.com" {
		t.Errorf("got the identity %s, %v", identity, diags)
	}
}
