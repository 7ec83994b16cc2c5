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
	_ resource.ResourceWithConfigure    = (*projectUserRoleResource)(nil)
	_ resource.ResourceWithImportState  = (*projectUserRoleResource)(nil)
	_ resource.ResourceWithIdentity     = (*projectUserRoleResource)(nil)
	_ resource.ResourceWithUpgradeState = (*projectUserRoleResource)(nil)
	_ resource.ResourceWithMoveState    = (*projectUserRoleResource)(nil)
)

type projectUserRoleResource struct {
	assignmentResource[projectUserRoleModel, *projectUserRoleModel]
}

func newProjectUserRoleResource() resource.Resource { return &projectUserRoleResource{} }

func (r *projectUserRoleResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_project_user_role"
}

func (r *projectUserRoleResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = projectUserRoleSchema()
}

func projectUserRoleSchema() schema.Schema {
	return schema.Schema{
		Version:             tfkit.SchemaVersion,
		MarkdownDescription: "A role that a user has in a project, beside those of the user's groups. A role that the user has already is adopted; the plan says so. Roles that are not configured are left alone; one that the user has only through a group counts as absent here.",
		Attributes: assignmentAttributes("Id of the role of the project: a custom one (`role_…`, see `openai_project_role`), or `role-api-project-owner`, `role-api-project-member` or `role-api-project-viewer`.", map[string]schema.Attribute{
			"project_id": tfkit.ParentID("Id of the project (`proj_…`)."),
			"user_id":    tfkit.ParentID("Id of the user (`user-…`) or of the service account (`svc_acct_…`)."),
		}),
	}
}

func (r *projectUserRoleResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"project_id": tfkit.IdentityAttribute("Id of the project."),
		"user_id":    tfkit.IdentityAttribute("Id of the user or of the service account."),
		"role_id":    tfkit.IdentityAttribute("Id of the role."),
	}}
}

func (r *projectUserRoleResource) UpgradeState(context.Context) map[int64]resource.StateUpgrader {
	return tfkit.UpgradeForeignState(projectUserRoleSchema(), projectUserRoleElsewhere)
}

var projectUserRoleElsewhere = tfkit.Foreign{
	Type:  "openai_project_user_role",
	Types: []tfkit.ForeignType{{Provider: tfkit.Jianyuan, Type: "openai_project_user_role_assignment"}},
}

func (r *projectUserRoleResource) MoveState(context.Context) []resource.StateMover {
	return tfkit.MoveForeignState(projectUserRoleSchema(), projectUserRoleElsewhere)
}

type projectUserRoleModel struct {
	ProjectID types.String `tfsdk:"project_id"`
	UserID    types.String `tfsdk:"user_id"`
	assignmentModel
}

func (m *projectUserRoleModel) assignee() adminapi.Assignee {
	return adminapi.Assignee{Scope: m.ProjectID.ValueString(), UserID: m.UserID.ValueString()}
}

func (m *projectUserRoleModel) identity() map[string]types.String {
	return map[string]types.String{"project_id": m.ProjectID, "user_id": m.UserID, "role_id": m.RoleID}
}

func (r *projectUserRoleResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	tfkit.Import(ctx, req, resp, "project_id", "user_id", "role_id")
}
