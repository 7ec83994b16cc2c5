package access

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

var (
	_ resource.ResourceWithConfigure    = (*groupUserResource)(nil)
	_ resource.ResourceWithModifyPlan   = (*groupUserResource)(nil)
	_ resource.ResourceWithImportState  = (*groupUserResource)(nil)
	_ resource.ResourceWithIdentity     = (*groupUserResource)(nil)
	_ resource.ResourceWithUpgradeState = (*groupUserResource)(nil)
	_ resource.ResourceWithMoveState    = (*groupUserResource)(nil)
)

type groupUserResource struct{ tfkit.Resource }

func newGroupUserResource() resource.Resource { return &groupUserResource{} }

func (r *groupUserResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_group_user"
}

func (r *groupUserResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = groupUserSchema()
}

func groupUserSchema() schema.Schema {
	return schema.Schema{
		Version: tfkit.SchemaVersion,
		MarkdownDescription: "One member of a group: a user of the organization, or a service account. Creating the resource adopts a member who is in the group already; the plan says so. " +
			"Other members are left alone; use `openai_group_members` for the whole of them, and never both for one group.\n\n" +
			"The members of a group that the identity provider manages through SCIM can be imported and read, but not changed: the plan says so.",
		Attributes: map[string]schema.Attribute{
			"group_id": tfkit.ParentID("Id of the group (`group_…`)."),
			"user_id":  tfkit.ParentID("Id of the user (`user-…`) or of the service account (`svc_acct_…`)."),
		},
	}
}

func (r *groupUserResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"group_id": tfkit.IdentityAttribute("Id of the group."),
		"user_id":  tfkit.IdentityAttribute("Id of the user or of the service account."),
	}}
}

func (r *groupUserResource) UpgradeState(context.Context) map[int64]resource.StateUpgrader {
	return tfkit.UpgradeForeignState(groupUserSchema(), groupUserElsewhere)
}

var groupUserElsewhere = tfkit.Foreign{Type: "openai_group_user"}

func (r *groupUserResource) MoveState(context.Context) []resource.StateMover {
	return tfkit.MoveForeignState(groupUserSchema(), groupUserElsewhere)
}

type groupUserModel struct {
	GroupID types.String `tfsdk:"group_id"`
	UserID  types.String `tfsdk:"user_id"`
}

func (m *groupUserModel) identity() map[string]types.String {
	return map[string]types.String{"group_id": m.GroupID, "user_id": m.UserID}
}

// label names the member in diagnostics.
func (m *groupUserModel) label() string {
	return fmt.Sprintf("member %s of group %s", m.UserID.ValueString(), m.GroupID.ValueString())
}

// ModifyPlan refuses to change the members of a group that belongs to the
// identity provider.
func (r *groupUserResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if changes(req) {
		planMembership(ctx, r.Client, req, resp)
	}
}

func (r *groupUserResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan groupUserModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if err := r.Client.GroupUsers.Add(ctx, plan.GroupID.ValueString(), plan.UserID.ValueString()); err != nil {
		tfkit.AddAPIError(&resp.Diagnostics, plan.label(), err)
		return
	}
	tfkit.SaveCreated(ctx, resp.Private, r.Client.ServerNow(), &resp.Diagnostics)
	tfkit.Save(ctx, &resp.State, resp.Identity, plan, plan.identity(), &resp.Diagnostics)
}

func (r *groupUserResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state groupUserModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	r.Client.Expect(state.UserID.ValueString(), tfkit.ReadCreated(ctx, req.Private, &resp.Diagnostics))
	_, err := r.Client.GroupUsers.Get(ctx, state.GroupID.ValueString(), state.UserID.ValueString())
	if adminapi.IsNotFound(err) {
		tfkit.Gone(ctx, resp, state.identity())
		return
	}
	if err != nil {
		tfkit.AddAPIError(&resp.Diagnostics, state.label(), err)
		return
	}
	tfkit.Save(ctx, &resp.State, resp.Identity, state, state.identity(), &resp.Diagnostics)
}

// Update is never called: every change replaces.
func (r *groupUserResource) Update(context.Context, resource.UpdateRequest, *resource.UpdateResponse) {
}

func (r *groupUserResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state groupUserModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if err := r.Client.GroupUsers.Delete(ctx, state.GroupID.ValueString(), state.UserID.ValueString()); err != nil {
		tfkit.AddAPIError(&resp.Diagnostics, state.label(), err)
	}
}

func (r *groupUserResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	tfkit.Import(ctx, req, resp, "group_id", "user_id")
}
