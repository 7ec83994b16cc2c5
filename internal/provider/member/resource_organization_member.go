package member

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/openai/openai-go/v3"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

var (
	_ resource.ResourceWithConfigure    = (*memberResource)(nil)
	_ resource.ResourceWithModifyPlan   = (*memberResource)(nil)
	_ resource.ResourceWithImportState  = (*memberResource)(nil)
	_ resource.ResourceWithIdentity     = (*memberResource)(nil)
	_ resource.ResourceWithUpgradeState = (*memberResource)(nil)
	_ resource.ResourceWithMoveState    = (*memberResource)(nil)
)

// The states of a member.
const (
	statusPending = "pending"
	statusActive  = "active"
	statusExpired = "expired"
)

type memberResource struct{ tfkit.Resource }

func newMemberResource() resource.Resource { return &memberResource{} }

func (r *memberResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_organization_member"
}

type memberModel struct {
	tfkit.Acknowledged
	Email           types.String `tfsdk:"email"`
	Role            types.String `tfsdk:"role"`
	Projects        types.Set    `tfsdk:"projects"`
	ID              types.String `tfsdk:"id"`
	Status          types.String `tfsdk:"status"`
	UserID          types.String `tfsdk:"user_id"`
	Name            types.String `tfsdk:"name"`
	InviteID        types.String `tfsdk:"invite_id"`
	InviteExpiresAt types.Int64  `tfsdk:"invite_expires_at"`
}

// takeUser makes the model one of a member. The invitation stays as it was.
func (m *memberModel) takeUser(user *openai.OrganizationUser) {
	m.Email = keepCase(m.Email, types.StringValue(user.Email))
	m.Role = tfkit.String(user.Role, user.JSON.Role)
	m.ID = m.Email
	m.Status = types.StringValue(statusActive)
	m.UserID = types.StringValue(user.ID)
	m.Name = tfkit.String(user.Name, user.JSON.Name)
	if m.InviteID.IsUnknown() {
		m.InviteID = types.StringNull()
	}
	if m.InviteExpiresAt.IsUnknown() {
		m.InviteExpiresAt = types.Int64Null()
	}
}

// takeInvite makes the model one of somebody who is invited.
func (m *memberModel) takeInvite(invite *openai.Invite) {
	m.Email = keepCase(m.Email, types.StringValue(invite.Email))
	m.Role = tfkit.String(invite.Role, invite.JSON.Role)
	m.ID = m.Email
	m.Status = types.StringValue(statusPending)
	if invite.Status == adminapi.InviteExpired {
		m.Status = types.StringValue(statusExpired)
	}
	m.UserID = types.StringNull()
	m.Name = types.StringNull()
	m.InviteID = types.StringValue(invite.ID)
	m.InviteExpiresAt = tfkit.Int64(invite.ExpiresAt, invite.JSON.ExpiresAt)
}

// identity never changes, whatever case the address is written in.
func (m *memberModel) identity() map[string]types.String {
	return map[string]types.String{"email": types.StringValue(strings.ToLower(m.Email.ValueString()))}
}

// reinvites says whether going from the state to this plan takes another
// invitation.
func (m *memberModel) reinvites(state *memberModel) bool {
	switch state.Status.ValueString() {
	case statusActive:
		return false
	case statusExpired:
		return true
	default:
		return !m.Role.Equal(state.Role) || !m.Projects.Equal(state.Projects)
	}
}

// protect refuses to change somebody whom an identity provider manages, and to
// end the ownership of the last owner.
func (r *memberResource) protect(ctx context.Context, state *memberModel, endsOwnership bool, diags *diag.Diagnostics) {
	if r.Client == nil {
		return
	}
	email, id := state.Email.ValueString(), state.UserID.ValueString()
	if user, err := r.Client.Users.Get(ctx, id); err == nil && tfkit.RefuseSCIM(email, user.IsScimManaged, diags) {
		return
	}
	if endsOwnership && state.Role.ValueString() == adminapi.RoleOwner {
		tfkit.ProtectLastOwner(ctx, r.Client, id, email, diags)
	}
}

