package access

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

var _ list.ListResourceWithConfigure = (*groupUserList)(nil)

type groupUserList struct{ groupUserResource }

func newGroupUserList() list.ListResource { return &groupUserList{} }

func (l *groupUserList) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = tfkit.NoFilter("The members of the groups of the organisation, one by one, with one request for each group. Groups that the identity provider manages through SCIM are left aside, whose members cannot be changed here.")
}

func (l *groupUserList) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	managed := func(ctx context.Context) ([]adminapi.Group, error) { return manageableGroups(ctx, l.Client) }
	members := func(ctx context.Context, group *adminapi.Group) ([]adminapi.GroupUser, error) {
		return l.Client.GroupUsers.List(ctx, group.ID)
	}
	tfkit.ListWithin(ctx, req, stream, "the members of the groups", managed, members,
		func(group *adminapi.Group, user *adminapi.GroupUser, _ *diag.Diagnostics) *tfkit.Listed {
			m := groupUserModel{GroupID: types.StringValue(group.ID), UserID: types.StringValue(user.ID)}
			return &tfkit.Listed{Name: memberLabel(user) + " in " + group.Name, Model: m, Identity: m.identity()}
		})
}

// memberLabel is what a person would call a member.
func memberLabel(user *adminapi.GroupUser) string {
	for _, name := range []*string{user.Email, user.Name} {
		if name != nil && *name != "" {
			return *name
		}
	}
	return user.ID
}
