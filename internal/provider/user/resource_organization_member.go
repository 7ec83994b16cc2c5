package user

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/openai/openai-go/v3"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

// organizationMember has two phases: the person is invited, and joins.
func organizationMember() lifecycle.Setting[*memberModel] {
	return lifecycle.Setting[*memberModel]{
		Core: lifecycle.Core[*memberModel]{
			Type:     "organization_member",
			Schema:   memberSchema,
			Identity: []lifecycle.Identifier{{Name: "email", Description: "E-mail address of the person."}},
			Paths: func(object lifecycle.Values) lifecycle.Paths {
				return lifecycle.Named(object.Path(usersPath+"/{user_id}"), byEmail(usersPath, object),
					object.Path(invitesPath+"/{invite_id}"), byEmail(invitesPath, object))
			},
			Label: (*memberModel).label,
			Legacy: lifecycle.Foreign{
				Type: "openai_organization_member",
				Types: []lifecycle.ForeignType{
					{Provider: lifecycle.Allthingsai, Type: "openai_organization_user"}, {Provider: lifecycle.Allthingsai, Type: "openai_invite"},
					{Provider: lifecycle.Official, Type: "openai_organization_user"}, {Provider: lifecycle.Official, Type: "openai_invite"},
					{Provider: lifecycle.Mkdev, Type: "openai_organization_user"}, {Provider: lifecycle.Mkdev, Type: "openai_invite"},
					{Provider: lifecycle.Jianyuan, Type: "openai_user_role", With: "role"}, {Provider: lifecycle.Jianyuan, Type: "openai_invite"},
				},
			},
			Plan:   planMember,
			Read:   readMember,
			Delete: removeMember,
			List: lifecycle.ListOrganization("The people of the organization: its members, and those whose invitation is pending.", "the people",
				listMembers, listedMember),
		},
		Write:    writeMember,
		Existing: existingMember,
	}
}

func memberSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "A person in the organization, by e-mail address. The resource manages the invitation, the role and the removal.\n\n" +
			"Creating the resource adopts an existing member, and overwrites the role if it differs. It adopts a pending invitation with the same role and projects, and replaces a different one. Otherwise it sends an invitation. " +
			"The plan names the member or the invitation, and shows the old and the new values. If an invitation has expired, the next plan shows that it will be sent again.\n\n" +
			"Destroying the resource **removes the person from the organization**, or withdraws the pending invitation. " +
			"A person who accepted the invitation after the last refresh stays a member, because the plan did not show the removal. The resource is then only removed from state, and a warning says how to remove the person. " +
			"The last owner cannot be demoted or removed.",
		Attributes: map[string]schema.Attribute{
			"email": schema.StringAttribute{
				MarkdownDescription: "E-mail address of the person; case does not matter. Changing it replaces the resource, which removes the previous person from the organization.",
				Required:            true,
				Validators:          []validator.String{tfkit.Email()},
				PlanModifiers:       []planmodifier.String{replaceOtherPerson()},
			},
			"role": schema.StringAttribute{
				MarkdownDescription: "Role in the organization: `owner` or `reader`. Changed in place. While the invitation is pending, a change withdraws the invitation and sends another one.",
				Required:            true,
				Validators:          []validator.String{stringvalidator.OneOf(organizationRoles...)},
			},
			"projects": projectsAttribute("Projects that an invited person joins on acceptance. Default: the default project; an empty set means none. " +
				"Changed in place: a change withdraws a pending invitation and sends another one. After the person has joined, a change has no effect. Use `openai_project_user` to manage members of projects."),
			"suppress_warnings": tfkit.SuppressWarningsAttribute(tfkit.OwnerGranted),
			"id":                tfkit.ComputedString("The e-mail address, the same as `email`."),
			"status":            tfkit.ComputedString("`active` for a member, `pending` until the invitation is accepted, `expired` when it was not accepted in time. The next apply replaces an expired invitation."),
			"user_id":           tfkit.ComputedString("Id of the user (`user-…`); null until the invitation is accepted."),
			"name":              tfkit.ComputedString("Name of the person; null until the invitation is accepted."),
			"invite_id":         tfkit.ComputedString("Id of the person's invitation (`invite-…`); null for a person who was already a member."),
			"invite_expires_at": tfkit.ComputedInt64("When the invitation expires, in Unix seconds; null for a person who was already a member."),
		},
	}
}

// The states of a member.
const (
	statusPending = "pending"
	statusActive  = "active"
	statusExpired = "expired"
)

