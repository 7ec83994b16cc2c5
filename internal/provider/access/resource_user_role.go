package access

import (
	"context"
	"errors"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

var (
	_ resource.ResourceWithConfigure    = (*userRoleResource)(nil)
	_ resource.ResourceWithModifyPlan   = (*userRoleResource)(nil)
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
		Version: tfkit.SchemaVersion,
		MarkdownDescription: "A role of the organisation that a user has, beside those of the user's groups. A role that the user has already is adopted; the plan says so. Roles of the user that are not configured are left alone; one that the user has only through a group counts as absent here.\n\n" +
			"The role of an owner cannot be taken from the last owner, that is when nobody else has `owner` as role in `openai_organization_users`. " +
			"The predefined roles of people whom the identity provider manages through SCIM can be imported and read, but neither given nor taken: the plan says so.",
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
	return tfkit.UpgradeForeignState(userRoleSchema(), userRoleElsewhere)
}

var userRoleElsewhere = tfkit.Foreign{
	Type:   "openai_user_role",
	Except: []string{tfkit.Jianyuan, tfkit.Mkdev},
	Needs: map[string]string{"role_id": "It has no role_id. What jianyuan/openai calls openai_user_role, with the role by name, is openai_organization_user here. " +
		"Write that resource instead, and move the state to it with a moved block."},
	Types: []tfkit.ForeignType{{Provider: tfkit.Jianyuan, Type: "openai_user_role_assignment"}, {Provider: tfkit.Mkdev, Type: "openai_organization_user_role"}},
}

func (r *userRoleResource) MoveState(context.Context) []resource.StateMover {
	return tfkit.MoveForeignState(userRoleSchema(), userRoleElsewhere)
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

// isOwner says whether the role administers the organisation.
func (m *userRoleModel) isOwner() bool {
	return adminapi.SameRole(m.RoleID.ValueString(), adminapi.OrganizationOwnerRole)
}

// ModifyPlan refuses to take the organisation its last owner, and to change what
// somebody is whom the identity provider manages.
func (r *userRoleResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if !changes(req) || r.Client == nil {
		return
	}
	if !req.State.Raw.IsNull() {
		var state userRoleModel
		resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
		r.refuseSCIM(ctx, &state, &resp.Diagnostics)
		if state.isOwner() && !resp.Diagnostics.HasError() {
			tfkit.ProtectLastOwner(ctx, r.Client, state.UserID.ValueString(), "", &resp.Diagnostics)
		}
	}
	if !req.Plan.Raw.IsNull() && !resp.Diagnostics.HasError() {
		var plan userRoleModel
		resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
		r.refuseSCIM(ctx, &plan, &resp.Diagnostics)
	}
}

// predefinedRolePrefix begins the ids of the roles that make somebody an owner
// or a reader, as openai_organization_user does.
const predefinedRolePrefix = "role-api-organization-"

// refuseSCIM refuses to give or to take a predefined role where the identity
// provider manages the person.
func (r *userRoleResource) refuseSCIM(ctx context.Context, m *userRoleModel, diags *diag.Diagnostics) {
	id := m.UserID.ValueString()
	if id == "" || !strings.HasPrefix(m.RoleID.ValueString(), predefinedRolePrefix) {
		return
	}
	user, err := r.Client.Users.Get(ctx, id)
	if err != nil {
		return // a service account, or the API tells at apply
	}
	tfkit.RefuseSCIM(user.Email, user.IsScimManaged, diags)
}

// Delete takes the role, and never that of the last owner.
func (r *userRoleResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state userRoleModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if !state.isOwner() {
		r.assignmentResource.Delete(ctx, req, resp)
		return
	}
	err := r.Client.Users.EndOwnership(ctx, state.UserID.ValueString(), func() error {
		return r.Client.RoleAssignments.Unassign(ctx, state.assignee(), state.RoleID.ValueString())
	})
	switch {
	case errors.Is(err, adminapi.ErrLastOwner):
		tfkit.AddLastOwner(&resp.Diagnostics, state.UserID.ValueString())
	case err != nil:
		tfkit.AddAPIError(&resp.Diagnostics, assignmentLabel(&state), err)
	}
}

func (r *userRoleResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	tfkit.Import(ctx, req, resp, "user_id", "role_id")
}
