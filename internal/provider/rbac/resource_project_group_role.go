package rbac

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/openai/openai-go/v3"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

type projectGroupRoleModel struct {
	ProjectID types.String `tfsdk:"project_id"`
	GroupID   types.String `tfsdk:"group_id"`
	assignmentModel
}

func (m *projectGroupRoleModel) assignee() adminapi.Assignee {
	return adminapi.Assignee{Scope: m.ProjectID.ValueString(), GroupID: m.GroupID.ValueString()}
}

func projectGroupRole() lifecycle.Setting[*projectGroupRoleModel] {
	return assignment(lifecycle.Core[*projectGroupRoleModel]{
		Type:     "project_group_role",
		Schema:   projectGroupRoleSchema,
		Identity: []lifecycle.Identifier{byProject, byGroup, byRole},
		List: lifecycle.ListProjects("The roles that groups have in one project or in all projects, except the role that `openai_project_group` assigns. This takes one request for each group of a project.",
			"the roles of the groups", projectGroupRoles, listedProjectGroupRole),
	}, "/projects/{project_id}/groups/{group_id}/roles")
}

func projectGroupRoleSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "A role of a group in a project, in addition to the role that `openai_project_group` assigns. All members of the group have it. Creating the resource adopts a role that the group has already; the plan shows it. Other roles of the group do not change.",
		Attributes: assignmentAttributes("Id of the role of the project: a custom one (`role_…`, see `openai_project_role`), or `role-api-project-owner`, `role-api-project-member` or `role-api-project-viewer`.", map[string]schema.Attribute{
			"project_id": tfkit.ParentID("Id of the project (`proj_…`)."),
			"group_id":   tfkit.ParentID("Id of the group (`group_…`)."),
		}),
	}
}

// projectGroupRoles are the roles of the groups of a project, except their main
// ones.
func projectGroupRoles(ctx context.Context, client *adminapi.Client, projectID string) ([]heldRole, error) {
	groups, err := client.ProjectGroups.List(ctx, projectID)
	if err != nil {
		return nil, err
	}
	var held []heldRole
	for _, group := range groups {
		roles, err := client.RoleAssignments.List(ctx, adminapi.Assignee{Scope: projectID, GroupID: group.GroupID})
		if err != nil {
			return nil, err
		}
		main := mainRole(roles).ValueString()
		for _, role := range roles {
			if !adminapi.SameRole(role.ID, main) {
				held = append(held, heldRole{group.GroupID, types.StringPointerValue(group.Name).ValueString(), role})
			}
		}
	}
	return held, nil
}

func listedProjectGroupRole(ctx context.Context, project *openai.Project, found *heldRole, diags *diag.Diagnostics) (string, *projectGroupRoleModel) {
	return found.label(project), &projectGroupRoleModel{types.StringValue(project.ID), types.StringValue(found.id), listedAssignment(ctx, &found.role, diags)}
}
