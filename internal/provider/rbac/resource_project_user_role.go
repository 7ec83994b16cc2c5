package rbac

import (
	"cmp"
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/openai/openai-go/v3"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

type projectUserRoleModel struct {
	ProjectID types.String `tfsdk:"project_id"`
	UserID    types.String `tfsdk:"user_id"`
	assignmentModel
}

func (m *projectUserRoleModel) assignee() adminapi.Assignee {
	return adminapi.Assignee{Scope: m.ProjectID.ValueString(), UserID: m.UserID.ValueString()}
}

func projectUserRole() lifecycle.Setting[*projectUserRoleModel] {
	return assignment(lifecycle.Core[*projectUserRoleModel]{
		Type:     "project_user_role",
		Schema:   projectUserRoleSchema,
		Identity: []lifecycle.Identifier{byProject, byUser, byRole},
		List: lifecycle.ListProjects("The custom roles of users and service accounts in one project or in all projects, without roles of their groups. This takes one request for each of them in each project. `openai_project_user` and `openai_project_service_account` have their predefined roles.",
			"the roles of the users", projectUserRoles, listedProjectUserRole),
	}, "/projects/{project_id}/users/{user_id}/roles")
}

func projectUserRoleSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "A role of a user in a project, in addition to the roles of the user's groups. Creating the resource adopts a role that the user has already; the plan shows it. Other roles of the user do not change. A role that the user has only through a group does not count.",
		Attributes: assignmentAttributes("Id of the role of the project: a custom one (`role_…`, see `openai_project_role`), or `role-api-project-owner`, `role-api-project-member` or `role-api-project-viewer`.", map[string]schema.Attribute{
			"project_id": tfkit.ParentID("Id of the project (`proj_…`)."),
			"user_id":    tfkit.ParentID("Id of the user (`user-…`) or of the service account."),
		}),
	}
}

// projectUserRoles are the custom roles of the users and service accounts of a
// project.
func projectUserRoles(ctx context.Context, client *adminapi.Client, projectID string) ([]heldRole, error) {
	users, err := client.ProjectUsers.List(ctx, projectID)
	if err != nil {
		return nil, err
	}
	accounts, err := client.ServiceAccounts.List(ctx, projectID)
	if err != nil {
		return nil, err
	}
	var held []heldRole
	add := func(id, name string) error {
		roles, err := customAssignments(ctx, client, adminapi.Assignee{Scope: projectID, UserID: id})
		for _, role := range roles {
			held = append(held, heldRole{id, name, role})
		}
		return err
	}
	for _, user := range users {
		if err := add(user.ID, cmp.Or(user.Email, user.Name)); err != nil {
			return nil, err
		}
	}
	for _, account := range accounts {
		if err := add(account.ID, account.Name); err != nil {
			return nil, err
		}
	}
	return held, nil
}

func listedProjectUserRole(ctx context.Context, project *openai.Project, found *heldRole, diags *diag.Diagnostics) (string, *projectUserRoleModel) {
	return found.label(project), &projectUserRoleModel{types.StringValue(project.ID), types.StringValue(found.id), listedAssignment(ctx, &found.role, diags)}
}
