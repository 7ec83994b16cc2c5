package project

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"

	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
)

var _ lifecycle.Orphans = (*projectResource)(nil)

// SearchOrphans searches for projects with the same name and settings.
func (r *projectResource) SearchOrphans(ctx context.Context, plan tfsdk.Plan, diags *diag.Diagnostics) *lifecycle.OrphanSearch {
	if !lifecycle.Known(plan, "name", "external_key_id") {
		return nil
	}
	var planned projectModel
	diags.Append(plan.Get(ctx, &planned)...)
	return &lifecycle.OrphanSearch{
		Object: fmt.Sprintf("project %q", planned.Name.ValueString()),
		Find:   func(ctx context.Context) ([]string, error) { return r.Client.Projects.Orphans(ctx, planned.wanted()) },
	}
}