// ModifyPlan protects people and plans what another invitation changes.
func (r *memberResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	adviseOnOwner(ctx, r.Client, wholeOrganization, ownersDo, req, resp)
	if req.State.Raw.IsNull() {
		return
	}
	var state, plan memberModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if !req.Plan.Raw.IsNull() {
		resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	leaves := req.Plan.Raw.IsNull() || !samePerson(plan.Email, state.Email)
	if state.Status.ValueString() == statusActive && (leaves || !plan.Role.Equal(state.Role)) {
		r.protect(ctx, &state, leaves || plan.Role.ValueString() == roleReader, &resp.Diagnostics)
	}
	if req.Plan.Raw.IsNull() || !samePerson(plan.Email, state.Email) {
		return
	}
	resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("id"), plan.Email)...)
	if !plan.reinvites(&state) {
		return
	}
	// The person may have joined in another way meanwhile.
	for name, unknown := range map[string]any{
		"status": types.StringUnknown(), "user_id": types.StringUnknown(), "name": types.StringUnknown(),
		"invite_id": types.StringUnknown(), "invite_expires_at": types.Int64Unknown(),
	} {
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root(name), unknown)...)
	}
}

// bringIn adopts the member with this address, or else invites.
func (r *memberResource) bringIn(ctx context.Context, plan *memberModel, diags *diag.Diagnostics) {
	email := plan.Email.ValueString()
	user, err := r.Client.Users.FindByEmail(ctx, email)
	if err != nil {
		tfkit.AddAPIError(diags, userLabel(email), err)
		return
	}
	if user != nil {
		r.setRole(ctx, plan, user.ID, user.Role, user.IsScimManaged, diags)
		if !diags.HasError() && user.Role == plan.Role.ValueString() {
			plan.takeUser(user)
		}
		return
	}
	r.invite(ctx, plan, diags)
}

// setRole gives a member the planned role, if it is another one.
func (r *memberResource) setRole(ctx context.Context, plan *memberModel, userID, role string, scim bool, diags *diag.Diagnostics) {
	if role == plan.Role.ValueString() || tfkit.RefuseSCIM(plan.Email.ValueString(), scim, diags) {
		return
	}
	user, err := r.Client.Users.Update(ctx, userID, openai.AdminOrganizationUserUpdateParams{Role: openai.String(plan.Role.ValueString())})
	if err != nil {
		tfkit.AddAPIError(diags, userLabel(plan.Email.ValueString()), err)
		return
	}
	plan.takeUser(user)
}

// invite sends an invitation. Where the API refuses because there is one
// already, that one is adopted, or withdrawn when it says something else.
func (r *memberResource) invite(ctx context.Context, plan *memberModel, diags *diag.Diagnostics) {
	email := plan.Email.ValueString()
	params := invitation(ctx, email, plan.Role.ValueString(), plan.Projects, diags)
	if diags.HasError() {
		return
	}
	invite, err := r.Client.Invites.Create(ctx, params)
	if refused(err) {
		open, findErr := r.Client.Invites.FindPending(ctx, email)
		switch {
		case findErr != nil:
			tfkit.AddAPIError(diags, userLabel(email), findErr)
			return
		case open != nil && string(open.Role) == plan.Role.ValueString() && (plan.Projects.IsNull() || plan.Projects.Equal(projectsOf(open))):
			invite, err = open, nil
		case open != nil:
			if deleteErr := r.Client.Invites.Delete(ctx, open.ID); deleteErr != nil {
				tfkit.AddAPIError(diags, userLabel(email), deleteErr)
				return
			}
			invite, err = r.Client.Invites.Create(ctx, params)
		}
	}
	if err != nil {
		tfkit.AddAPIError(diags, userLabel(email), err)
		return
	}
	plan.takeInvite(invite)
}

