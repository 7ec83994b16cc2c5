package access

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
)

var (
	_ lifecycle.Orphans = (*groupResource)(nil)
	_ lifecycle.Orphans = (*roleResource)(nil)
	_ lifecycle.Orphans = (*projectRoleResource)(nil)
)

// SearchOrphans searches for groups with the same name.
func (r *groupResource) SearchOrphans(ctx context.Context, plan tfsdk.Plan, diags *diag.Diagnostics) *lifecycle.OrphanSearch {
	if !lifecycle.Known(plan, "name") {
		return nil
	}
	var planned groupModel
	diags.Append(plan.Get(ctx, &planned)...)
	name := planned.Name.ValueString()
	return &lifecycle.OrphanSearch{
		Object: fmt.Sprintf("group %q", name),
		Find:   func(ctx context.Context) ([]string, error) { return r.Client.Groups.Orphans(ctx, name) },
	}
}

// SearchOrphans searches for the role of the organization with the same name.
func (r *roleResource) SearchOrphans(ctx context.Context, plan tfsdk.Plan, diags *diag.Diagnostics) *lifecycle.OrphanSearch {
	if !lifecycle.Known(plan, "role_name") {
		return nil
	}
	var planned roleModel
	diags.Append(plan.Get(ctx, &planned)...)
	return planned.searchOrphans(r.Client, adminapi.WholeOrganization)
}

// SearchOrphans searches for the role of the project with the same name.
func (r *projectRoleResource) SearchOrphans(ctx context.Context, plan tfsdk.Plan, diags *diag.Diagnostics) *lifecycle.OrphanSearch {
	if !lifecycle.Known(plan, "project_id", "role_name") {
		return nil
	}
	var planned projectRoleModel
	diags.Append(plan.Get(ctx, &planned)...)
	project := planned.ProjectID.ValueString()
	search := planned.searchOrphans(r.Client, project)
	search.Parents, search.ImportPrefix = []string{project}, project+"/"
	return search
}

func (m *roleModel) searchOrphans(client *adminapi.Client, scope string) *lifecycle.OrphanSearch {
	name := m.RoleName.ValueString()
	return &lifecycle.OrphanSearch{
		Object: fmt.Sprintf("role %q of %s", name, scopeLabel(scope)),
		Find:   func(ctx context.Context) ([]string, error) { return client.Roles.Orphans(ctx, scope, name) },
	}
}
