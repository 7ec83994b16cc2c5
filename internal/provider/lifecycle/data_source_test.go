package lifecycle

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

type doorData struct {
	DoorID types.String `tfsdk:"door_id"`
	Open   types.Bool   `tfsdk:"open"`
}

// A read completes the configuration. Its error is reported with the label of
// the configuration, and leaves no state.
func TestDataSource(t *testing.T) {
	read := func(t *testing.T, failure error) datasource.ReadResponse {
		source := DataSource[*doorData]{
			Type: "door",
			Schema: schema.Schema{Attributes: map[string]schema.Attribute{
				"door_id": Parameter("Id of the door."),
				"open":    schema.BoolAttribute{Computed: true},
			}},
			Label: func(d *doorData) string { return "door " + d.DoorID.ValueString() },
			Read: func(_ context.Context, call *DataCall[*doorData]) error {
				call.Data.DoorID, call.Data.Open = types.StringValue("door_2"), types.BoolValue(true)
				return failure
			},
		}
		object := source.Schema.Type().TerraformType(t.Context())
		config := tftypes.NewValue(object, map[string]tftypes.Value{
			"door_id": tftypes.NewValue(tftypes.String, "door_1"), "open": tftypes.NewValue(tftypes.Bool, nil),
		})
		resp := datasource.ReadResponse{State: tfsdk.State{Schema: source.Schema, Raw: tftypes.NewValue(object, nil)}}
		source.DataSource().Read(t.Context(), datasource.ReadRequest{Config: tfsdk.Config{Schema: source.Schema, Raw: config}}, &resp)
		return resp
	}
	t.Run("success", func(t *testing.T) {
		resp := read(t, nil)
		var open types.Bool
		if diags := resp.State.GetAttribute(t.Context(), path.Root("open"), &open); resp.Diagnostics.HasError() || diags.HasError() || !open.ValueBool() {
			t.Error(resp.Diagnostics, diags, open)
		}
	})
	t.Run("error", func(t *testing.T) {
		resp := read(t, errors.New("locked"))
		if !resp.State.Raw.IsNull() {
			t.Error("there is a state")
		}
		if len(resp.Diagnostics) != 1 || !strings.Contains(resp.Diagnostics[0].Detail(), "door door_1: locked") {
			t.Error(resp.Diagnostics)
		}
	})
}
