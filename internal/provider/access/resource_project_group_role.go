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
	_ resource.ResourceWithConfigure    = (*projectGroupRoleResource)(nil)
	_ resource.ResourceWithImportState  = (*projectGroupRoleResource)(nil)
	_ resource.ResourceWithIdentity     = (*projectGroupRoleResource)(nil)
	_ resource.ResourceWithUpgradeState = (*projectGroupRoleResource)(nil)
	_ resource.ResourceWithMoveState    = (*projectGroupRoleResource)(nil)
)

type projectGroupRoleResource struct {
	assignmentResource[projectGroupRoleModel, *projectGroupRoleModel]
}

func newProjectGroupRoleResource() resource.Resource { return &projectGroupRoleResource{} }

func (r *projectGroupRoleResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_project_group_role"
}

func (r *projectGroupRoleResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = projectGroupRoleSchema()
}

func projectGroupRoleSchema() schema.Schema {
	return schema.Schema{
		Version:             tfkit.SchemaVersion,
		MarkdownDescription: "A role that a group has in a project, and all of its members through it, beside the one that `openai_project_group` gives. A role that the group has already is adopted; the plan says so. Roles that are not configured are left alone.",
		Attributes: assignmentAttributes("Id of the role of the project: a custom one (`role_…`, see `openai_project_role`), or `role-api-project-owner`, `role-api-project-member` or `role-api-project-viewer`.", map[string]schema.Attribute{
			"project_id": tfkit.ParentID("Id of the project (`proj_…`)."),
			"group_id":   tfkit.ParentID("Id of the group (`group_…`)."),
		}),
	}
}

func (r *projectGroupRoleResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"project_id": tfkit.IdentityAttribute("Id of the project."),
		"group_id":   tfkit.IdentityAttribute("Id of the group."),
		"role_id":    tfkit.IdentityAttribute("Id of the role."),
	}}
}

func (r *projectGroupRoleResource) UpgradeState(context.Context) map[int64]resource.StateUpgrader {
	return tfkit.UpgradeForeignState(projectGroupRoleSchema(), projectGroupRoleElsewhere)
}

var projectGroupRoleElsewhere = tfkit.Foreign{
	Type:  "openai_project_group_role",
	Types: []tfkit.ForeignType{{Provider: tfkit.Jianyuan, Type: "openai_project_group_role_assignment"}},
}

func (r *projectGroupRoleResource) MoveState(context.Context) []resource.StateMover {
	return tfkit.MoveForeignState(projectGroupRoleSchema(), projectGroupRoleElsewhere)
}

type projectGroupRoleModel struct {
	ProjectID types.String `tfsdk:"project_id"`
	GroupID   types.String `tfsdk:"group_id"`
	assignmentModel
}

func (m *projectGroupRoleModel) assignee() adminapi.Assignee {
	return adminapi.Assignee{Scope: m.ProjectID.ValueString(), GroupID: m.GroupID.ValueString()}
}

func (m *projectGroupRoleModel) identity() map[string]types.String {
	return map[string]types.String{"project_id": m.ProjectID, "group_id": m.GroupID, "role_id": m.RoleID}
}

func (r *projectGroupRoleResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	tfkit.Import(ctx, req, resp, "project_id", "group_id", "role_id")
}
