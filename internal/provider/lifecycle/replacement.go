package lifecycle

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
)

// Replacement collects the diagnostics of the plan of a replacement about both
// of its objects. Terraform plans the create apart, but drops the warnings of
// that plan, and plans no destruction. Both are planned once more for their
// warnings. With
// -replace, Terraform plans the destruction before the provider sees the replacement.
type Replacement struct {
	// Diags are the warnings and errors about both objects.
	Diags diag.Diagnostics

	begun    bool
	previous Paths
}

type replacementKey struct{}

// WithReplacement returns a context for the plan of an object, and for that of
// its replacement, which follows with no prior state.
func WithReplacement(ctx context.Context, replacement *Replacement) context.Context {
	return context.WithValue(ctx, replacementKey{}, replacement)
}

// replacementOf returns the argument of WithReplacement, nil without it.
func replacementOf(ctx context.Context) *Replacement {
	replacement, _ := ctx.Value(replacementKey{}).(*Replacement)
	return replacement
}

// begin records the paths of the object that may be replaced.
func (r *Replacement) begin(previous Paths) { r.begun, r.previous = true, previous }

// isCreate reports whether a plan is that of the create that follows.
func (r *Replacement) isCreate(req resource.ModifyPlanRequest) bool {
	return r != nil && r.begun && req.State.Raw.IsNull()
}

// isDestroy reports whether a plan is that of the destruction that follows.
func (r *Replacement) isDestroy(req resource.ModifyPlanRequest) bool {
	return r != nil && r.begun && req.Plan.Raw.IsNull()
}

// planCreate searches for orphans of the object that a replacement creates, and
// for the values that it overwrites or adopts when it is another object than
// before.
func (k *kernel[M]) planCreate(ctx context.Context, replacement *Replacement, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	k.checkOrphans(ctx, req, req.Plan, &replacement.Diags)
	k.plan(ctx, req, resp)
	// Terraform drops the warnings of its own plan of the create.
	replacement.Diags.Append(resp.Diagnostics.Warnings()...)
	if resp.Diagnostics.HasError() || !k.Paths(ctx, resp.Plan.Raw).IsOther(replacement.previous) {
		return
	}
	found := resource.ModifyPlanResponse{Plan: resp.Plan}
	k.warnOfExisting(ctx, req, &found)
	replacement.Diags.Append(found.Diagnostics...)
}

// planDestroy reports the warnings of the plan of a destruction.
func (k *kernel[M]) planDestroy(ctx context.Context, replacement *Replacement, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	k.plan(ctx, req, resp)
	replacement.Diags.Append(resp.Diagnostics.Warnings()...)
}
