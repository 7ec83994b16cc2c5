package rbac

import (
	"errors"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator/api"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/store"
)

type projectGroupReply struct {
	Object    string `json:"object"`
	ProjectID string `json:"project_id"`
	GroupID   string `json:"group_id"`
	GroupName string `json:"group_name"`
	GroupType string `json:"group_type"`
	CreatedAt int64  `json:"created_at"`
}

func newProjectGroupReply(g store.ProjectGroup) projectGroupReply {
	return projectGroupReply{Object: "project.group", ProjectID: g.ProjectID, GroupID: g.GroupID, GroupName: g.Name, GroupType: g.Type, CreatedAt: g.CreatedAt}
}

func listProjectGroups(r *api.Request) (any, error) {
	project, err := api.ActiveProject(r)
	if err != nil {
		return nil, err
	}
	groups, err := r.Tx.ProjectGroups(project.ID)
	if err != nil {
		return nil, err
	}
	replies := make([]projectGroupReply, len(groups))
	for i, g := range groups {
		replies[i] = newProjectGroupReply(g)
	}
	return api.PaginateNext(r, replies, func(g projectGroupReply) string { return g.GroupID }, api.Limits{Min: 0, Max: 100, Default: 20}, "asc")
}

func addProjectGroup(r *api.Request) (any, error) {
	var body struct {
		GroupID string `json:"group_id"`
		Role    string `json:"role"`
	}
	project, err := api.ActiveProject(r)
	if err != nil {
		return nil, err
	}
	if err := api.Decode(r, &body); err != nil {
		return nil, err
	}
	group, err := r.Tx.Group(body.GroupID)
	if err != nil {
		return nil, api.Or(err, api.BadRequest("group_id", "No such group: %s", body.GroupID))
	}
	role, err := findRole(r, project.ID, body.Role)
	if err != nil {
		return nil, api.Or(err, api.BadRequest("role", "No such role: %s", body.Role))
	}
	if _, err := r.Tx.ProjectGroup(project.ID, group.ID); err == nil {
		return nil, api.BadRequest("", "Group %s already exists in project %s.", group.ID, project.ID)
	} else if !errors.Is(err, store.ErrNotFound) {
		return nil, err
	}
	added := store.ProjectGroup{ProjectID: project.ID, GroupID: group.ID, Name: group.Name, Type: group.Type, CreatedAt: r.Now()}
	if err := r.Tx.AddProjectGroup(added); err != nil {
		return nil, err
	}
	if err := r.Tx.AssignRole(project.ID, group.ID, role.ID); err != nil {
		return nil, err
	}
	return newProjectGroupReply(added), logAssignment(r, "role.assignment.created", project.ID, principal{id: group.ID, kind: "group"}, role)
}

// pathProjectGroup finds groups of the type that the query asks for, which is
// group when it does not say.
func pathProjectGroup(r *api.Request, anyType bool) (store.ProjectGroup, error) {
	project, err := api.ActiveProject(r)
	if err != nil {
		return store.ProjectGroup{}, err
	}
	id := r.PathValue("group_id")
	group, err := r.Tx.ProjectGroup(project.ID, id)
	if err != nil {
		return group, api.Or(err, api.NotFound("project group", id))
	}
	want := r.URL.Query().Get("group_type")
	if want == "" {
		want = "group"
	}
	if !anyType && group.Type != want {
		return group, api.NotFound("project group", id)
	}
	return group, nil
}

func getProjectGroup(r *api.Request) (any, error) {
	group, err := pathProjectGroup(r, false)
	return newProjectGroupReply(group), err
}

func removeProjectGroup(r *api.Request) (any, error) {
	group, err := pathProjectGroup(r, true)
	if err != nil {
		return nil, err
	}
	roles, err := r.Tx.AssignedRoles(group.ProjectID, group.GroupID)
	if err != nil {
		return nil, err
	}
	if err := r.Tx.RemoveProjectGroup(group.ProjectID, group.GroupID); err != nil {
		return nil, err
	}
	for _, id := range roles {
		role, err := findRole(r, group.ProjectID, id)
		if err != nil {
			return nil, err
		}
		if err := logAssignment(r, "role.assignment.deleted", group.ProjectID, principal{id: group.GroupID, kind: "group"}, role); err != nil {
			return nil, err
		}
	}
	return api.Deleted{Object: "project.group.deleted", Deleted: true}, nil
}
