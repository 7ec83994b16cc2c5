package access

import (
	"cmp"
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/openai/openai-go/v3"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

var _ list.ListResourceWithConfigure = (*projectUserRoleList)(nil)

type projectUserRoleList struct{ projectUserRoleResource }

func newProjectUserRoleList() list.ListResource { return &projectUserRoleList{} }

func (l *projectUserRoleList) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = tfkit.ProjectFilter("The custom roles that people and service accounts have themselves in one project or in all, with one request for each of them in each project. Their predefined role is that of `openai_project_user` or `openai_project_service_account`.")
}

func (l *projectUserRoleList) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	tfkit.ListProjects(ctx, req, stream, l.Client, "the roles of the users", l.roles,
		func(project *openai.Project, found *heldRole, diags *diag.Diagnostics) *tfkit.Listed {
			m := projectUserRoleModel{
				ProjectID: types.StringValue(project.ID), UserID: types.StringValue(found.id), assignmentModel: listedAssignment(ctx, &found.role, diags),
			}
			return &tfkit.Listed{Name: found.label(project), Model: m, Identity: m.identity()}
		})
}

// roles are the custom roles of the people and service accounts of a project.
func (l *projectUserRoleList) roles(ctx context.Context, projectID string) ([]heldRole, error) {
	users, err := l.Client.ProjectUsers.List(ctx, projectID)
	if err != nil {
		return nil, err
	}
	accounts, err := l.Client.ServiceAccounts.List(ctx, projectID)
	if err != nil {
		return nil, err
	}
	var held []heldRole
	add := func(id, name string) error {
		roles, err := customAssignments(ctx, l.Client, adminapi.Assignee{Scope: projectID, UserID: id})
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
