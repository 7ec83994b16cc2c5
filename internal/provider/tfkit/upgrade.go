package tfkit

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
)

// UpgradeForeignState takes over a state of version 0, which only another
// provider with the same type name writes.
func UpgradeForeignState(current schema.Schema, foreign ...Foreign) map[int64]resource.StateUpgrader {
	var other Foreign
	if len(foreign) > 0 {
		other = foreign[0]
	}
	return map[int64]resource.StateUpgrader{
		0: {StateUpgrader: func(ctx context.Context, req resource.UpgradeStateRequest, resp *resource.UpgradeStateResponse) {
			state := other.take(ctx, current, req.RawState, &resp.Diagnostics)
			if !resp.Diagnostics.HasError() {
				resp.State = tfsdk.State{Schema: current, Raw: state}
			}
		}},
	}
}
