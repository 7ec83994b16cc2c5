package lifecycle

import (
	"maps"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

// keepRestoreValues plans that an update keeps the values that destroy
// restores, null after an import. The framework would leave it unknown, or show
// a change where there is none.
func keepRestoreValues(req *resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	planned, prior := valuesOf(resp.Plan.Raw), valuesOf(req.State.Raw)
	kept, ok := prior[tfkit.RestoreName]
	if !ok || planned == nil {
		return
	}
	values := maps.Clone(planned)
	values[tfkit.RestoreName] = kept
	resp.Plan.Raw = tftypes.NewValue(resp.Plan.Raw.Type(), map[string]tftypes.Value(values))
	req.Plan.Raw = resp.Plan.Raw
}
