package tfkit

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// UpgradeForeignState takes over a state of version 0, which only another
// provider with the same type name writes: attributes of the same name are
// kept, others dropped, and what is missing is filled by the next read.
func UpgradeForeignState(current schema.Schema) map[int64]resource.StateUpgrader {
	return map[int64]resource.StateUpgrader{
		0: {StateUpgrader: func(ctx context.Context, req resource.UpgradeStateRequest, resp *resource.UpgradeStateResponse) {
			value, err := req.RawState.UnmarshalWithOpts(current.Type().TerraformType(ctx), tfprotov6.UnmarshalOpts{
				ValueFromJSONOpts: tftypes.ValueFromJSONOpts{IgnoreUndefinedAttributes: true},
			})
			if err != nil {
				resp.Diagnostics.AddError("The state could not be taken over", err.Error())
				return
			}
			resp.State = tfsdk.State{Schema: current, Raw: value}
		}},
	}
}