type memberModel struct {
	tfkit.SuppressedWarnings
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

// flattenUser copies a member into the model. The invitation stays as it was.
func (m *memberModel) flattenUser(user *openai.OrganizationUser) {
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

// flattenInvite copies an invitation into the model.
func (m *memberModel) flattenInvite(invite *openai.Invite) {
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

func (m *memberModel) person() person { return person{m.UserID, m.Email, m.Role} }

func (m *memberModel) label() string { return userLabel(m.Email.ValueString()) }

func (m *memberModel) isActive() bool { return m.Status.ValueString() == statusActive }

// reinvites reports whether going from the state to this plan takes another
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

// planMember protects people and plans the values that another invitation
// changes.
func planMember(ctx context.Context, call *lifecycle.Call[*memberModel]) {
	warnOfNewOwner(ctx, call, (*memberModel).person)
	plan, state := call.Plan, call.State
	if state == nil {
		return
	}
	leaves := plan == nil || !samePerson(plan.Email, state.Email)
	if call.Client != nil && state.isActive() && (leaves || !plan.Role.Equal(state.Role)) {
		protectMember(ctx, call, leaves || plan.Role.ValueString() == roleReader)
	}
	if leaves {
		return
	}
	plan.ID = plan.Email
	if plan.reinvites(state) {
		// The person may have joined in another way meanwhile.
		plan.Status, plan.UserID, plan.Name = types.StringUnknown(), types.StringUnknown(), types.StringUnknown()
		plan.InviteID, plan.InviteExpiresAt = types.StringUnknown(), types.Int64Unknown()
	}
}

// protectMember refuses to change a person that an identity provider manages,
// and to end the ownership of the last owner.
func protectMember(ctx context.Context, call *lifecycle.Call[*memberModel], endsOwnership bool) {
	email, id := call.State.Email.ValueString(), call.State.UserID.ValueString()
	if user, err := call.Client.Users.Get(ctx, id); err == nil && tfkit.RefuseSCIM(email, user.IsScimManaged, call.Diags) {
		return
	}
	if endsOwnership && call.State.Role.ValueString() == adminapi.RoleOwner {
		tfkit.ProtectLastOwner(ctx, call.Client, id, email, call.Diags)
	}
}

func writeMember(ctx context.Context, call *lifecycle.Call[*memberModel]) error {
	plan, state := call.Plan, call.State
	switch {
	case state == nil:
	case plan.reinvites(state):
		// An invitation that was accepted since the last refresh cannot be withdrawn:
		// the person is a member, and gets the role there.
		if err := call.Client.Invites.Delete(ctx, state.InviteID.ValueString()); err != nil && !refused(err) {
			return err
		}
	case state.isActive() && !plan.Role.Equal(state.Role):
		// The plan has refused people that an identity provider manages.
		return setRole(ctx, call, state.UserID.ValueString())
	default:
		return nil
	}
	user, err := call.Client.Users.FindByEmail(ctx, plan.Email.ValueString())
	switch {
	case err != nil:
		return err
	case user == nil:
		return inviteMember(ctx, call)
	case user.Role == plan.Role.ValueString():
		plan.flattenUser(user)
		return nil
	case tfkit.RefuseSCIM(plan.Email.ValueString(), user.IsScimManaged, call.Diags):
		return nil
	}
	return setRole(ctx, call, user.ID)
}

// setRole gives a member the planned role.
func setRole(ctx context.Context, call *lifecycle.Call[*memberModel], userID string) error {
	user, err := call.Client.Users.Update(ctx, userID, openai.AdminOrganizationUserUpdateParams{Role: openai.String(call.Plan.Role.ValueString())})
	if err == nil {
		call.Plan.flattenUser(user)
	}
	return err
}

// inviteMember sends an invitation. Where the API refuses because there is one
// already, that one is adopted, or withdrawn when it differs.
func inviteMember(ctx context.Context, call *lifecycle.Call[*memberModel]) error {
	plan, email := call.Plan, call.Plan.Email.ValueString()
	params := invitation(ctx, email, plan.Role.ValueString(), plan.Projects, call.Diags)
	if call.Diags.HasError() {
		return nil
	}
	sent, err := call.Client.Invites.Create(ctx, params)
	if refused(err) {
		pending, findErr := call.Client.Invites.FindPending(ctx, email)
		switch {
		case findErr != nil:
			return findErr
		case pending == nil:
		case len(inviteChanges(ctx, pending, plan.Role, plan.Projects)) == 0:
			sent, err = pending, nil
		default:
			if deleteErr := call.Client.Invites.Delete(ctx, pending.ID); deleteErr != nil {
				return deleteErr
			}
			call.Diags.AddWarning("Pending invitation withdrawn", fmt.Sprintf(
				"%s had the pending invitation %s, which was withdrawn to send another one: %v.",
				email, pending.ID, inviteChanges(ctx, pending, plan.Role, plan.Projects)))
			sent, err = call.Client.Invites.Create(ctx, params)
		}
	}
	if err == nil {
		plan.flattenInvite(sent)
	}
	return err
}

// readMember reads the person where they were last seen, and then where they
// would be next: an invitation becomes a member.
func readMember(ctx context.Context, call *lifecycle.Call[*memberModel]) error {
	state := call.State
	if id := state.UserID.ValueString(); id != "" {
		user, err := call.Client.Users.Get(ctx, id)
		if err == nil {
			state.flattenUser(user)
		}
		return err
	}
	invitation, err := findInvite(ctx, call)
	if err == nil && invitation != nil && invitation.Status == adminapi.InvitePending {
		state.flattenInvite(invitation)
		return nil
	}
	var user *openai.OrganizationUser
	if err == nil {
		user, err = call.Client.Users.FindByEmail(ctx, state.Email.ValueString())
	}
	switch {
	case err != nil:
		call.AddError(state.label(), err) // also a 404, which is that of a list
	case user != nil:
		state.flattenUser(user)
	case invitation != nil && invitation.Status == adminapi.InviteExpired:
		state.flattenInvite(invitation)
	default:
		return &adminapi.Error{Operation: "read member", Status: http.StatusNotFound, Message: "there is neither a member nor an invitation"}
	}
	return nil
}

// findInvite returns the invitation in state. Where that is withdrawn or has
// expired, it returns the pending one of the address, which was sent afterwards.
// It returns nil when there is none.
func findInvite(ctx context.Context, call *lifecycle.Call[*memberModel]) (*openai.Invite, error) {
	var invite *openai.Invite
	if id := call.State.InviteID.ValueString(); id != "" {
		call.Client.Expect(id, call.Created)
		found, err := call.Client.Invites.Get(ctx, id)
		switch {
		case adminapi.IsNotFound(err):
		case err != nil || found.Status != adminapi.InviteExpired:
			return found, err
		default:
			invite = found
		}
	}
	pending, err := call.Client.Invites.FindPending(ctx, call.State.Email.ValueString())
	if pending != nil || err != nil {
		return pending, err
	}
	return invite, nil
}

func removeMember(ctx context.Context, call *lifecycle.Call[*memberModel]) error {
	if id := call.State.UserID.ValueString(); id != "" {
		return call.Client.Users.Delete(ctx, id)
	}
	email := call.State.Email.ValueString()
	joined, err := withdraw(ctx, call.Client, call.State.InviteID.ValueString(), email)
	if joined != nil {
		// The plan showed an invitation and no member, so the member stays.
		call.Diags.AddWarning("Member was not removed", fmt.Sprintf(
			"%s accepted the invitation after the last refresh, so the plan did not show the removal of a member. The resource is removed from state, and %s stays a member of the organization. "+
				"To remove this member, import the address %q into an openai_organization_member and destroy that.",
			email, joined.ID, strings.ToLower(email)))
	}
	return err
}

// existingMember reads the person, or the pending invitation, that a create
// adopts.
func existingMember(ctx context.Context, call *lifecycle.Call[*memberModel]) (lifecycle.Found, error) {
	if call.Plan.Email.IsUnknown() {
		return lifecycle.Found{}, nil
	}
	email := call.Plan.Email.ValueString()
	found := lifecycle.Found{Object: userLabel(email), ID: []string{strings.ToLower(email)}, Destroy: memberDestroy}
	user, err := call.Client.Users.FindByEmail(ctx, email)
	if err != nil {
		return lifecycle.Found{}, err
	}
	if user != nil {
		found.Changes = lifecycle.Difference("role", types.StringValue(user.Role), call.Plan.Role)
		return found, nil
	}
	pending, err := call.Client.Invites.FindPending(ctx, email)
	if err != nil || pending == nil {
		return lifecycle.Found{}, err
	}
	found.Object, found.Changes = "pending invitation of "+email, inviteChanges(ctx, pending, call.Plan.Role, call.Plan.Projects)
	found.Destroy = "Destroying the resource withdraws the invitation, or removes the person once it was accepted."
	if len(found.Changes) > 0 {
		found.Destroy = "The pending invitation " + pending.ID + " is withdrawn, and another one is sent. " + found.Destroy
	}
	return found, nil
}

func listMembers(ctx context.Context, client *adminapi.Client) ([]memberModel, error) {
	users, err := client.Users.List(ctx)
	if err != nil {
		return nil, err
	}
	invites, err := client.Invites.List(ctx)
	if err != nil {
		return nil, err
	}
	unknown := memberModel{Projects: types.SetNull(projectsType), SuppressedWarnings: tfkit.NoSuppressedWarnings()}
	var people []memberModel
	for i := range users {
		if !users[i].IsServiceAccount {
			m := unknown
			m.flattenUser(&users[i])
			people = append(people, m)
		}
	}
	for i := range invites {
		if invites[i].Status == adminapi.InvitePending {
			m := unknown
			m.flattenInvite(&invites[i])
			people = append(people, m)
		}
	}
	return people, nil
}

func listedMember(_ context.Context, m *memberModel, _ *diag.Diagnostics) (string, *memberModel) {
	return m.Email.ValueString(), m
}
