package rbac

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

func groupUser() lifecycle.Setting[*groupUserModel] {
	return lifecycle.Setting[*groupUserModel]{
		Core: lifecycle.Core[*groupUserModel]{
			Type:     "group_user",
			Schema:   groupUserSchema,
			Identity: []lifecycle.Identifier{byGroup, byUser},
			Paths: func(object lifecycle.Values) lifecycle.Paths {
				return lifecycle.Named(object.Path("/organization/groups/{group_id}/users/{user_id}"))
			},
			Label:     (*groupUserModel).label,
			Unaudited: "The documentation names no event for the members of groups.",
			Legacy:    lifecycle.Foreign{Type: "openai_group_user"},
			Plan: func(ctx context.Context, call *lifecycle.Call[*groupUserModel]) {
				refuseSCIMMembers(ctx, call, func(m *groupUserModel) types.String { return m.GroupID })
			},
			Read: func(ctx context.Context, call *lifecycle.Call[*groupUserModel]) error {
				call.Client.Expect(call.State.UserID.ValueString(), call.Created)
				_, err := call.Client.GroupUsers.Get(ctx, call.State.GroupID.ValueString(), call.State.UserID.ValueString())
				return err
			},
			Delete: func(ctx context.Context, call *lifecycle.Call[*groupUserModel]) error {
				return call.Client.GroupUsers.Delete(ctx, call.State.GroupID.ValueString(), call.State.UserID.ValueString())
			},
			List: lifecycle.ListWithin("The members of the groups of the organization, one by one, with one request for each group. "+
				"Groups of the identity provider (SCIM) are not listed, because their members cannot be changed here.", "the members of the groups",
				manageableGroups,
				func(ctx context.Context, client *adminapi.Client, group *adminapi.Group) ([]adminapi.GroupUser, error) {
					return client.GroupUsers.List(ctx, group.ID)
				},
				func(_ context.Context, group *adminapi.Group, user *adminapi.GroupUser, _ *diag.Diagnostics) (string, *groupUserModel) {
					return memberLabel(user) + " in " + group.Name, &groupUserModel{types.StringValue(group.ID), types.StringValue(user.ID)}
				}),
		},
		// Every change replaces, so that this only creates.
		Write: func(ctx context.Context, call *lifecycle.Call[*groupUserModel]) error {
			return call.Client.GroupUsers.Add(ctx, call.Plan.GroupID.ValueString(), call.Plan.UserID.ValueString())
		},
		Existing: existingGroupUser,
	}
}

func groupUserSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "One member of a group: a user of the organization, or a service account. Creating the resource adopts an existing member of the group; the plan shows it. " +
			"Other members do not change. To manage all members, use `openai_group_members`. Do not use both for the same group.\n\n" +
			"Members of a group that is managed through SCIM can be imported and read. A plan that changes them fails.",
		Attributes: map[string]schema.Attribute{
			"group_id": tfkit.ParentID("Id of the group (`group_…`)."),
			"user_id":  tfkit.ParentID("Id of the user (`user-…`) or of the service account."),
		},
	}
}

type groupUserModel struct {
	GroupID types.String `tfsdk:"group_id"`
	UserID  types.String `tfsdk:"user_id"`
}

// label names the member in diagnostics.
func (m *groupUserModel) label() string {
	return memberOfGroup(m.GroupID.ValueString(), m.UserID.ValueString())
}

func memberOfGroup(group, id string) string { return fmt.Sprintf("member %s of group %s", id, group) }

// memberLabel is the display name of a member.
func memberLabel(user *adminapi.GroupUser) string {
	for _, name := range []*string{user.Email, user.Name} {
		if name != nil && *name != "" {
			return *name
		}
	}
	return user.ID
}

// existingGroupUser reads the member of the group that a create adopts.
func existingGroupUser(ctx context.Context, call *lifecycle.Call[*groupUserModel]) (lifecycle.Found, error) {
	if !call.Knows("group_id", "user_id") {
		return lifecycle.Found{}, nil
	}
	if _, err := call.Client.GroupUsers.Get(ctx, call.Plan.GroupID.ValueString(), call.Plan.UserID.ValueString()); err != nil {
		return lifecycle.Found{}, err
	}
	return lifecycle.Found{Object: call.Plan.label(), ID: call.Texts("group_id", "user_id"), Destroy: "Destroying the resource removes the member from the group."}, nil
}
