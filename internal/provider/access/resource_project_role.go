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
	_ resource.ResourceWithConfigure    = (*projectRoleResource)(nil)
	_ resource.ResourceWithModifyPlan   = (*projectRoleResource)(nil)
	_ resource.ResourceWithImportState  = (*projectRoleResource)(nil)
	_ resource.ResourceWithIdentity     = (*projectRoleResource)(nil)
	_ resource.ResourceWithUpgradeState = (*projectRoleResource)(nil)
	_ resource.ResourceWithMoveState    = (*projectRoleResource)(nil)
)

type projectRoleResource struct{ tfkit.Resource }

func newProjectRoleResource() resource.Resource { return &projectRoleResource{} }

func (r *projectRoleResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_project_role"
}

func (r *projectRoleResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = projectRoleSchema()
}

func projectRoleSchema() schema.Schema {
	return schema.Schema{
		Version: tfkit.SchemaVersion,
		MarkdownDescription: "A custom role of a project: a set of permissions that users and groups can be given there, with `openai_project_user_role`, `openai_project_group` and `openai_project_group_role`.\n\n" +
			"Destroying the resource takes the role from all who have it. The predefined roles `role-api-project-owner`, `role-api-project-member` and `role-api-project-viewer` need no resource.",
		Attributes: roleAttributes(map[string]schema.Attribute{
			"project_id": tfkit.ParentID("Id of the project (`proj_…`) that the role belongs to."),
		}),
	}
}

func (r *projectRoleResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"project_id": tfkit.IdentityAttribute("Id of the project."),
		"role_id":    tfkit.IdentityAttribute("Id of the role."),
	}}
}

func (r *projectRoleResource) UpgradeState(context.Context) map[int64]resource.StateUpgrader {
	return tfkit.UpgradeForeignState(projectRoleSchema(), projectRoleElsewhere)
}

var projectRoleElsewhere = tfkit.Foreign{
	Type:   "openai_project_role",
	Names:  map[string]string{"role_name": "name", "role_id": "id"},
	Joined: []string{"role_id"},
}

func (r *projectRoleResource) MoveState(context.Context) []resource.StateMover {
	return tfkit.MoveForeignState(projectRoleSchema(), projectRoleElsewhere)
}

type projectRoleModel struct {
	ProjectID types.String `tfsdk:"project_id"`
	roleModel
}

func (m *projectRoleModel) identity() map[string]types.String {
	return map[string]types.String{"project_id": m.ProjectID, "role_id": m.RoleID}
}

func (r *projectRoleResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	planRole(ctx, req, resp)
}

func (r *projectRoleResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan projectRoleModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if !plan.create(ctx, r.Client, plan.ProjectID.ValueString(), &resp.Diagnostics) {
		return
	}
	tfkit.SaveCreated(ctx, resp.Private, r.Client.ServerNow(), &resp.Diagnostics)
	tfkit.Save(ctx, &resp.State, resp.Identity, plan, plan.identity(), &resp.Diagnostics)
}

func (r *projectRoleResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state projectRoleModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	role, err := state.get(ctx, r.Client, state.ProjectID.ValueString(), req.Private, &resp.Diagnostics)
	if adminapi.IsGone(err) {
		tfkit.RemoveGone(ctx, resp, state.identity(), err)
		return
	}
	if err != nil {
		tfkit.AddAPIError(&resp.Diagnostics, state.label(state.ProjectID.ValueString()), err)
		return
	}
	state.take(ctx, role, &resp.Diagnostics)
	tfkit.Save(ctx, &resp.State, resp.Identity, state, state.identity(), &resp.Diagnostics)
}

func (r *projectRoleResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan projectRoleModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	plan.update(ctx, r.Client, plan.ProjectID.ValueString(), &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	tfkit.Save(ctx, &resp.State, resp.Identity, plan, plan.identity(), &resp.Diagnostics)
}

func (r *projectRoleResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state projectRoleModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	state.remove(ctx, r.Client, state.ProjectID.ValueString(), &resp.Diagnostics)
}

func (r *projectRoleResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	tfkit.Import(ctx, req, resp, "project_id", "role_id")
}
