package user

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/openai/openai-go/v3"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

type reinviteAction struct {
	Email types.String `tfsdk:"email"`
}

func reinvite() lifecycle.Action[*reinviteAction] {
	return lifecycle.Action[*reinviteAction]{
		Type: "organization_member_reinvite",
		Schema: schema.Schema{
			MarkdownDescription: "Invites a person again, with the role and the projects of the last invitation, so that a new e-mail is sent and the time to accept starts again. " +
				"The API cannot send an invitation again, so the action withdraws a pending invitation and sends another one. An invitation that has expired is not withdrawn. " +
				"The action fails if the person is a member, or was never invited.\n\n" +
				"Use it for an `openai_organization_member`, whose next refresh finds the new invitation. An `openai_invite` is bound to one invitation, so its next plan would send a third one.\n\n" +
				"Run it with `terraform apply -invoke`. Do not use it in an `action_trigger` with `after_update`: every update of the resource would send another e-mail.",
			Attributes: map[string]schema.Attribute{
				"email": schema.StringAttribute{
					MarkdownDescription: "E-mail address of the person; case does not matter.",
					Required:            true,
					Validators:          []validator.String{tfkit.Email()},
				},
			},
		},
		Label:  func(a *reinviteAction) string { return userLabel(a.Email.ValueString()) },
		Invoke: inviteAgain,
	}
}

func inviteAgain(ctx context.Context, call *lifecycle.ActionCall[*reinviteAction]) error {
	email := call.Config.Email.ValueString()
	member, err := call.Client.Users.FindByEmail(ctx, email)
	if err != nil {
		return err
	}
	if member != nil {
		addIsMember(call, member)
		return nil
	}
	last, err := lastInvite(ctx, call.Client, email)
	if err != nil {
		return err
	}
	if last == nil {
		call.Diags.AddAttributeError(path.Root("email"), "Person was never invited", fmt.Sprintf(
			"The organization has no pending or expired invitation for %s. Create an openai_organization_member to invite the person.", email))
		return nil
	}
	if last.Status == adminapi.InvitePending {
		joined, err := withdraw(ctx, call.Client, last.ID, email)
		if err != nil {
			return err
		}
		if joined != nil {
			addIsMember(call, joined)
			return nil
		}
		call.Progress("Withdrew invitation %s", last.ID)
	}
	sent, err := call.Client.Invites.Create(ctx, invitation(ctx, last.Email, string(last.Role), projectsOf(last), call.Diags))
	if err != nil {
		call.Diags.AddError("Person has no invitation", fmt.Sprintf(
			"Invitation %s of %s as %s is withdrawn or expired, and the new one could not be sent. Apply the openai_organization_member of the person to send it.", last.ID, last.Email, last.Role))
		return err
	}
	call.Progress("Invited %s as %s again: invitation %s", sent.Email, sent.Role, sent.ID)
	return nil
}

func addIsMember(call *lifecycle.ActionCall[*reinviteAction], member *openai.OrganizationUser) {
	call.Diags.AddAttributeError(path.Root("email"), "Person is a member already", fmt.Sprintf(
		"%s (%s) has accepted an invitation. Nothing was sent.", member.Email, member.ID))
}

// lastInvite returns the pending invitation of a person, else the expired one
// that was sent last. It returns nil when there is none.
func lastInvite(ctx context.Context, client *adminapi.Client, email string) (*openai.Invite, error) {
	pending, err := client.Invites.FindPending(ctx, email)
	if pending != nil || err != nil {
		return pending, err
	}
	invites, err := client.Invites.List(ctx)
	var last *openai.Invite
	for i := range invites {
		invite := &invites[i]
		if strings.EqualFold(invite.Email, email) && invite.Status == adminapi.InviteExpired && (last == nil || invite.CreatedAt > last.CreatedAt) {
			last = invite
		}
	}
	return last, err
}
