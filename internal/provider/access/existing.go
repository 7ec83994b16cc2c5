package access

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/tfsdk"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
)

var (
	_ lifecycle.Existing = (*groupUserResource)(nil)
	_ lifecycle.Existing = (*groupMembersResource)(nil)
	_ lifecycle.Existing = (*projectGroupResource)(nil)
)

// Existing reads the member of the group whom a create adopts.
func (r *groupUserResource) Existing(ctx context.Context, plan tfsdk.Plan) (lifecycle.Found, error) {
	var m groupUserModel
	if plan.Get(ctx, &m).HasError() || m.GroupID.IsUnknown() || m.UserID.IsUnknown() {
		return lifecycle.Found{}, nil
	}
	if _, err := r.Client.GroupUsers.Get(ctx, m.GroupID.ValueString(), m.UserID.ValueString()); err != nil {
		return lifecycle.Found{}, err
	}
	return lifecycle.Found{
		Object: m.label(), ID: []string{m.GroupID.ValueString(), m.UserID.ValueString()},
		Destroy: "Destroying the resource removes the member from the group.",
	}, nil
}

// Existing reads the members of the group: a create adopts those that are
// configured, and the apply after it removes the others.
func (r *groupMembersResource) Existing(ctx context.Context, plan tfsdk.Plan) (lifecycle.Found, error) {
	var m groupMembersModel
	if plan.Get(ctx, &m).HasError() || m.GroupID.IsUnknown() {
		return lifecycle.Found{}, nil
	}
	users, err := r.Client.GroupUsers.List(ctx, m.GroupID.ValueString())
	if err != nil || len(users) == 0 {
		return lifecycle.Found{}, err
	}
	found := lifecycle.Found{
		Object: "members of group " + m.GroupID.ValueString(), ID: []string{m.GroupID.ValueString()},
		Destroy: "Destroying the resource removes the members that are in its state from the group.",
	}
	if !known(m.Members) {
		return found, nil
	}
	var names []string
	if m.Members.ElementsAs(ctx, &names, false).HasError() {
		return lifecycle.Found{}, nil
	}
	for _, user := range users {
		if !slices.ContainsFunc(names, func(name string) bool { return isNamed(user, name) }) {
			found.Removed = append(found.Removed, userLabel(user))
		}
	}
	return found, nil
}

// userLabel names a member of a group as configuration may.
func userLabel(user adminapi.GroupUser) string {
	if user.Email != nil && *user.Email != "" {
		return *user.Email
	}
	return user.ID
}

// Existing reads the group of the project that a create adopts. The role is
// given beside those that the group has.
func (r *projectGroupResource) Existing(ctx context.Context, plan tfsdk.Plan) (lifecycle.Found, error) {
	var m projectGroupModel
	if plan.Get(ctx, &m).HasError() || m.ProjectID.IsUnknown() || m.GroupID.IsUnknown() {
		return lifecycle.Found{}, nil
	}
	project, group := m.ProjectID.ValueString(), m.GroupID.ValueString()
	if _, err := r.Client.ProjectGroups.Get(ctx, project, group); err != nil {
		return lifecycle.Found{}, err
	}
	found := lifecycle.Found{
		Object: m.label(), ID: []string{project, group},
		Destroy: "Destroying the resource removes the group from the project, with all the roles that it has there.",
	}
	roles, err := r.Client.RoleAssignments.List(ctx, m.assignee())
	if err != nil || m.Role.IsUnknown() {
		return found, err
	}
	var present []string
	for _, role := range roles {
		if adminapi.SameRole(role.ID, m.Role.ValueString()) {
			return found, nil
		}
		present = append(present, adminapi.BaseRole(role.ID))
	}
	found.Changes = lifecycle.DifferenceOfSets("roles", present, append(slices.Clone(present), m.Role.ValueString()))
	return found, nil
}
