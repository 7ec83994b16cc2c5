package trust

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"

	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
)

var (
	_ lifecycle.Orphans = (*externalKeyResource)(nil)
	_ lifecycle.Orphans = (*externalStorageResource)(nil)
)

// SearchOrphans searches for registrations of the same key with the same name.
func (r *externalKeyResource) SearchOrphans(ctx context.Context, plan tfsdk.Plan, diags *diag.Diagnostics) *lifecycle.OrphanSearch {
	if !lifecycle.Known(plan, append(slices.Collect(maps.Keys(keyFieldDescriptions)), "name")...) {
		return nil
	}
	var planned externalKeyModel
	diags.Append(plan.Get(ctx, &planned)...)
	wanted := planned.wanted()
	return &lifecycle.OrphanSearch{
		Object: fmt.Sprintf("external key %q", wanted.Name),
		Find:   func(ctx context.Context) ([]string, error) { return r.Client.ExternalKeys.Orphans(ctx, wanted) },
	}
}

// SearchOrphans searches for registrations of the same storage for the project.
func (r *externalStorageResource) SearchOrphans(ctx context.Context, plan tfsdk.Plan, diags *diag.Diagnostics) *lifecycle.OrphanSearch {
	if !lifecycle.Known(plan, "project_id", "aws", "azure", "gcp", "oci") {
		return nil
	}
	var planned externalStorageModel
	diags.Append(plan.Get(ctx, &planned)...)
	project, place := planned.ProjectID.ValueString(), planned.value()
	return &lifecycle.OrphanSearch{
		Object: fmt.Sprintf("external storage %s of project %s", place.Bucket+place.Container, project), Parents: []string{project},
		Find: func(ctx context.Context) ([]string, error) {
			return r.Client.ExternalStorages.Orphans(ctx, project, place)
		},
	}
}
