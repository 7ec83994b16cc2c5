package rbac

import (
	"cmp"
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/openai/openai-go/v3"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
)

// The lists of assignments share the code below.

// heldRole is a role of a user or group in a project.
type heldRole struct {
	// id and name are those of the group, the person or the service account.
	id, name string
	role     adminapi.AssignedRole
}

// label names the assignment as a person would.
func (h *heldRole) label(project *openai.Project) string {
	return h.role.Name + " of " + cmp.Or(h.name, h.id) + " in " + project.Name
}

// listedAssignment is an assignment that is not in a state yet, so that the
// short form of the id is right.
func listedAssignment(ctx context.Context, role *adminapi.AssignedRole, diags *diag.Diagnostics) assignmentModel {
	m := assignmentModel{RoleID: types.StringValue(adminapi.BaseRole(role.ID))}
	m.flatten(ctx, role, diags)
	return m
}

// customAssignments are the roles of a user or group that OpenAI does not define. The
// others belong to the resources that make people members.
func customAssignments(ctx context.Context, client *adminapi.Client, a adminapi.Assignee) ([]adminapi.AssignedRole, error) {
	roles, err := client.RoleAssignments.List(ctx, a)
	return slices.DeleteFunc(roles, func(role adminapi.AssignedRole) bool { return role.Predefined }), err
}

// mainRole chooses the role of openai_project_group among those that a group
// has in a project, so that openai_project_group_role is left with the others:
// a predefined one if there is any. It is null when there are no roles.
func mainRole(roles []adminapi.AssignedRole) types.String {
	if len(roles) == 0 {
		return types.StringNull()
	}
	rank := func(role adminapi.AssignedRole) int {
		if role.Predefined {
			return 0
		}
		return 1
	}
	main := slices.MinFunc(roles, func(a, b adminapi.AssignedRole) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a.ID, b.ID))
	})
	return types.StringValue(adminapi.BaseRole(main.ID))
}
