package limit

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/shopspring/decimal"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

var amountAt = path.Root("threshold_amount")

// scopeAndAmount are what a limit or an alert belongs to, and its cents, in the
// plan or, for one that is removed, in the state.
func scopeAndAmount(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse, scope string) (types.String, types.Int64) {
	project, amount := types.StringValue(scope), types.Int64Null()
	get := resp.Plan.GetAttribute
	if req.Plan.Raw.IsNull() {
		get = req.State.GetAttribute
	}
	if scope != adminapi.WholeOrganization {
		resp.Diagnostics.Append(get(ctx, path.Root("project_id"), &project)...)
	}
	resp.Diagnostics.Append(get(ctx, amountAt, &amount)...)
	return project, amount
}

// aProject stands for the project of a limit where its id is in project_id.
const aProject = "project_id"

// adviseOnLimit warns of limits that stop the traffic, or hardly anything.
// scope is WholeOrganization or aProject.
func adviseOnLimit(ctx context.Context, client *adminapi.Client, scope string, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	project, amount := scopeAndAmount(ctx, req, resp, scope)
	if client == nil || resp.Diagnostics.HasError() {
		return
	}
	if req.Plan.Raw.IsNull() {
		if scope == aProject && tfkit.Warns(ctx, client, tfkit.ProjectWithoutLimit, req) {
			tfkit.Warn(resp, tfkit.ProjectWithoutLimit, path.Root("project_id"), "A project without a hard limit",
				fmt.Sprintf("Project %s loses its hard limit of %s a month. Unless the project goes as well, it may spend as much as the organisation may.", project.ValueString(), dollarsOf(amount.ValueInt64())))
		}
		return
	}
	var former types.Int64
	if !req.State.Raw.IsNull() {
		resp.Diagnostics.Append(req.State.GetAttribute(ctx, amountAt, &former)...)
	}
	if amount.IsUnknown() || project.IsUnknown() {
		return
	}
	if req.State.Raw.IsNull() {
		// A create overwrites a limit that is set already.
		if existing, err := client.SpendLimits.Existing(ctx, project.ValueString()); err == nil && existing != nil {
			former = types.Int64Value(existing.ThresholdAmount)
		}
	}
	planned := amount.ValueInt64()
	limit := adminapi.PlannedAmount{Cents: planned, Acknowledged: !tfkit.Warns(ctx, client, tfkit.AlertAboveLimit, req)}
	for _, alert := range client.Advice.PlanLimit(project.ValueString(), limit) {
		warnOfAlert(project.ValueString(), alert, limit, resp)
	}
	if planned == former.ValueInt64() {
		return
	}
	if was := former.ValueInt64(); was > 0 && planned > 10*was && tfkit.Warns(ctx, client, tfkit.LimitRaisedTenfold, req) {
		tfkit.Warn(resp, tfkit.LimitRaisedTenfold, amountAt, "The hard limit of "+scopeLabel(project.ValueString())+" is raised more than tenfold",
			fmt.Sprintf("It goes from %s to %s a month. One leaked key or one loop may cost that much before anything stops it.", dollarsOf(was), dollarsOf(planned)))
	}
	if tfkit.Warns(ctx, client, tfkit.LimitBelowSpend, req) {
		warnOfSpend(ctx, client, project.ValueString(), planned, resp)
	}
}

func warnOfSpend(ctx context.Context, client *adminapi.Client, scope string, planned int64, resp *resource.ModifyPlanResponse) {
	spend := client.Advice.Spend(ctx)
	if spend == nil {
		return
	}
	spent := spend.Month[scope]
	if spent.Shift(2).GreaterThanOrEqual(decimal.NewFromInt(planned)) {
		tfkit.Warn(resp, tfkit.LimitBelowSpend, amountAt, "The hard limit of "+scopeLabel(scope)+" is below what is spent already",
			fmt.Sprintf("%s USD are spent this month, and the limit will be %s. Calls are refused as soon as it is applied, until the month ends.", spent.StringFixed(2), dollarsOf(planned)))
	}
}

// adviseOnAlert warns of an alert that comes after the hard limit.
func adviseOnAlert(ctx context.Context, client *adminapi.Client, scope string, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if client == nil || req.Plan.Raw.IsNull() {
		return
	}
	project, amount := scopeAndAmount(ctx, req, resp, scope)
	if resp.Diagnostics.HasError() || amount.IsUnknown() || project.IsUnknown() {
		return
	}
	alert := adminapi.PlannedAmount{Cents: amount.ValueInt64(), Acknowledged: !tfkit.Warns(ctx, client, tfkit.AlertAboveLimit, req)}
	if limit, planned := client.Advice.PlanAlert(project.ValueString(), alert); planned {
		warnOfAlert(project.ValueString(), alert, limit, resp)
	}
}

// warnOfAlert is called for each pair of alert and limit, with whichever is
// planned later.
func warnOfAlert(scope string, alert, limit adminapi.PlannedAmount, resp *resource.ModifyPlanResponse) {
	if alert.Cents < limit.Cents || alert.Acknowledged || limit.Acknowledged {
		return
	}
	tfkit.Warn(resp, tfkit.AlertAboveLimit, amountAt, "An alert of "+scopeLabel(scope)+" can never come first",
		fmt.Sprintf("The alert is at %s, and the hard limit at %s: calls are refused before anybody is told.", dollarsOf(alert.Cents), dollarsOf(limit.Cents)))
}

func scopeLabel(scope string) string {
	if scope == adminapi.WholeOrganization {
		return "the organisation"
	}
	return "project " + scope
}

func dollarsOf(cents int64) string { return decimal.New(cents, -2).StringFixed(2) + " USD" }
