package member

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/openai/openai-go/v3"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

var _ list.ListResourceWithConfigure = (*inviteList)(nil)

type inviteList struct{ inviteResource }

func newInviteList() list.ListResource { return &inviteList{} }

func (l *inviteList) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = tfkit.NoFilter("The invitations to the organisation that are pending or have expired. Accepted ones are history: the people are listed as members.")
}

func (l *inviteList) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	tfkit.ListOrganization(ctx, req, stream, "the invitations", l.Client.Invites.List, func(invite *openai.Invite, _ *diag.Diagnostics) *tfkit.Listed {
		if invite.Status == adminapi.InviteAccepted {
			return nil
		}
		m := inviteResourceModel{inviteModel: inviteModel{Projects: types.SetNull(projectsType)}, Acknowledged: tfkit.NotAcknowledged()}
		m.take(invite)
		return &tfkit.Listed{Name: invite.Email, Model: m, Identity: m.identity()}
	})
}
