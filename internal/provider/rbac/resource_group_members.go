package rbac

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

func groupMembers() lifecycle.Setting[*groupMembersModel] {
	return lifecycle.Setting[*groupMembersModel]{
		Core: lifecycle.Core[*groupMembersModel]{
			Type:     "group_members",
			Schema:   groupMembersSchema,
			Identity: []lifecycle.Identifier{byGroup},
			Paths: func(object lifecycle.Values) lifecycle.Paths {
				return lifecycle.Named(object.Path("/organization/groups/{group_id}/users"))
			},
			Members:   pathsOfMembers,
			Label:     (*groupMembersModel).label,
			Unaudited: "The documentation names no event for the members of groups.",
			Legacy:    lifecycle.AsOfficial("openai_group_members"),
			Plan:      planGroupMembers,
			Read: func(ctx context.Context, call *lifecycle.Call[*groupMembersModel]) error {
				users, err := call.Client.GroupUsers.List(ctx, call.State.GroupID.ValueString())
				if err == nil {
					hidden := hiddenNames(ctx, call, users)
					call.WarnOfHidden(call.State.label(), hidden)
					call.State.fromAPI(ctx, users, call.Diags)
					call.State.Members = textSet(ctx, append(call.State.names(ctx, call.Diags), hidden...), call.Diags)
				}
				return err
			},
			Delete:        deleteGroupMembers,
			DeleteMembers: deleteGroupMembers,
			List: lifecycle.ListWithin("The members of the groups of the organization, one object for each group, with one request for each. "+
				"Groups of the identity provider (SCIM) are not listed, because their members cannot be changed here.", "the members of the groups",
				manageableGroups,
				func(ctx context.Context, client *adminapi.Client, group *adminapi.Group) ([][]adminapi.GroupUser, error) {
					users, err := client.GroupUsers.List(ctx, group.ID)
					return lifecycle.One(&users, err)
				},
				func(ctx context.Context, group *adminapi.Group, users *[]adminapi.GroupUser, diags *diag.Diagnostics) (string, *groupMembersModel) {
					m := &groupMembersModel{GroupID: types.StringValue(group.ID), Members: types.SetNull(types.StringType)}
					m.fromAPI(ctx, *users, diags)
					return "the members of " + group.Name, m
				}),
		},
		Write:    writeGroupMembers,
		Existing: existingGroupMembers,
	}
}

func groupMembersSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "**All** members of a group. To manage single members, use `openai_group_user`. Do not use both for the same group.\n\n" +
			"Creating the resource only adds members. Other members of the group appear in state with the next refresh, and the next plan shows their removal. " +
			"An update adds members before it removes others, and removes only members that the plan shows. " +
			"Destroying the resource removes the members in its state from the group and keeps the group. Members added since the last refresh stay.\n\n" +
			"Members of a group that is managed through SCIM can be imported and read. A plan that changes them fails.",
		Attributes: map[string]schema.Attribute{
			"group_id": tfkit.ParentID("Id of the group (`group_…`)."),
			"members": schema.SetAttribute{
				MarkdownDescription: "The members, each by the e-mail address (case does not matter) or the id (`user-…`) of a person in the organization, " +
					"or by the id of a service account. An empty set is an empty group. Changed in place.",
				ElementType: types.StringType,
				Required:    true,
				Validators:  []validator.Set{setvalidator.ValueStringsAre(memberName{})},
			},
		},
	}
}

type groupMembersModel struct {
	GroupID types.String `tfsdk:"group_id"`
	Members types.Set    `tfsdk:"members"`
}

// label names the members in diagnostics.
func (m *groupMembersModel) label() string { return "the members of group " + m.GroupID.ValueString() }

// names are the members as they are written.
func (m *groupMembersModel) names(ctx context.Context, diags *diag.Diagnostics) []string {
	return tfkit.Strings(ctx, m.Members, diags)
}

