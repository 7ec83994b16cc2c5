package member

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/setplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/openai/openai-go/v3"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

var (
	_ resource.ResourceWithConfigure    = (*inviteResource)(nil)
	_ resource.ResourceWithModifyPlan   = (*inviteResource)(nil)
	_ resource.ResourceWithImportState  = (*inviteResource)(nil)
	_ resource.ResourceWithIdentity     = (*inviteResource)(nil)
	_ resource.ResourceWithUpgradeState = (*inviteResource)(nil)
	_ resource.ResourceWithMoveState    = (*inviteResource)(nil)
)

type inviteResource struct{ tfkit.Resource }

func newInviteResource() resource.Resource { return &inviteResource{} }

func (r *inviteResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_invite"
}

func (r *inviteResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = inviteSchema()
}

// projectsAttribute are the projects that an invited person joins.
func projectsAttribute(description string) schema.SetNestedAttribute {
	return schema.SetNestedAttribute{
		MarkdownDescription: description,
		Optional:            true,
		NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
			"id": schema.StringAttribute{
				MarkdownDescription: "Id of the project (`proj_…`).",
				Required:            true,
				Validators:          []validator.String{tfkit.ID()},
			},
			"role": schema.StringAttribute{
				MarkdownDescription: "Role in the project: `member` or `owner`.",
				Required:            true,
				Validators:          []validator.String{stringvalidator.OneOf(projectRoles...)},
			},
		}},
	}
}

func inviteSchema() schema.Schema {
	projects := projectsAttribute("Projects that the person joins on acceptance. Default: the default project; an empty set means none. Changing it replaces the invitation.")
	projects.Computed = true
	projects.PlanModifiers = []planmodifier.Set{setplanmodifier.UseStateForUnknown(), setplanmodifier.RequiresReplaceIfConfigured()}
	return schema.Schema{
		Version: tfkit.SchemaVersion,
		MarkdownDescription: "An invitation to the organisation, and nothing beyond it: once accepted or expired it stays as it is. " +
			"To manage the person rather than the letter, use `openai_organization_member`.\n\n" +
			"Destroying the resource withdraws an invitation that is pending or expired. One that was accepted is only forgotten: the person stays.",
		Attributes: map[string]schema.Attribute{
			"email": schema.StringAttribute{
				MarkdownDescription: "E-mail address to invite; case does not matter. Changing it replaces the invitation.",
				Required:            true,
				Validators:          []validator.String{tfkit.Email()},
				PlanModifiers: []planmodifier.String{
					stringplanmodifier.RequiresReplaceIf(anotherAddress, "Another address is another invitation.", "Another address is another invitation."),
				},
			},
			"role": schema.StringAttribute{
				MarkdownDescription: "Role in the organisation: `owner` or `reader`. Changing it replaces the invitation.",
				Required:            true,
				Validators:          []validator.String{stringvalidator.OneOf(organizationRoles...)},
				PlanModifiers:       []planmodifier.String{stringplanmodifier.RequiresReplace()},
			},
			"acknowledge": tfkit.AcknowledgeAttribute(tfkit.OwnerGranted),
			"projects":    projects,
			"id":          tfkit.ComputedString("Id of the invitation (`invite-…`)."),
			"invite_id":   tfkit.ComputedString("Id of the invitation, the same as `id`."),
			"status":      tfkit.ComputedString("`pending`, `accepted` or `expired`. It changes by itself and never makes a difference in a plan."),
			"created_at":  tfkit.ComputedInt64("When the invitation was sent, in Unix seconds."),
			"expires_at":  tfkit.ComputedInt64("When the invitation expires, in Unix seconds."),
			"accepted_at": tfkit.ComputedInt64("When the invitation was accepted, in Unix seconds; null until then."),
		},
	}
}

func (r *inviteResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"invite_id": tfkit.IdentityAttribute("Id of the invitation."),
	}}
}

func (r *inviteResource) UpgradeState(context.Context) map[int64]resource.StateUpgrader {
	return tfkit.UpgradeForeignState(inviteSchema(), inviteElsewhere)
}

var inviteElsewhere = tfkit.Foreign{
	Type:  "openai_invite",
	Names: map[string]string{"invite_id": "id", "created_at": "invited_at"},
}

func (r *inviteResource) MoveState(context.Context) []resource.StateMover {
	return tfkit.MoveForeignState(inviteSchema(), inviteElsewhere)
}

// inviteResourceModel is an invitation with what only the resource has; the
// data sources show the rest.
type inviteResourceModel struct {
	inviteModel
	tfkit.Acknowledged
}

