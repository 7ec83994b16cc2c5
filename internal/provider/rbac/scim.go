package rbac

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

// refuseSCIMMembers refuses, at plan time, to change who is in a group that
// belongs to the identity provider.
func refuseSCIMMembers[M any](ctx context.Context, call *lifecycle.Call[M], groupOf func(m M) types.String) {
	if call.PlansNoChange() {
		return
	}
	var planned, present types.String
	if call.HasPlan() {
		planned = groupOf(call.Plan)
	}
	if call.HasState() {
		present = groupOf(call.State)
	}
	refuseSCIM(ctx, call.Client, planned, call.Diags)
	if !present.Equal(planned) {
		refuseSCIM(ctx, call.Client, present, call.Diags)
	}
}

// refuseSCIM refuses a group whose members the identity provider manages.
func refuseSCIM(ctx context.Context, client *adminapi.Client, groupID types.String, diags *diag.Diagnostics) {
	if client == nil || groupID.IsNull() || groupID.IsUnknown() {
		return
	}
	group, err := client.Groups.Get(ctx, groupID.ValueString())
	if err != nil || !group.SCIMManaged {
		return // where the group cannot be read, the API refuses it at apply
	}
	diags.AddAttributeError(path.Root("group_id"), "Managed by the identity provider", fmt.Sprintf(
		"Group %q (%s) is managed through SCIM, which would revert a change of its members. Change them in the identity provider. %s",
		group.Name, group.ID, tfkit.ReleaseHint))
}
