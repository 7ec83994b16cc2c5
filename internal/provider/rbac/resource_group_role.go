package rbac

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

type groupRoleModel struct {
	GroupID types.String `tfsdk:"group_id"`
	assignmentModel
}

func (m *groupRoleModel) assignee() adminapi.Assignee {
	return adminapi.Assignee{Scope: adminapi.WholeOrganization, GroupID: m.GroupID.ValueString()}
}

func groupRole() lifecycle.Setting[*groupRoleModel] {
	return assignment(lifecycle.Core[*groupRoleModel]{
		Type:     "group_role",
		Schema:   groupRoleSchema,
		Identity: []lifecycle.Identifier{byGroup, byRole},
		Legacy:   lifecycle.Foreign{Types: []lifecycle.ForeignType{{Provider: lifecycle.Mkdev, Type: "openai_organization_group_role"}}},
		List: lifecycle.ListWithin("The organization roles of groups. This takes one request for each group.", "the roles of the groups",
			func(ctx context.Context, client *adminapi.Client) ([]adminapi.Group, error) {
				return client.Groups.List(ctx)
			},
			func(ctx context.Context, client *adminapi.Client, group *adminapi.Group) ([]adminapi.AssignedRole, error) {
				return client.RoleAssignments.List(ctx, adminapi.Assignee{Scope: adminapi.WholeOrganization, GroupID: group.ID})
			},
			func(ctx context.Context, group *adminapi.Group, role *adminapi.AssignedRole, diags *diag.Diagnostics) (string, *groupRoleModel) {
				return role.Name + " of " + group.Name, &groupRoleModel{types.StringValue(group.ID), listedAssignment(ctx, role, diags)}
			}),
	}, "/organization/groups/{group_id}/roles")
}

func groupRoleSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "A role of a group in the organization. All members of the group have it. Creating the resource adopts a role that the group has already; the plan shows it. Other roles of the group do not change.",
		Attributes: assignmentAttributes("Id of the role of the organization: a custom one (`role_…`, see `openai_role`), or `role-api-organization-owner` or `role-api-organization-reader`.", map[string]schema.Attribute{
			"group_id": tfkit.ParentID("Id of the group (`group_…`)."),
		}),
	}
}
