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

var _ list.ListResourceWithConfigure = (*userRoleList)(nil)

type userRoleList struct{ userRoleResource }

func newUserRoleList() list.ListResource { return &userRoleList{} }

func (l *userRoleList) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = tfkit.NoFilter("The custom roles of the organisation that its people and service accounts have themselves, with one request for each of them. Their predefined role is that of `openai_organization_member`.")
}

func (l *userRoleList) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	roles := func(ctx context.Context, user *openai.OrganizationUser) ([]adminapi.AssignedRole, error) {
		return customAssignments(ctx, l.Client, adminapi.Assignee{Scope: adminapi.WholeOrganization, UserID: user.ID})
	}
	tfkit.ListWithin(ctx, req, stream, "the roles of the users", l.Client.Users.List, roles,
		func(user *openai.OrganizationUser, role *adminapi.AssignedRole, diags *diag.Diagnostics) *tfkit.Listed {
			m := userRoleModel{UserID: types.StringValue(user.ID), assignmentModel: listedAssignment(ctx, role, diags)}
			return &tfkit.Listed{Name: role.Name + " of " + cmp.Or(user.Email, user.Name, user.ID), Model: m, Identity: m.identity()}
		})
}
