package access

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

var _ list.ListResourceWithConfigure = (*groupMembersList)(nil)

type groupMembersList struct{ groupMembersResource }

func newGroupMembersList() list.ListResource { return &groupMembersList{} }

func (l *groupMembersList) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = tfkit.NoFilter("The members of the groups of the organisation, one object for each group, with one request for each. Groups that the identity provider manages through SCIM are left aside, whose members cannot be changed here.")
}

func (l *groupMembersList) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	managed := func(ctx context.Context) ([]adminapi.Group, error) { return manageableGroups(ctx, l.Client) }
	members := func(ctx context.Context, group *adminapi.Group) ([][]adminapi.GroupUser, error) {
		users, err := l.Client.GroupUsers.List(ctx, group.ID)
		return [][]adminapi.GroupUser{users}, err
	}
	tfkit.ListWithin(ctx, req, stream, "the members of the groups", managed, members,
		func(group *adminapi.Group, users *[]adminapi.GroupUser, diags *diag.Diagnostics) *tfkit.Listed {
			m := groupMembersModel{GroupID: types.StringValue(group.ID), Members: types.SetNull(types.StringType)}
			m.take(ctx, *users, diags)
			return &tfkit.Listed{Name: "the members of " + group.Name, Model: m, Identity: m.identity()}
		})
}