// fromAPI puts those who are in the group into the model, each under the names
// that it has for them, else under the e-mail address.
func (m *groupMembersModel) fromAPI(ctx context.Context, users []adminapi.GroupUser, diags *diag.Diagnostics) {
	written := m.names(ctx, diags)
	members := []string{}
	for _, user := range users {
		known := slices.DeleteFunc(slices.Clone(written), func(name string) bool { return !isNamed(user, name) })
		if len(known) == 0 {
			known = []string{nameOf(user)}
		}
		members = append(members, known...)
	}
	m.Members = textSet(ctx, members, diags)
}

// hiddenNames are the members in state that were written a moment ago, and that
// the list does not show.
func hiddenNames(ctx context.Context, call *lifecycle.Call[*groupMembersModel], users []adminapi.GroupUser) []string {
	if !call.HidesMembers() {
		return nil
	}
	return slices.DeleteFunc(call.State.names(ctx, call.Diags), func(name string) bool {
		return slices.ContainsFunc(users, func(user adminapi.GroupUser) bool { return isNamed(user, name) })
	})
}

// hiddenMembers are the members of these names, with their ids.
func hiddenMembers(ctx context.Context, call *lifecycle.Call[*groupMembersModel], users []adminapi.GroupUser) ([]adminapi.GroupUser, error) {
	var members []adminapi.GroupUser
	for _, name := range hiddenNames(ctx, call, users) {
		if !isAddress(name) {
			members = append(members, adminapi.GroupUser{ID: name})
			continue
		}
		// A person who left the organization left the group, too.
		user, err := call.Client.Users.FindByEmail(ctx, name)
		if err != nil {
			return nil, err
		}
		if user != nil {
			members = append(members, adminapi.GroupUser{ID: user.ID, Email: &name})
		}
	}
	return members, nil
}

// planGroupMembers refuses to change the members of a group that belongs to the
// identity provider, and plans nothing where only the names differ.
func planGroupMembers(ctx context.Context, call *lifecycle.Call[*groupMembersModel]) {
	if call.PlansNoChange() {
		return
	}
	plan, state := call.Plan, call.State
	if call.Client != nil && plan != nil && state != nil && plan.GroupID.Equal(state.GroupID) && call.Knows("members") {
		users, err := call.Client.GroupUsers.List(ctx, state.GroupID.ValueString())
		if err == nil && sameMembers(users, plan.names(ctx, call.Diags), state.names(ctx, call.Diags)) {
			call.Plan = state
			return
		}
	}
	refuseSCIMMembers(ctx, call, func(m *groupMembersModel) types.String { return m.GroupID })
}

// writeGroupMembers adds the planned members, and then removes those that only
// the prior state names. A member that neither of them names stays.
func writeGroupMembers(ctx context.Context, call *lifecycle.Call[*groupMembersModel]) error {
	group := call.Plan.GroupID.ValueString()
	users, err := call.Client.GroupUsers.List(ctx, group)
	if err != nil {
		return err
	}
	hidden, err := hiddenMembers(ctx, call, users)
	if err != nil {
		return err
	}
	planned, missing := map[string]bool{}, []string{}
	for _, name := range call.Plan.names(ctx, call.Diags) {
		at := slices.IndexFunc(users, func(user adminapi.GroupUser) bool { return isNamed(user, name) })
		if at >= 0 {
			planned[users[at].ID] = true
			continue
		}
		id := findMember(ctx, call, name)
		if !planned[id] {
			planned[id] = true
			missing = append(missing, id)
		}
	}
	if call.Diags.HasError() {
		return nil // a name that cannot be resolved changes nothing
	}
	for i, id := range missing {
		// Until now only the address may have been known.
		if err := call.Client.Ownership.Claiming(ctx, "/organization/groups/"+group+"/users/"+id); err != nil {
			return err
		}
		if err := call.Client.GroupUsers.Add(ctx, group, id); err != nil {
			if i > 0 {
				call.Diags.AddWarning("Some members were added before the error", fmt.Sprintf(
					"These members were added to group %s: %s. The next apply finds them. If the resource will not be applied again, remove them.", group, strings.Join(missing[:i], ", ")))
			}
			return lifecycle.About(memberOfGroup(group, id), err)
		}
	}
	if call.HasState() {
		removeMembers(ctx, call, group, append(users, hidden...), func(user adminapi.GroupUser) bool {
			return !planned[user.ID] && call.State.hasMember(ctx, user, call.Diags)
		})
	}
	return nil
}

