package tfkit

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// A setting that cannot be removed is restored when its resource is destroyed.
// Its previous values are kept in the state, under this name.

// RestoreName is the name of the attribute.
const RestoreName = "restore_values"

const restoreDescription = "Values from before this resource changed them. `terraform destroy` restores them. Null after an import: `terraform destroy` then changes nothing."

// RestoreMap is the attribute of a setting whose values are of one type.
func RestoreMap(element attr.Type) schema.MapAttribute {
	return schema.MapAttribute{MarkdownDescription: restoreDescription, ElementType: element, Computed: true}
}

// RestoreObject is the attribute of a setting with values of several types.
func RestoreObject(attributes map[string]attr.Type) schema.ObjectAttribute {
	return schema.ObjectAttribute{MarkdownDescription: restoreDescription, AttributeTypes: attributes, Computed: true}
}

// RestoreValues are values of one type under their names.
func RestoreValues[T any](ctx context.Context, element attr.Type, values map[string]T, diags *diag.Diagnostics) types.Map {
	value, problems := types.MapValueFrom(ctx, element, values)
	diags.Append(problems...)
	return value
}

// ReadRestoreValues returns those values, and false when they are not known, as
// after an import.
func ReadRestoreValues[T any](ctx context.Context, value types.Map, diags *diag.Diagnostics) (values map[string]T, known bool) {
	if value.IsNull() || value.IsUnknown() {
		return nil, false
	}
	diags.Append(value.ElementsAs(ctx, &values, false)...)
	return values, true
}

// AddLeft warns that a setting stays as it is although its resource is
// destroyed.
func AddLeft(diags *diag.Diagnostics, setting, reason string) {
	diags.AddWarning("Setting was left unchanged", "Terraform no longer manages "+setting+", and did not change it: "+reason)
}
