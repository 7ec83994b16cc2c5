package lifecycle

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
)

func (k *kernel[M]) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	defer planTimes(req, resp)
	switch replacement := replacementOf(ctx); {
	case replacement.isCreate(req):
		k.planCreate(ctx, replacement, req, resp)
		return
	case replacement.isDestroy(req):
		k.planDestroy(ctx, replacement, req, resp)
		return
	case replacement != nil:
		replacement.begin(k.Paths(ctx, req.State.Raw))
	}
	keepRestoreValues(&req, resp)
	keepSpelling(&req, resp)
	planTimeouts(&req, resp)
	if !k.checkPlannedOrganization(ctx, req, &resp.Diagnostics) {
		return
	}
	if req.Plan.Raw.IsNull() && k.client != nil && k.client.Ownership.IsOwned(k.Paths(ctx, req.State.Raw).Names...) {
		return // Terraform plans the destruction again while it applies: the object stays, as Delete will say
	}
	k.plan(ctx, req, resp)
	k.checkOrphans(ctx, req, resp.Plan, &resp.Diagnostics)
	k.recordPlan(ctx, req, resp)
	k.warnOfExisting(ctx, req, resp)
}

// plan calls the hook of a plan.
func (k *kernel[M]) plan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if k.core.Plan == nil {
		return
	}
	call := &Call[M]{
		Client:    k.client,
		Config:    model[M](ctx, tfsdk.State(req.Config), &resp.Diagnostics),
		Plan:      model[M](ctx, tfsdk.State(req.Plan), &resp.Diagnostics),
		State:     model[M](ctx, req.State, &resp.Diagnostics),
		Diags:     &resp.Diagnostics,
		planned:   req.Plan.Raw,
		unchanged: sameObject(req.Plan.Raw, req.State.Raw),
		replaces:  &resp.RequiresReplace,
	}
	if resp.Diagnostics.HasError() {
		return
	}
	object := req.Plan.Raw
	if object.IsNull() {
		object = req.State.Raw
	}
	call.suppressed, _ = valuesOf(object).Texts("suppress_warnings")
	k.core.Plan(ctx, call)
	if call.HasPlan() && !resp.Diagnostics.HasError() {
		planned := tfsdk.State(resp.Plan)
		put(ctx, call.Plan, &planned, resp.Plan.Raw, &resp.Diagnostics)
		resp.Plan = tfsdk.Plan(planned)
	}
}

// planCall is the call of a hook while planning. Config and State are nil until
// they are set.
func (k *kernel[M]) planCall(ctx context.Context, plan tfsdk.Plan, diags *diag.Diagnostics) *Call[M] {
	return &Call[M]{Client: k.client, Plan: model[M](ctx, tfsdk.State(plan), diags), Diags: diags, planned: plan.Raw}
}
