package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/transport"
)

// UpgradeResourceState reads a state that this or another provider has written.
// The framework passes a state of the current version on as it is. Other
// providers write such states too, with values of other types.
func (s *Server) UpgradeResourceState(ctx context.Context, req *tfprotov6.UpgradeResourceStateRequest) (*tfprotov6.UpgradeResourceStateResponse, error) {
	s.announce(req.RawState)
	object, known := registry()[req.TypeName]
	if !known || req.RawState == nil || req.RawState.JSON == nil || req.Version > object.Schema.Version {
		return withOperation(transport.WithoutWrites(ctx), req, s.Framework.UpgradeResourceState)
	}
	var diags diag.Diagnostics
	state := object.Migrate(ctx, req.RawState, &diags)
	resp := &tfprotov6.UpgradeResourceStateResponse{}
	for _, d := range diags {
		resp.Diagnostics = append(resp.Diagnostics, protocolDiagnostic(d))
	}
	if diags.HasError() {
		return resp, nil
	}
	upgraded, err := tfprotov6.NewDynamicValue(object.Schema.Type().TerraformType(ctx), state)
	resp.UpgradedState = &upgraded
	return resp, err
}
