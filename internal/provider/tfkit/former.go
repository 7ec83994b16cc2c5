package tfkit

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
)

// A setting that cannot be removed is put back when its resource is destroyed.
// What it was before is kept in the private state.

const formerKey = "former"

// SaveFormer keeps what a setting was before a resource changed it.
func SaveFormer(ctx context.Context, private PrivateWriter, former any, diags *diag.Diagnostics) {
	SavePrivate(ctx, private, formerKey, former, diags)
}

// ReadFormer returns that, and false when it is not known, as after an import.
func ReadFormer[T any](ctx context.Context, private PrivateReader, diags *diag.Diagnostics) (former T, known bool) {
	return ReadPrivate[T](ctx, private, formerKey, diags)
}

// AddLeft warns that a setting stays as it is although its resource is
// destroyed.
func AddLeft(diags *diag.Diagnostics, setting, reason string) {
	diags.AddWarning("A setting was left as it is", "Terraform no longer manages "+setting+", and did not change it: "+reason)
}