func (r *memberResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan memberModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	r.bringIn(ctx, &plan, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	tfkit.SaveCreated(ctx, resp.Private, r.Client.ServerNow(), &resp.Diagnostics)
	tfkit.Save(ctx, &resp.State, resp.Identity, plan, plan.identity(), &resp.Diagnostics)
}

func (r *memberResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state memberModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	r.Client.Expect(state.InviteID.ValueString(), tfkit.ReadCreated(ctx, req.Private, &resp.Diagnostics))
	found, err := r.refresh(ctx, &state)
	if err != nil {
		tfkit.AddAPIError(&resp.Diagnostics, userLabel(state.Email.ValueString()), err)
		return
	}
	if !found {
		tfkit.Gone(ctx, resp, state.identity())
		return
	}
	tfkit.Save(ctx, &resp.State, resp.Identity, state, state.identity(), &resp.Diagnostics)
}

// refresh looks for the person where they were last seen, and then where they
// would be next: an invitation becomes a member.
func (r *memberResource) refresh(ctx context.Context, state *memberModel) (found bool, err error) {
	email := state.Email.ValueString()
	if id := state.UserID.ValueString(); id != "" {
		user, err := r.Client.Users.Get(ctx, id)
		if err != nil {
			return false, unlessNotFound(err)
		}
		state.takeUser(user)
		return true, nil
	}
	var invite *openai.Invite
	if id := state.InviteID.ValueString(); id != "" {
		if invite, err = r.Client.Invites.Get(ctx, id); unlessNotFound(err) != nil {
			return false, err
		}
	} else if invite, err = r.Client.Invites.FindPending(ctx, email); err != nil {
		return false, err
	}
	if invite != nil && invite.Status == adminapi.InvitePending {
		state.takeInvite(invite)
		return true, nil
	}
	user, err := r.Client.Users.FindByEmail(ctx, email)
	switch {
	case err != nil:
		return false, err
	case user != nil:
		state.takeUser(user)
		return true, nil
	case invite != nil && invite.Status == adminapi.InviteExpired:
		state.takeInvite(invite)
		return true, nil
	default:
		return false, nil
	}
}

func unlessNotFound(err error) error {
	if adminapi.IsNotFound(err) {
		return nil
	}
	return err
}

func (r *memberResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state memberModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if plan.reinvites(&state) {
		// An invitation that was accepted since the last refresh cannot be withdrawn:
		// the person is a member, and gets the role there.
		if err := r.Client.Invites.Delete(ctx, state.InviteID.ValueString()); err != nil && !refused(err) {
			tfkit.AddAPIError(&resp.Diagnostics, userLabel(state.Email.ValueString()), err)
			return
		}
		r.bringIn(ctx, &plan, &resp.Diagnostics)
	} else if state.Status.ValueString() == statusActive {
		// The plan has refused people whom an identity provider manages.
		r.setRole(ctx, &plan, state.UserID.ValueString(), state.Role.ValueString(), false, &resp.Diagnostics)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	tfkit.Save(ctx, &resp.State, resp.Identity, plan, plan.identity(), &resp.Diagnostics)
}

func (r *memberResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state memberModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if id := state.UserID.ValueString(); id != "" {
		if err := r.Client.Users.Delete(ctx, id); err != nil {
			tfkit.AddAPIError(&resp.Diagnostics, userLabel(state.Email.ValueString()), err)
		}
		return
	}
	err := r.Client.Invites.Delete(ctx, state.InviteID.ValueString())
	if err == nil {
		return
	}
	if refused(err) {
		// The plan showed an invitation and no member, so the member stays.
		if user, findErr := r.Client.Users.FindByEmail(ctx, state.Email.ValueString()); findErr == nil && user != nil {
			resp.Diagnostics.AddWarning("Member was not removed", fmt.Sprintf(
				"%s accepted the invitation after the last refresh, so the plan did not show the removal of a member. The resource leaves the state, and %s stays a member of the organization. "+
					"To remove this member, import the address %q into an openai_organization_member and destroy that.",
				state.Email.ValueString(), user.ID, strings.ToLower(state.Email.ValueString())))
			return
		}
	}
	tfkit.AddAPIError(&resp.Diagnostics, userLabel(state.Email.ValueString()), err)
}

func (r *memberResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	tfkit.Import(ctx, req, resp, "email")
	var imported memberModel
	resp.Diagnostics.Append(resp.State.GetAttribute(ctx, path.Root("email"), &imported.Email)...)
	tfkit.SetIdentity(ctx, resp.Identity, &resp.Diagnostics, imported.identity())
}
