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
	_ resource.ResourceWithConfigure    = (*userRoleResource)(nil)
	_ resource.ResourceWithImportState  = (*userRoleResource)(nil)
	_ resource.ResourceWithIdentity     = (*userRoleResource)(nil)
	_ resource.ResourceWithUpgradeState = (*userRoleResource)(nil)
	_ resource.ResourceWithMoveState    = (*userRoleResource)(nil)
)

type userRoleResource struct {
	assignmentResource[userRoleModel, *userRoleModel]
}

func newUserRoleResource() resource.Resource { return &userRoleResource{} }

func (r *userRoleResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_user_role"
}

func (r *userRoleResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = userRoleSchema()
}

func userRoleSchema() schema.Schema {
	return schema.Schema{
		Version:             tfkit.SchemaVersion,
		MarkdownDescription: "A role of the organisation that a user has, beside those of the user's groups. A role that the user has already is taken over. Roles of the user that are not configured are left alone; one that the user has only through a group counts as absent here.",
		Attributes: assignmentAttributes("Id of the role of the organisation: a custom one (`role_…`, see `openai_role`), or `role-api-organization-owner` or `role-api-organization-reader`.", map[string]schema.Attribute{
			"user_id": tfkit.ParentID("Id of the user (`user-…`) or of the service account (`svc_acct_…`)."),
		}),
	}
}

func (r *userRoleResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"user_id": tfkit.IdentityAttribute("Id of the user or of the service account."),
		"role_id": tfkit.IdentityAttribute("Id of the role."),
	}}
}

func (r *userRoleResource) UpgradeState(context.Context) map[int64]resource.StateUpgrader {
	return tfkit.UpgradeForeignState(userRoleSchema())
}

func (r *userRoleResource) MoveState(context.Context) []resource.StateMover {
	return tfkit.MoveForeignState(userRoleSchema(), tfkit.AsOfficial("openai_user_role"))
}

type userRoleModel struct {
	UserID types.String `tfsdk:"user_id"`
	assignmentModel
}

func (m *userRoleModel) assignee() adminapi.Assignee {
	return adminapi.Assignee{Scope: adminapi.WholeOrganization, UserID: m.UserID.ValueString()}
}

func (m *userRoleModel) identity() map[string]types.String {
	return map[string]types.String{"user_id": m.UserID, "role_id": m.RoleID}
}

func (r *userRoleResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	tfkit.Import(ctx, req, resp, "user_id", "role_id")
}
