package key

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"

	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
)

var (
	_ lifecycle.Orphans = (*serviceAccountResource)(nil)
	_ lifecycle.Orphans = (*apiKeyResource)(nil)
	_ lifecycle.Rotates = (*apiKeyResource)(nil)
	_ lifecycle.Orphans = (*adminKeyResource)(nil)
)

// SearchOrphans searches for accounts of the project with the same name.
func (r *serviceAccountResource) SearchOrphans(ctx context.Context, plan tfsdk.Plan, diags *diag.Diagnostics) *lifecycle.OrphanSearch {
	if !lifecycle.Known(plan, "project_id", "name") {
		return nil
	}
	var planned serviceAccountModel
	diags.Append(plan.Get(ctx, &planned)...)
	project, name := planned.ProjectID.ValueString(), planned.Name.ValueString()
	return &lifecycle.OrphanSearch{
		Object: fmt.Sprintf("service account %q of project %s", name, project), Parents: []string{project}, ImportPrefix: project + "/",
		Find: func(ctx context.Context) ([]string, error) {
			return r.Client.ServiceAccounts.Orphans(ctx, project, name)
		},
	}
}

// SearchOrphans searches for keys of the account with the same name.
func (r *apiKeyResource) SearchOrphans(ctx context.Context, plan tfsdk.Plan, diags *diag.Diagnostics) *lifecycle.OrphanSearch {
	return r.searchOrphans(ctx, plan, 0, diags)
}

// SearchOrphansOfRotation searches for keys that an interrupted rotation may
// have created: younger than the key that is rotated.
func (r *apiKeyResource) SearchOrphansOfRotation(ctx context.Context, state tfsdk.State, plan tfsdk.Plan, diags *diag.Diagnostics) *lifecycle.OrphanSearch {
	var current apiKeyModel
	diags.Append(state.Get(ctx, &current)...)
	var planned apiKeyModel
	diags.Append(plan.Get(ctx, &planned)...)
	if planned.Generation.Equal(current.Generation) && !planned.replaces(&current) {
		return nil
	}
	return r.searchOrphans(ctx, plan, current.CreatedAt.ValueInt64(), diags)
}

func (r *apiKeyResource) searchOrphans(ctx context.Context, plan tfsdk.Plan, after int64, diags *diag.Diagnostics) *lifecycle.OrphanSearch {
	if !lifecycle.Known(plan, "project_id", "service_account_id", "name") {
		return nil
	}
	var planned apiKeyModel
	diags.Append(plan.Get(ctx, &planned)...)
	project, account, name := planned.ProjectID.ValueString(), planned.ServiceAccountID.ValueString(), planned.Name.ValueString()
	return &lifecycle.OrphanSearch{
		Object:  fmt.Sprintf("API key %q of service account %s of project %s", name, account, project),
		Parents: []string{project, account}, ImportPrefix: project + "/", RevokePath: "/organization/projects/" + project + "/api_keys/",
		Find: func(ctx context.Context) ([]string, error) {
			return r.Client.APIKeys.Orphans(ctx, project, account, name, after)
		},
	}
}

// SearchOrphans searches for admin keys with the same name.
func (r *adminKeyResource) SearchOrphans(ctx context.Context, plan tfsdk.Plan, diags *diag.Diagnostics) *lifecycle.OrphanSearch {
	if !lifecycle.Known(plan, "name") {
		return nil
	}
	var planned adminKeyModel
	diags.Append(plan.Get(ctx, &planned)...)
	name := planned.Name.ValueString()
	return &lifecycle.OrphanSearch{
		Object: fmt.Sprintf("admin API key %q", name), RevokePath: "/organization/admin_api_keys/",
		Find: func(ctx context.Context) ([]string, error) { return r.Client.AdminKeys.Orphans(ctx, name) },
	}
}
