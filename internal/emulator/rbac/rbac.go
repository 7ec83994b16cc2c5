// Package rbac serves groups, roles, and who has which of them.
package rbac

import (
	"errors"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator/api"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/store"
)

// Routes registers the endpoints of groups and roles.
func Routes(router api.Router) {
	router.Handle("GET /organization/groups", listGroups)
	router.Handle("POST /organization/groups", createGroup)
	router.Handle("GET /organization/groups/{group_id}", getGroup)
	router.Handle("POST /organization/groups/{group_id}", updateGroup)
	router.Handle("DELETE /organization/groups/{group_id}", removeGroup)

	router.Handle("GET /organization/groups/{group_id}/users", listGroupUsers)
	router.Handle("POST /organization/groups/{group_id}/users", addGroupUser)
	router.Handle("GET /organization/groups/{group_id}/users/{user_id}", getGroupUser)
	router.Handle("DELETE /organization/groups/{group_id}/users/{user_id}", removeGroupUser)

	router.Handle("GET /organization/projects/{project_id}/groups", listProjectGroups)
	router.Handle("POST /organization/projects/{project_id}/groups", addProjectGroup)
	router.Handle("GET /organization/projects/{project_id}/groups/{group_id}", getProjectGroup)
	router.Handle("DELETE /organization/projects/{project_id}/groups/{group_id}", removeProjectGroup)

	// The roles of projects do not lie below /organization.
	for _, prefix := range []string{"/organization", "/projects/{project_id}"} {
		router.Handle("GET "+prefix+"/roles", listRoles)
		router.Handle("POST "+prefix+"/roles", createRole)
		router.Handle("GET "+prefix+"/roles/{role_id}", getRole)
		router.Handle("POST "+prefix+"/roles/{role_id}", updateRole)
		router.Handle("DELETE "+prefix+"/roles/{role_id}", removeRole)
		for _, principal := range []string{"/users/{user_id}", "/groups/{group_id}"} {
			router.Handle("GET "+prefix+principal+"/roles", listAssignedRoles)
			router.Handle("POST "+prefix+principal+"/roles", assignRole)
			router.Handle("GET "+prefix+principal+"/roles/{role_id}", getAssignedRole)
			router.Handle("DELETE "+prefix+principal+"/roles/{role_id}", unassignRole)
		}
	}
}

// The bounds of the lists of groups, and of those of roles.
var (
	hundredOfThousand = api.Limits{Min: 0, Max: 1000, Default: 100}
	wholeThousand     = api.Limits{Min: 0, Max: 1000, Default: 1000}
)

// pathProject returns the id of the project named in the path, empty for the
// organization.
func pathProject(r *api.Request) (string, error) {
	if r.PathValue("project_id") == "" {
		return "", nil
	}
	project, err := api.ActiveProject(r)
	return project.ID, err
}

func pathGroup(r *api.Request) (store.Group, error) {
	id := r.PathValue("group_id")
	group, err := r.Tx.Group(id)
	return group, api.Or(err, api.NotFound("group", id))
}

// account is a person or a service account.
type account struct {
	id, name string
	user     *store.User
}

// findAccount returns the person or the service account with this id.
func findAccount(r *api.Request, id string) (account, error) {
	user, err := r.Tx.User(id)
	if err == nil {
		return account{user.ID, user.Name, &user}, nil
	}
	if !errors.Is(err, store.ErrNotFound) {
		return account{}, err
	}
	service, err := r.Tx.AnyServiceAccount(id)
	if err == nil && service.Deleted() {
		err = store.ErrNotFound
	}
	return account{id: service.ID, name: service.Name}, api.Or(err, api.NotFound("user", id))
}
