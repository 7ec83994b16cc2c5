package provider

import (
	"context"
	"encoding/json"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/transport"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
)

// upgradeOtherTypes upgrades a state of the current schema version that the
// framework refuses because another provider has written values of other types.
// Computed attributes with such values are dropped.
func (s *Server) upgradeOtherTypes(ctx context.Context, req *tfprotov6.UpgradeResourceStateRequest, failed *tfprotov6.UpgradeResourceStateResponse) (*tfprotov6.UpgradeResourceStateResponse, error) {
	var values map[string]json.RawMessage
	object, known := registry()[req.TypeName]
	current := object.Schema
	if !known || req.RawState == nil || req.Version != current.Version {
		return failed, nil
	}
	if err := json.Unmarshal(req.RawState.JSON, &values); err != nil {
		return failed, nil //nolint:nilerr // the answer has the framework's error
	}
	dropped, refused := lifecycle.DropOtherTypes(ctx, current, values)
	if len(refused) > 0 {
		summary, detail := lifecycle.OtherTypes(refused)
		failed.Diagnostics = []*tfprotov6.Diagnostic{{Severity: tfprotov6.DiagnosticSeverityError, Summary: summary, Detail: detail}}
		return failed, nil
	}
	if dropped == 0 {
		return failed, nil
	}
	kept, err := json.Marshal(values)
	if err != nil {
		return nil, err
	}
	cleaned := *req
	cleaned.RawState = &tfprotov6.RawState{JSON: kept}
	return withOperation(transport.WithoutWrites(ctx), &cleaned, s.Framework.UpgradeResourceState)
}
