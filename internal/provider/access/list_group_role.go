package access

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

var _ list.ListResourceWithConfigure = (*groupRoleList)(nil)

type groupRoleList struct{ groupRoleResource }

func newGroupRoleList() list.ListResource { return &groupRoleList{} }

func (l *groupRoleList) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = tfkit.NoFilter("The roles of the organisation that its groups have, with one request for each group.")
}

func (l *groupRoleList) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	roles := func(ctx context.Context, group *adminapi.Group) ([]adminapi.AssignedRole, error) {
		return l.Client.RoleAssignments.List(ctx, adminapi.Assignee{Scope: adminapi.WholeOrganization, GroupID: group.ID})
	}
	tfkit.ListWithin(ctx, req, stream, "the roles of the groups", l.Client.Groups.List, roles,
		func(group *adminapi.Group, role *adminapi.AssignedRole, diags *diag.Diagnostics) *tfkit.Listed {
			m := groupRoleModel{GroupID: types.StringValue(group.ID), assignmentModel: listedAssignment(ctx, role, diags)}
			return &tfkit.Listed{Name: role.Name + " of " + group.Name, Model: m, Identity: m.identity()}
		})
}
