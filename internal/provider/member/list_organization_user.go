package member

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/openai/openai-go/v3"

	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

var _ list.ListResourceWithConfigure = (*userList)(nil)

type userList struct{ userResource }

func newUserList() list.ListResource { return &userList{} }

func (l *userList) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = tfkit.NoFilter("The members of the organisation, service accounts left aside.")
}

func (l *userList) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	tfkit.ListOrganization(ctx, req, stream, "the users", l.Client.Users.List, func(user *openai.OrganizationUser, _ *diag.Diagnostics) *tfkit.Listed {
		if user.IsServiceAccount {
			return nil
		}
		m := newUserModel(user)
		return &tfkit.Listed{Name: user.Email, Model: m, Identity: m.identity()}
	})
}
