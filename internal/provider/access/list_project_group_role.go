package access

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/openai/openai-go/v3"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

var _ list.ListResourceWithConfigure = (*projectGroupRoleList)(nil)

type projectGroupRoleList struct{ projectGroupRoleResource }

func newProjectGroupRoleList() list.ListResource { return &projectGroupRoleList{} }

func (l *projectGroupRoleList) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = tfkit.ProjectFilter("The roles that groups have in one project or in all, beside the one that `openai_project_group` gives. With one more request for each group of a project.")
}

func (l *projectGroupRoleList) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	tfkit.ListProjects(ctx, req, stream, l.Client, "the roles of the groups", l.roles,
		func(project *openai.Project, found *heldRole, diags *diag.Diagnostics) *tfkit.Listed {
			m := projectGroupRoleModel{
				ProjectID: types.StringValue(project.ID), GroupID: types.StringValue(found.id), assignmentModel: listedAssignment(ctx, &found.role, diags),
			}
			return &tfkit.Listed{Name: found.label(project), Model: m, Identity: m.identity()}
		})
}

// roles are the roles of the groups of a project beside their main ones.
func (l *projectGroupRoleList) roles(ctx context.Context, projectID string) ([]heldRole, error) {
	groups, err := l.Client.ProjectGroups.List(ctx, projectID)
	if err != nil {
		return nil, err
	}
	var held []heldRole
	for _, group := range groups {
		roles, err := l.Client.RoleAssignments.List(ctx, adminapi.Assignee{Scope: projectID, GroupID: group.GroupID})
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
