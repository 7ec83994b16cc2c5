package user

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/setplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/openai/openai-go/v3"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

func invite() lifecycle.Object[*inviteResourceModel] {
	return lifecycle.Object[*inviteResourceModel]{
		Core: lifecycle.Core[*inviteResourceModel]{
			Type:     "invite",
			Schema:   inviteSchema,
			Identity: []lifecycle.Identifier{{Name: "invite_id", Description: "Id of the invitation."}},
			Paths:    invitePaths,
			Label:    (*inviteResourceModel).label,
			Legacy: lifecycle.Foreign{
				Type:  "openai_invite",
				Names: map[string][]string{"invite_id": {"id"}, "created_at": {"invited_at"}},
			},
			Plan:   planInvite,
			Read:   readInvite,
			Delete: withdrawInvite,
			List: lifecycle.ListOrganization(
				"The pending and expired invitations to the organization. Accepted invitations are not listed: the people are members.",
				"the invitations", listInvites, listedInvite),
		},
		Create: createInvite,
		// A change of an attribute of the API replaces the invitation, and the case
		// of an address means nothing.
		Update:   func(context.Context, *lifecycle.Call[*inviteResourceModel]) error { return nil },
		Existing: existingInvite,
		Orphans:  inviteOrphans,
	}
}

// invitePaths leaves out the address of an invitation that is not open any more:
// another one may be sent to it.
func invitePaths(object lifecycle.Values) lifecycle.Paths {
	address := byEmail(invitesPath, object)
	if status := object.Text("status"); status == adminapi.InviteAccepted || status == adminapi.InviteExpired {
		address = ""
	}
	return lifecycle.Named(object.Path(invitesPath+"/{invite_id}"), address)
}

func inviteSchema() schema.Schema {
	projects := projectsAttribute("Projects that the person joins on acceptance. Default: the default project; an empty set means none. Changing it replaces the invitation.")
	projects.Computed = true
	projects.PlanModifiers = []planmodifier.Set{setplanmodifier.UseStateForUnknown(), setplanmodifier.RequiresReplaceIfConfigured()}
	return schema.Schema{
		MarkdownDescription: "An invitation to the organization. After the invitation is accepted or expires, it stays in state, and plans show no changes. " +
			"To manage the person, or to send an expired invitation again, use `openai_organization_member`.\n\n" +
			"Destroying the resource withdraws a pending or expired invitation. If the invitation was accepted, it is only removed from state: the person stays a member.",
		Attributes: map[string]schema.Attribute{
			"email": schema.StringAttribute{
				MarkdownDescription: "E-mail address to invite; case does not matter. Changing it replaces the invitation.",
				Required:            true,
				Validators:          []validator.String{tfkit.Email()},
				PlanModifiers:       []planmodifier.String{replaceOtherPerson()},
			},
			"role": schema.StringAttribute{
				MarkdownDescription: "Role in the organization: `owner` or `reader`. Changing it replaces the invitation.",
				Required:            true,
				Validators:          []validator.String{stringvalidator.OneOf(organizationRoles...)},
				PlanModifiers:       []planmodifier.String{stringplanmodifier.RequiresReplace()},
			},
			"suppress_warnings": tfkit.SuppressWarningsAttribute(tfkit.OwnerGranted),
			"projects":          projects,
			"id":                tfkit.ComputedString("Id of the invitation (`invite-…`)."),
			"invite_id":         tfkit.ComputedString("Id of the invitation, the same as `id`."),
			"status":            tfkit.ComputedString("`pending`, `accepted` or `expired`. The API changes this value; plans never show a change of it."),
			"created_at":        tfkit.ComputedInt64("When the invitation was sent, in Unix seconds."),
			"expires_at":        tfkit.ComputedInt64("When the invitation expires, in Unix seconds."),
			"accepted_at":       tfkit.ComputedInt64("When the invitation was accepted, in Unix seconds; null until then."),
		},
	}
}

