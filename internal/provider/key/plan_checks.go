package key

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

// adviseOnExpiry warns of a new key, or a changed one, that nothing ends:
// neither an expiry nor, where the resource has it, a rotation.
func adviseOnExpiry(ctx context.Context, client *adminapi.Client, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() || req.Plan.Raw.Equal(req.State.Raw) || !tfkit.Warns(ctx, client, tfkit.KeyWithoutExpiry, req) {
		return
	}
	at := path.Root("expires_in_seconds")
	var planned map[string]tftypes.Value
	if err := req.Plan.Raw.As(&planned); err != nil {
		return // advice has no errors
	}
	for _, name := range []string{"expires_in_seconds", "rotation"} {
		if value, ok := planned[name]; ok && !value.IsNull() {
			return
		}
	}
	var name types.String
	resp.Diagnostics.Append(req.Plan.GetAttribute(ctx, path.Root("name"), &name)...)
	tfkit.Warn(&resp.Diagnostics, tfkit.KeyWithoutExpiry, at, "A key without expiry or rotation",
		fmt.Sprintf("Key %q works until somebody revokes it, also once it has leaked. Give it expires_in_seconds, or a rotation.", name.ValueString()))
}
