package access

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

var (
	_ resource.ResourceWithConfigure    = (*groupRoleResource)(nil)
	_ resource.ResourceWithImportState  = (*groupRoleResource)(nil)
	_ resource.ResourceWithIdentity     = (*groupRoleResource)(nil)
	_ resource.ResourceWithUpgradeState = (*groupRoleResource)(nil)
	_ resource.ResourceWithMoveState    = (*groupRoleResource)(nil)
)

type groupRoleResource struct {
	assignmentResource[groupRoleModel, *groupRoleModel]
}

func newGroupRoleResource() resource.Resource { return &groupRoleResource{} }

func (r *groupRoleResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_group_role"
}

func (r *groupRoleResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = groupRoleSchema()
}

func groupRoleSchema() schema.Schema {
	return schema.Schema{
		Version:             tfkit.SchemaVersion,
		MarkdownDescription: "A role of the organisation that a group has, and all of its members through it. A role that the group has already is adopted; the plan says so. Roles of the group that are not configured are left alone.",
		Attributes: assignmentAttributes("Id of the role of the organisation: a custom one (`role_…`, see `openai_role`), or `role-api-organization-owner` or `role-api-organization-reader`.", map[string]schema.Attribute{
			"group_id": tfkit.ParentID("Id of the group (`group_…`)."),
		}),
	}
}

func (r *groupRoleResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"group_id": tfkit.IdentityAttribute("Id of the group."),
		"role_id":  tfkit.IdentityAttribute("Id of the role."),
	}}
}

func (r *groupRoleResource) UpgradeState(context.Context) map[int64]resource.StateUpgrader {
	return tfkit.UpgradeForeignState(groupRoleSchema(), groupRoleElsewhere)
}

var groupRoleElsewhere = tfkit.Foreign{
	Type:  "openai_group_role",
	Types: []tfkit.ForeignType{{Provider: tfkit.Jianyuan, Type: "openai_group_role_assignment"}, {Provider: tfkit.Mkdev, Type: "openai_organization_group_role"}},
}

func (r *groupRoleResource) MoveState(context.Context) []resource.StateMover {
	return tfkit.MoveForeignState(groupRoleSchema(), groupRoleElsewhere)
}

type groupRoleModel struct {
	GroupID types.String `tfsdk:"group_id"`
	assignmentModel
}

func (m *groupRoleModel) assignee() adminapi.Assignee {
	return adminapi.Assignee{Scope: adminapi.WholeOrganization, GroupID: m.GroupID.ValueString()}
}

func (m *groupRoleModel) identity() map[string]types.String {
	return map[string]types.String{"group_id": m.GroupID, "role_id": m.RoleID}
}

func (r *groupRoleResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	tfkit.Import(ctx, req, resp, "group_id", "role_id")
}