// inviteResourceModel adds the attribute that only the resource has; the data
// sources have the rest.
type inviteResourceModel struct {
	inviteModel
	tfkit.SuppressedWarnings
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

// flatten copies an answer into the model. Projects that are known stay: answers may
// leave them out, and they mean nothing once the person has joined.
func (m *inviteModel) flatten(invite *openai.Invite) {
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

// label names the invitation in diagnostics.
func (m *inviteModel) label() string {
	label := "invitation of " + m.Email.ValueString()
	if id := m.InviteID.ValueString(); id != "" {
		label += " (" + id + ")"
	}
	return label
}

func (m *inviteModel) person() person { return person{email: m.Email, role: m.Role} }

// planInvite warns that an accepted invitation cannot be withdrawn.
func planInvite(ctx context.Context, call *lifecycle.Call[*inviteResourceModel]) {
	warnOfNewOwner(ctx, call, (*inviteResourceModel).person)
	if !call.HasPlan() && call.State.Status.ValueString() == adminapi.InviteAccepted {
		call.Diags.AddWarning("The invitation was accepted",
			"Destroying the "+call.State.label()+" only removes it from state: the person stays a member of the organization. Remove them with openai_organization_member or openai_organization_user.")
	}
}

func createInvite(ctx context.Context, call *lifecycle.Call[*inviteResourceModel]) error {
	params := invitation(ctx, call.Plan.Email.ValueString(), call.Plan.Role.ValueString(), call.Plan.Projects, call.Diags)
	if call.Diags.HasError() {
		return nil
	}
	created, err := call.Client.Invites.Create(ctx, params)
	if err == nil {
		call.Plan.flatten(created)
	}
	return err
}

func readInvite(ctx context.Context, call *lifecycle.Call[*inviteResourceModel]) error {
	found, err := call.Client.Invites.Get(ctx, call.State.InviteID.ValueString())
	if err == nil {
		call.State.flatten(found)
	}
	return err
}

// withdrawInvite withdraws the invitation, unless it was accepted.
func withdrawInvite(ctx context.Context, call *lifecycle.Call[*inviteResourceModel]) error {
	if call.State.Status.ValueString() == adminapi.InviteAccepted {
		return nil
	}
	email := call.State.Email.ValueString()
	joined, err := withdraw(ctx, call.Client, call.State.InviteID.ValueString(), email)
	if joined != nil {
		call.Diags.AddWarning("Accepted invitation was not withdrawn", fmt.Sprintf(
			"The %s was accepted since the last refresh. It is removed from state, and %s (%s) stays a member of the organization. Remove the person with openai_organization_member or openai_organization_user.",
			call.State.label(), email, joined.ID))
	}
	return err
}

// existingInvite reads the pending invitation of the address. The API refuses
// another one as long as it is pending, so an equal one is adopted.
func existingInvite(ctx context.Context, call *lifecycle.Call[*inviteResourceModel]) (lifecycle.Found, error) {
	if call.Plan.Email.IsUnknown() {
		return lifecycle.Found{}, nil
	}
	email := call.Plan.Email.ValueString()
	pending, err := call.Client.Invites.FindPending(ctx, email)
	if err != nil || pending == nil {
		return lifecycle.Found{}, err
	}
	changes := inviteChanges(ctx, pending, call.Plan.Role, call.Plan.Projects)
	return lifecycle.Found{
		Object: "pending invitation of " + email, ID: []string{pending.ID}, Changes: changes, Refused: len(changes) > 0,
		Destroy: "Destroying the resource withdraws the invitation while it is pending.",
	}, nil
}

// inviteOrphans searches for pending invitations of the same person.
func inviteOrphans(_ context.Context, call *lifecycle.Call[*inviteResourceModel]) *lifecycle.OrphanSearch {
	if !call.Knows("email", "role") {
		return nil
	}
	return &lifecycle.OrphanSearch{
		Object: call.Plan.label(),
		Find: func(ctx context.Context) ([]string, error) {
			return call.Client.Invites.Orphans(ctx, call.Plan.Email.ValueString(), call.Plan.Role.ValueString())
		},
	}
}

func listInvites(ctx context.Context, client *adminapi.Client) ([]openai.Invite, error) {
	return client.Invites.List(ctx)
}

func listedInvite(_ context.Context, item *openai.Invite, _ *diag.Diagnostics) (string, *inviteResourceModel) {
	if item.Status == adminapi.InviteAccepted {
		return "", nil
	}
	m := inviteResourceModel{inviteModel: inviteModel{Projects: types.SetNull(projectsType)}, SuppressedWarnings: tfkit.NoSuppressedWarnings()}
	m.flatten(item)
	return item.Email, &m
}
