package tfkit

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
)

// keepSame is the plan modifier of texts that can say the same in several ways.
type keepSame struct {
	description string
	same        func(a, b string) bool
}

// KeepSame keeps the text in state when the configured one is equivalent, so
// that another spelling is no change.
func KeepSame(description string, same func(a, b string) bool) planmodifier.String {
	return keepSame{description, same}
}

func (k keepSame) Description(context.Context) string         { return k.description }
func (k keepSame) MarkdownDescription(context.Context) string { return k.description }

func (k keepSame) PlanModifyString(_ context.Context, req planmodifier.StringRequest, resp *planmodifier.StringResponse) {
	if req.StateValue.IsNull() || req.PlanValue.IsNull() || req.PlanValue.IsUnknown() {
		return
	}
	if k.same(req.StateValue.ValueString(), req.PlanValue.ValueString()) {
		resp.PlanValue = req.StateValue
	}
}