type inviteModel struct {
	Email      types.String `tfsdk:"email"`
	Role       types.String `tfsdk:"role"`
	Projects   types.Set    `tfsdk:"projects"`
	ID         types.String `tfsdk:"id"`
	InviteID   types.String `tfsdk:"invite_id"`
	Status     types.String `tfsdk:"status"`
	CreatedAt  types.Int64  `tfsdk:"created_at"`
	ExpiresAt  types.Int64  `tfsdk:"expires_at"`
	AcceptedAt types.Int64  `tfsdk:"accepted_at"`
}

// take copies a reply into the model. Projects that are known stay: answers may
// leave them out, and they mean nothing once the person has joined.
func (m *inviteModel) take(invite *openai.Invite) {
	m.Email = keepCase(m.Email, types.StringValue(invite.Email))
	m.Role = tfkit.String(invite.Role, invite.JSON.Role)
	if m.Projects.IsUnknown() || m.Projects.IsNull() {
		m.Projects = projectsOf(invite)
	}
	m.ID = types.StringValue(invite.ID)
	m.InviteID = m.ID
	m.Status = tfkit.String(invite.Status, invite.JSON.Status)
	m.CreatedAt = tfkit.Int64(invite.CreatedAt, invite.JSON.CreatedAt)
	m.ExpiresAt = tfkit.Int64(invite.ExpiresAt, invite.JSON.ExpiresAt)
	m.AcceptedAt = tfkit.Int64(invite.AcceptedAt, invite.JSON.AcceptedAt)
}

func (m *inviteModel) identity() map[string]types.String {
	return map[string]types.String{"invite_id": m.InviteID}
}

// label names the invitation in diagnostics.
func (m *inviteModel) label() string {
	return fmt.Sprintf("invitation of %s (%s)", m.Email.ValueString(), m.InviteID.ValueString())
}

// ModifyPlan says that an accepted invitation cannot be taken back.
func (r *inviteResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	adviseOnOwner(ctx, r.Client, wholeOrganization, ownersDo, req, resp)
	if req.State.Raw.IsNull() || !req.Plan.Raw.IsNull() {
		return
	}
	var status types.String
	resp.Diagnostics.Append(req.State.GetAttribute(ctx, path.Root("status"), &status)...)
	if status.ValueString() == adminapi.InviteAccepted {
		resp.Diagnostics.AddWarning("The invitation was accepted",
			"Destroying it only removes it from state: the person stays a member of the organisation. Remove them with openai_organization_member or openai_organization_user.")
	}
}

func (r *inviteResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan inviteResourceModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	params := invitation(ctx, plan.Email.ValueString(), plan.Role.ValueString(), plan.Projects, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	invite, err := r.Client.Invites.Create(ctx, params)
	if err != nil {
		tfkit.AddAPIError(&resp.Diagnostics, "invitation of "+plan.Email.ValueString(), err)
		return
	}
	plan.take(invite)
	tfkit.Save(ctx, &resp.State, resp.Identity, plan, plan.identity(), &resp.Diagnostics)
}

func (r *inviteResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state inviteResourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	r.Client.Expect(state.InviteID.ValueString(), state.CreatedAt.ValueInt64())
	invite, err := r.Client.Invites.Get(ctx, state.InviteID.ValueString())
	if adminapi.IsNotFound(err) {
		tfkit.Gone(ctx, resp, state.identity())
		return
	}
	if err != nil {
		tfkit.AddAPIError(&resp.Diagnostics, state.label(), err)
		return
	}
	state.take(invite)
	tfkit.Save(ctx, &resp.State, resp.Identity, state, state.identity(), &resp.Diagnostics)
}

// Update has nothing to send: what can be set of an invitation replaces it,
// and the case of an address means nothing.
func (r *inviteResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan inviteResourceModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	tfkit.Save(ctx, &resp.State, resp.Identity, plan, plan.identity(), &resp.Diagnostics)
}

// Delete withdraws the invitation, unless it was accepted: also after the last
// refresh, which only the refusal of the API shows.
func (r *inviteResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state inviteResourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() || state.Status.ValueString() == adminapi.InviteAccepted {
		return
	}
	err := r.Client.Invites.Delete(ctx, state.InviteID.ValueString())
	if refused(err) {
		if user, findErr := r.Client.Users.FindByEmail(ctx, state.Email.ValueString()); findErr == nil && user != nil {
			resp.Diagnostics.AddWarning("Accepted invitation was not withdrawn", fmt.Sprintf(
				"The %s was accepted since the last refresh. It leaves the state, and %s (%s) stays a member of the organization. Remove the person with openai_organization_member or openai_organization_user.",
				state.label(), state.Email.ValueString(), user.ID))
			return
		}
	}
	if err != nil {
		tfkit.AddAPIError(&resp.Diagnostics, state.label(), err)
	}
}

func (r *inviteResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	tfkit.Import(ctx, req, resp, "invite_id")
}
