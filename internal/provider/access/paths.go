package access

import (
	"context"
	"slices"
	"strings"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
)

// The API paths of the objects, which say which resources are about the same.

// roleBelow is the path of a role of this list, whichever form its id has.
func roleBelow(list string, object lifecycle.Values, attribute string) string {
	role := adminapi.BaseRole(object.Text(attribute))
	if list == "" || role == "" {
		return ""
	}
	return list + "/" + role
}

// ObjectPath names the role of the group besides, which
// openai_project_group_role could manage as well.
func (r *projectGroupResource) ObjectPath(_ context.Context, object lifecycle.Values) lifecycle.Paths {
	paths := lifecycle.Named(object.Path("/organization/projects/{project_id}/groups/{group_id}"))
	if role := roleBelow(object.Path("/projects/{project_id}/groups/{group_id}/roles"), object, "role"); role != "" {
		paths.Members = []string{role}
	}
	paths.MembersUnknown = len(paths.Members) == 0
	return paths
}

func (r *groupUserResource) ObjectPath(_ context.Context, object lifecycle.Values) lifecycle.Paths {
	return lifecycle.Named(object.Path("/organization/groups/{group_id}/users/{user_id}"))
}

// ObjectPath names each member besides. The list of the group's members, which
// this resource reads anyway, says whose an address is.
func (r *groupMembersResource) ObjectPath(ctx context.Context, object lifecycle.Values) lifecycle.Paths {
	users := object.Path("/organization/groups/{group_id}/users")
	if users == "" {
		return lifecycle.Paths{}
	}
	names, unknown := object.Texts("members")
	paths := lifecycle.Named(users)
	paths.Within, paths.MembersUnknown = users+"/", unknown
	var present []adminapi.GroupUser
	if r.Client != nil && slices.ContainsFunc(names, isAddress) {
		// Where the list cannot be read, the addresses stand for themselves.
		present, _ = r.Client.GroupUsers.List(ctx, object.Text("group_id"))
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
	return paths
}
