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
	_ resource.ResourceWithConfigure    = (*roleResource)(nil)
	_ resource.ResourceWithModifyPlan   = (*roleResource)(nil)
	_ resource.ResourceWithImportState  = (*roleResource)(nil)
	_ resource.ResourceWithIdentity     = (*roleResource)(nil)
	_ resource.ResourceWithUpgradeState = (*roleResource)(nil)
	_ resource.ResourceWithMoveState    = (*roleResource)(nil)
)

type roleResource struct{ tfkit.Resource }

func newRoleResource() resource.Resource { return &roleResource{} }

func (r *roleResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_role"
}

func (r *roleResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = roleSchema()
}

func roleSchema() schema.Schema {
	return schema.Schema{
		Version: tfkit.SchemaVersion,
		MarkdownDescription: "A custom role of the organisation: a set of permissions that users and groups can be given, with `openai_user_role` and `openai_group_role`.\n\n" +
			"Destroying the resource takes the role from all who have it. The predefined roles `role-api-organization-owner` and `role-api-organization-reader` need no resource.",
		Attributes: roleAttributes(nil),
	}
}

func (r *roleResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"role_id": tfkit.IdentityAttribute("Id of the role."),
	}}
}

func (r *roleResource) UpgradeState(context.Context) map[int64]resource.StateUpgrader {
	return tfkit.UpgradeForeignState(roleSchema(), roleElsewhere)
}

var roleElsewhere = tfkit.Foreign{
	Type:  "openai_role",
	Names: map[string]string{"role_name": "name", "role_id": "id"},
	Types: []tfkit.ForeignType{{Provider: tfkit.Jianyuan, Type: "openai_organization_role"}, {Provider: tfkit.Mkdev, Type: "openai_organization_role"}},
}

func (r *roleResource) MoveState(context.Context) []resource.StateMover {
	return tfkit.MoveForeignState(roleSchema(), roleElsewhere)
}

func (m *roleModel) identity() map[string]types.String {
	return map[string]types.String{"role_id": m.RoleID}
}

func (r *roleResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	planRole(ctx, req, resp)
}

func (r *roleResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan roleModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if !plan.create(ctx, r.Client, adminapi.WholeOrganization, &resp.Diagnostics) {
		return
	}
	tfkit.SaveCreated(ctx, resp.Private, r.Client.ServerNow(), &resp.Diagnostics)
	tfkit.Save(ctx, &resp.State, resp.Identity, plan, plan.identity(), &resp.Diagnostics)
}

func (r *roleResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state roleModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	role, err := state.get(ctx, r.Client, adminapi.WholeOrganization, req.Private, &resp.Diagnostics)
	if tfkit.NothingRead(ctx, resp, state.identity(), state.label(adminapi.WholeOrganization), err) {
		return
	}
	state.take(ctx, role, &resp.Diagnostics)
	tfkit.Save(ctx, &resp.State, resp.Identity, state, state.identity(), &resp.Diagnostics)
}

func (r *roleResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan roleModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	plan.update(ctx, r.Client, adminapi.WholeOrganization, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	tfkit.Save(ctx, &resp.State, resp.Identity, plan, plan.identity(), &resp.Diagnostics)
}

func (r *roleResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state roleModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	state.remove(ctx, r.Client, adminapi.WholeOrganization, &resp.Diagnostics)
}

func (r *roleResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	tfkit.Import(ctx, req, resp, "role_id")
}
