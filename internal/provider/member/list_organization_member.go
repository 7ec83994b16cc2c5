package member

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

var _ list.ListResourceWithConfigure = (*memberList)(nil)

type memberList struct{ memberResource }

func newMemberList() list.ListResource { return &memberList{} }

func (l *memberList) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = tfkit.NoFilter("The people of the organisation: its members, and those whose invitation is pending.")
}

func (l *memberList) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	tfkit.ListOrganization(ctx, req, stream, "the people", l.people, func(m *memberModel, _ *diag.Diagnostics) *tfkit.Listed {
		return &tfkit.Listed{Name: m.Email.ValueString(), Model: m, Identity: m.identity()}
	})
}

func (l *memberList) people(ctx context.Context) ([]memberModel, error) {
	users, err := l.Client.Users.List(ctx)
	if err != nil {
		return nil, err
	}
	invites, err := l.Client.Invites.List(ctx)
	if err != nil {
		return nil, err
	}
	var people []memberModel
	for i := range users {
		if !users[i].IsServiceAccount {
			m := memberModel{Projects: types.SetNull(projectsType), Acknowledged: tfkit.NotAcknowledged()}
			m.takeUser(&users[i])
			people = append(people, m)
		}
	}
	for i := range invites {
		if invites[i].Status == adminapi.InvitePending {
			m := memberModel{Projects: types.SetNull(projectsType), Acknowledged: tfkit.NotAcknowledged()}
			m.takeInvite(&invites[i])
			people = append(people, m)
		}
	}
	return people, nil
}
