package provider

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
)

// stateIDs are the attributes that hold the ids of objects in a state.
type stateIDs struct {
	ID                string `json:"id"`
	PreviousID        string `json:"previous_id"`
	ExternalKeyID     string `json:"external_key_id"`
	ExternalStorageID string `json:"external_storage_id"`
	// ExpiringKeys has the ids of keys that earlier rotations replaced.
	ExpiringKeys map[string]int64 `json:"expiring_keys"`
}

// announce records the objects of a state. Terraform passes each state to
// UpgradeResourceState before it reads or plans the object, also without a
// refresh.
func (s *Server) announce(state *tfprotov6.RawState) {
	client := s.provider.client.Load()
	var ids stateIDs
	if client == nil || state == nil {
		return
	}
	// An attribute of another type, as other providers may have, is left out.
	_ = json.Unmarshal(state.JSON, &ids)
	for _, id := range []string{ids.ID, ids.PreviousID, ids.ExternalKeyID, ids.ExternalStorageID} {
		client.Know(id)
	}
	for id := range ids.ExpiringKeys {
		client.Know(id)
	}
}

// planReplacement adds the diagnostics about the objects that a replacement
// destroys and creates.
func (s *Server) planReplacement(ctx context.Context, replacement *lifecycle.Replacement, req *tfprotov6.PlanResourceChangeRequest, resp *tfprotov6.PlanResourceChangeResponse) {
	if len(resp.RequiresReplace) == 0 || hasError(resp.Diagnostics) {
		return
	}
	if object, known := registry()[req.TypeName]; known {
		kind := object.Schema.Type().TerraformType(ctx)
		nothing, err := tfprotov6.NewDynamicValue(kind, tftypes.NewValue(kind, nil))
		if err != nil {
			return // null has a value of every type
		}
		destroyed := *req
		destroyed.Config, destroyed.ProposedNewState = &nothing, &nothing
		if _, err := s.Framework.PlanResourceChange(ctx, &destroyed); err != nil {
			return // the plan of the replacement itself reports it
		}
	}
	created := *req
	created.PriorState, created.PriorPrivate, created.PriorIdentity = nil, nil, nil
	created.ProposedNewState = resp.PlannedState
	if _, err := s.Framework.PlanResourceChange(ctx, &created); err != nil {
		return // the plan of the replacement itself reports it
	}
	for _, d := range replacement.Diags {
		known := func(shown *tfprotov6.Diagnostic) bool {
			return shown.Summary == d.Summary() && shown.Detail == d.Detail()
		}
		if !slices.ContainsFunc(resp.Diagnostics, known) {
			resp.Diagnostics = append(resp.Diagnostics, protocolDiagnostic(d))
		}
	}
}

// protocolDiagnostic is a diagnostic without its attribute, for Terraform.
func protocolDiagnostic(d diag.Diagnostic) *tfprotov6.Diagnostic {
	severity := tfprotov6.DiagnosticSeverityWarning
	if d.Severity() == diag.SeverityError {
		severity = tfprotov6.DiagnosticSeverityError
	}
	return &tfprotov6.Diagnostic{Severity: severity, Summary: d.Summary(), Detail: d.Detail()}
}

func hasError(diags []*tfprotov6.Diagnostic) bool {
	for _, d := range diags {
		if d.Severity == tfprotov6.DiagnosticSeverityError {
			return true
		}
	}
	return false
}
