package tfkit

import (
	"context"
	"encoding/json"

	"github.com/hashicorp/terraform-plugin-framework/diag"
)

// A setting that cannot be removed is put back when its resource is destroyed.
// What it was before is kept in the private state.

const formerKey = "former"

// SaveFormer keeps what a setting was before a resource changed it.
func SaveFormer(ctx context.Context, private PrivateWriter, former any, diags *diag.Diagnostics) {
	data, err := json.Marshal(former)
	if err != nil {
		diags.AddError("The private state cannot be written", err.Error())
		return
	}
	diags.Append(private.SetKey(ctx, formerKey, data)...)
}

// ReadFormer returns that, and false when it is not known, as after an import.
func ReadFormer[T any](ctx context.Context, private PrivateReader, diags *diag.Diagnostics) (former T, known bool) {
	data, problems := private.GetKey(ctx, formerKey)
	diags.Append(problems...)
	if len(data) == 0 {
		return former, false
	}
	if err := json.Unmarshal(data, &former); err != nil {
		diags.AddError("The private state cannot be read", err.Error())
		return former, false
	}
	return former, true
}

// AddLeft warns that a setting stays as it is although its resource is
// destroyed.
func AddLeft(diags *diag.Diagnostics, setting, reason string) {
	diags.AddWarning("A setting was left as it is", "Terraform no longer manages "+setting+", and did not change it: "+reason)
}