// removeMembers removes some of the members of a group, until that fails.
func removeMembers(ctx context.Context, call *lifecycle.Call[*groupMembersModel], group string, users []adminapi.GroupUser, removes func(adminapi.GroupUser) bool) {
	for _, user := range users {
		if !removes(user) {
			continue
		}
		if err := call.Client.GroupUsers.Delete(ctx, group, user.ID); err != nil {
			if call.AddError(memberOfGroup(group, user.ID), err); call.Diags.HasError() {
				return
			}
		}
	}
}

// hasMember reports whether a model names a member of the group.
func (m *groupMembersModel) hasMember(ctx context.Context, user adminapi.GroupUser, diags *diag.Diagnostics) bool {
	return slices.ContainsFunc(m.names(ctx, diags), func(name string) bool { return isNamed(user, name) })
}

// deleteGroupMembers removes the members in state. A member that was added
// since the last refresh stays. It sends
//
//	GET    /organization/groups/{group_id}/users            all pages, at most once
//	DELETE /organization/groups/{group_id}/users/{user_id}  for each member in the list that state names
//
// one after the other. Members that were written less than five minutes ago and
// are not in the list get their DELETE, too, where state has their addresses:
// GET /organization/users?emails= finds their ids. A member that another change
// of this apply has written gets none. Before all of these, the life cycle may
// ask once which organization answers, with GET /organization/projects?limit=1.
func deleteGroupMembers(ctx context.Context, call *lifecycle.Call[*groupMembersModel]) error {
	group := call.State.GroupID.ValueString()
	users, err := call.Client.GroupUsers.List(ctx, group)
	if adminapi.IsDeleted(err) {
		return nil
	}
	if err != nil {
		return err
	}
	hidden, err := hiddenMembers(ctx, call, users)
	if err != nil {
		return err
	}
	users = append(users, hidden...)
	removeMembers(ctx, call, group, users, func(user adminapi.GroupUser) bool { return call.State.hasMember(ctx, user, call.Diags) })
	return nil
}

// existingGroupMembers reads the members of the group: a create adopts those
// that are configured, and the apply after it removes the others.
func existingGroupMembers(ctx context.Context, call *lifecycle.Call[*groupMembersModel]) (lifecycle.Found, error) {
	if !call.Knows("group_id") {
		return lifecycle.Found{}, nil
	}
	users, err := call.Client.GroupUsers.List(ctx, call.Plan.GroupID.ValueString())
	if err != nil || len(users) == 0 {
		return lifecycle.Found{}, err
	}
	found := lifecycle.Found{
		Object: "members of group " + call.Plan.GroupID.ValueString(), ID: call.Texts("group_id"),
		Destroy: "Destroying the resource removes the members that are in its state from the group.",
	}
	if !call.Knows("members") {
		return found, nil
	}
	for _, user := range users {
		if !call.Plan.hasMember(ctx, user, call.Diags) {
			found.Removed = append(found.Removed, nameOf(user))
		}
	}
	return found, nil
}

// pathsOfMembers adds the path of each member. The list of the group's members,
// which this resource reads anyway, says whose an address is.
func pathsOfMembers(ctx context.Context, client *adminapi.Client, object lifecycle.Values, paths *lifecycle.Paths) {
	users := object.Path("/organization/groups/{group_id}/users")
	if users == "" {
		return
	}
	names, unknown := object.Texts("members")
	paths.Within, paths.MembersUnknown = users+"/", unknown
	var present []adminapi.GroupUser
	if client != nil && slices.ContainsFunc(names, isAddress) {
		// Where the list cannot be read, the addresses stand for themselves.
		present, _ = client.GroupUsers.List(ctx, object.Text("group_id"))
	}
	for _, name := range names {
		at := slices.IndexFunc(present, func(user adminapi.GroupUser) bool { return isNamed(user, name) })
		switch {
		case at >= 0:
			paths.Members = append(paths.Members, users+"/"+present[at].ID)
		case isAddress(name):
			paths.Members = append(paths.Members, users+"?email="+strings.ToLower(name))
		default:
			paths.Members = append(paths.Members, users+"/"+name)
		}
	}
}
