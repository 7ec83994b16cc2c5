package member

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

// wholeOrganization and what its owners may do.
const (
	wholeOrganization = "the organisation"
	ownersDo          = "An owner can do everything: read and make keys, raise limits, remove other owners."
)

// adviseOnOwner warns when somebody becomes an owner.
func adviseOnOwner(ctx context.Context, client *adminapi.Client, of, what string, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() || !tfkit.Warns(ctx, client, tfkit.OwnerGranted, req) {
		return
	}
	var role, former, email types.String
	at := path.Root("role")
	resp.Diagnostics.Append(req.Plan.GetAttribute(ctx, at, &role)...)
	resp.Diagnostics.Append(req.Plan.GetAttribute(ctx, path.Root("email"), &email)...)
	if !req.State.Raw.IsNull() {
		resp.Diagnostics.Append(req.State.GetAttribute(ctx, at, &former)...)
	}
	if req.State.Raw.IsNull() && role.ValueString() == adminapi.RoleOwner && of == wholeOrganization {
		// A create adopts somebody who may be an owner already.
		var id types.String
		_ = req.Plan.GetAttribute(ctx, path.Root("user_id"), &id) // an invitation has none
		former = types.StringNull()
		if user, err := findUser(ctx, client, id, email); err == nil && user != nil {
			former = types.StringValue(user.Role)
		}
	}
	if role.ValueString() != adminapi.RoleOwner || former.ValueString() == adminapi.RoleOwner {
		return
	}
	who := email.ValueString()
	if who == "" {
		who = "Somebody"
	}
	tfkit.Warn(&resp.Diagnostics, tfkit.OwnerGranted, at, fmt.Sprintf("%s becomes an owner of %s", who, of), what)
}
