package project

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

// advise warns of projects that are in use when they go, and of those that may
// spend without end. What changes nothing costs no request.
func (r *projectResource) advise(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if r.Client == nil || req.State.Raw.IsNull() || req.Plan.Raw.Equal(req.State.Raw) {
		return
	}
	var state projectModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	id := state.ID.ValueString()
	if req.Plan.Raw.IsNull() {
		if tfkit.Warns(ctx, r.Client, tfkit.ProjectInUse, req) {
			if spend := r.Client.Advice.Spend(ctx); spend != nil && spend.Active[id] {
				tfkit.Warn(resp, tfkit.ProjectInUse, path.Root("id"), fmt.Sprintf("Project %q is in use", state.Name.ValueString()),
					fmt.Sprintf("It had traffic in the last 7 days, and is about to be archived: its keys stop working, and it can never be restored. This month it has spent %s USD.", spend.Month[id].StringFixed(2)))
			}
		}
		return
	}
	if tfkit.Warns(ctx, r.Client, tfkit.ProjectWithoutLimit, req) && r.Client.Advice.Unlimited(ctx, id) {
		tfkit.Warn(resp, tfkit.ProjectWithoutLimit, path.Root("id"), "A project without a hard limit",
			fmt.Sprintf("Project %q has no hard limit, and may spend as much as the organisation may. Give it an openai_project_spend_limit.", state.Name.ValueString()))
	}
}
