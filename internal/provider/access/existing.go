package access

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
)

var (
	_ lifecycle.Existing = (*groupUserResource)(nil)
	_ lifecycle.Existing = (*groupMembersResource)(nil)
	_ lifecycle.Existing = (*projectGroupResource)(nil)
	_ lifecycle.Existing = (*userRoleResource)(nil)
	_ lifecycle.Existing = (*groupRoleResource)(nil)
	_ lifecycle.Existing = (*projectUserRoleResource)(nil)
	_ lifecycle.Existing = (*projectGroupRoleResource)(nil)
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

// existingAssignment reads the role that a create adopts, named by the parts of
// its import id.
func existingAssignment(ctx context.Context, client *adminapi.Client, m assigned, id ...types.String) (lifecycle.Found, error) {
	parts := make([]string, len(id))
	for i, part := range id {
		if part.IsUnknown() {
			return lifecycle.Found{}, nil
		}
		parts[i] = part.ValueString()
	}
	if _, err := client.RoleAssignments.Get(ctx, m.assignee(), m.role().RoleID.ValueString()); err != nil {
		return lifecycle.Found{}, err
	}
	return lifecycle.Found{Object: assignmentLabel(m), ID: parts, Destroy: "Destroying the resource takes the role away."}, nil
}

// Existing reads the role that a create adopts.
func (r *userRoleResource) Existing(ctx context.Context, plan tfsdk.Plan) (lifecycle.Found, error) {
	var m userRoleModel
	if plan.Get(ctx, &m).HasError() {
		return lifecycle.Found{}, nil
	}
	return existingAssignment(ctx, r.Client, &m, m.UserID, m.RoleID)
}

// Existing reads the role that a create adopts.
func (r *groupRoleResource) Existing(ctx context.Context, plan tfsdk.Plan) (lifecycle.Found, error) {
	var m groupRoleModel
	if plan.Get(ctx, &m).HasError() {
		return lifecycle.Found{}, nil
	}
	return existingAssignment(ctx, r.Client, &m, m.GroupID, m.RoleID)
}

// Existing reads the role that a create adopts.
func (r *projectUserRoleResource) Existing(ctx context.Context, plan tfsdk.Plan) (lifecycle.Found, error) {
	var m projectUserRoleModel
	if plan.Get(ctx, &m).HasError() {
		return lifecycle.Found{}, nil
	}
	return existingAssignment(ctx, r.Client, &m, m.ProjectID, m.UserID, m.RoleID)
}

// Existing reads the role that a create adopts.
func (r *projectGroupRoleResource) Existing(ctx context.Context, plan tfsdk.Plan) (lifecycle.Found, error) {
	var m projectGroupRoleModel
	if plan.Get(ctx, &m).HasError() {
		return lifecycle.Found{}, nil
	}
	return existingAssignment(ctx, r.Client, &m, m.ProjectID, m.GroupID, m.RoleID)
}
