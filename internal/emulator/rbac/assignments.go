package rbac

import (
	"errors"
	"slices"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator/api"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/store"
)

// principal is who has a role.
type principal struct {
	id string
	// kind is user or group.
	kind  string
	group store.Group
	user  account
}

// pathPrincipal returns the user, the service account or the group named in the
// path.
func pathPrincipal(r *api.Request) (principal, error) {
	if r.PathValue("group_id") != "" {
		group, err := pathGroup(r)
		return principal{id: group.ID, kind: "group", group: group}, err
	}
	user, err := findAccount(r, r.PathValue("user_id"))
	return principal{id: user.id, kind: "user", user: user}, err
}

// assignedReply is a role as the lists of assignments show it.
type assignedReply struct {
	ID                string             `json:"id"`
	Name              string             `json:"name"`
	Description       *string            `json:"description"`
	Permissions       []string           `json:"permissions"`
	PredefinedRole    bool               `json:"predefined_role"`
	ResourceType      string             `json:"resource_type"`
	CreatedAt         *int64             `json:"created_at"`
	UpdatedAt         *int64             `json:"updated_at"`
	CreatedBy         *string            `json:"created_by"`
	CreatedByUserObj  *struct{}          `json:"created_by_user_obj"`
	Metadata          *struct{}          `json:"metadata"`
	AssignmentSources []assignmentSource `json:"assignment_sources"`
	// base is the id without where the role is bound.
	base string
}

// assignmentSource is who was given the role: the user, or a group of theirs.
type assignmentSource struct {
	PrincipalID   string `json:"principal_id"`
	PrincipalType string `json:"principal_type"`
}

func newAssignedReply(r *api.Request, found role, sources []assignmentSource) (assignedReply, error) {
	id, err := found.bound(r)
	reply := assignedReply{
		ID: id, Name: found.Name, Description: found.Description, Permissions: permissionsOf(r, found), PredefinedRole: found.predefined,
		ResourceType: found.resourceType(), AssignmentSources: sources, base: found.ID,
	}
	if !found.predefined {
		reply.CreatedAt, reply.UpdatedAt, reply.CreatedBy = &found.CreatedAt, &found.UpdatedAt, &found.CreatedBy
	}
	return reply, err
}

// assigned lists the roles of a principal. Those of a user include the roles
// of the user's groups.
func assigned(r *api.Request, projectID string, who principal) ([]assignedReply, error) {
	sources := []assignmentSource{{who.id, who.kind}}
	if who.kind == "user" {
		groups, err := r.Tx.GroupsOf(who.id)
		if err != nil {
			return nil, err
		}
		for _, g := range groups {
			sources = append(sources, assignmentSource{g.ID, "group"})
		}
	}
	var order []string
	from := map[string][]assignmentSource{}
	for _, source := range sources {
		ids, err := r.Tx.AssignedRoles(projectID, source.PrincipalID)
		if err == nil && projectID != "" && source.PrincipalType == "user" {
			ids, err = addMembersRole(r, projectID, source.PrincipalID, ids)
		}
		if err != nil {
			return nil, err
		}
		for _, id := range ids {
			if from[id] == nil {
				order = append(order, id)
			}
			from[id] = append(from[id], source)
		}
	}
	replies := make([]assignedReply, len(order))
	for i, id := range order {
		found, err := findRole(r, projectID, id)
		if err != nil {
			return nil, err
		}
		if replies[i], err = newAssignedReply(r, found, from[id]); err != nil {
			return nil, err
		}
	}
	return replies, nil
}

// addMembersRole puts the role that a person has as a member of the project
// before the roles that were assigned.
func addMembersRole(r *api.Request, projectID, userID string, assigned []string) ([]string, error) {
	member, err := r.Tx.ProjectUser(projectID, userID)
	if errors.Is(err, store.ErrNotFound) {
		return assigned, nil
	}
	id := "role-api-project-" + member.Role
	if err != nil || slices.Contains(assigned, id) {
		return assigned, err
	}
	return append([]string{id}, assigned...), nil
}

// pathAssignments returns the place, the principal and the principal's roles.
func pathAssignments(r *api.Request) (string, principal, []assignedReply, error) {
	projectID, err := pathProject(r)
	if err != nil {
		return "", principal{}, nil, err
	}
	who, err := pathPrincipal(r)
	if err != nil {
		return "", who, nil, err
	}
	roles, err := assigned(r, projectID, who)
	return projectID, who, roles, err
}

func listAssignedRoles(r *api.Request) (any, error) {
	_, _, roles, err := pathAssignments(r)
	if err != nil {
		return nil, err
	}
	return api.PaginateNext(r, roles, func(a assignedReply) string { return a.base }, wholeThousand, "asc")
}

func getAssignedRole(r *api.Request) (any, error) {
	projectID, _, roles, err := pathAssignments(r)
	if err != nil {
		return nil, err
	}
	id := r.PathValue("role_id")
	want, err := findRole(r, projectID, id)
	if err != nil {
		return nil, api.Or(err, api.NotFound("role assignment", id))
	}
	at := slices.IndexFunc(roles, func(a assignedReply) bool { return a.base == want.ID })
	if at < 0 {
		return nil, api.NotFound("role assignment", id)
	}
	return roles[at], nil
}

// assignmentReply is the answer to an assignment, with the user or the group.
type assignmentReply struct {
	Object string        `json:"object"`
	User   *accountReply `json:"user,omitempty"`
	Group  *summaryReply `json:"group,omitempty"`
	Role   roleReply     `json:"role"`
}

type accountReply struct {
	ID      string  `json:"id"`
	Object  string  `json:"object"`
	Email   *string `json:"email"`
	Name    string  `json:"name"`
	Role    *string `json:"role"`
	AddedAt int64   `json:"added_at"`
}

// summaryReply is a group as assignments show it; is_scim_managed of other
// answers has another name here.
type summaryReply struct {
	ID          string `json:"id"`
	Object      string `json:"object"`
	Name        string `json:"name"`
	CreatedAt   int64  `json:"created_at"`
	SCIMManaged bool   `json:"scim_managed"`
}

func newAssignmentReply(who principal, given roleReply) assignmentReply {
	reply := assignmentReply{Object: who.kind + ".role", Role: given}
	if who.kind == "group" {
		g := who.group
		reply.Group = &summaryReply{ID: g.ID, Object: "group", Name: g.Name, CreatedAt: g.CreatedAt, SCIMManaged: g.IsSCIMManaged}
		return reply
	}
	reply.User = &accountReply{ID: who.id, Object: "organization.user", Name: who.user.name}
	if u := who.user.user; u != nil {
		reply.User.Email, reply.User.Role, reply.User.AddedAt = &u.Email, &u.Role, u.AddedAt
	}
	return reply
}

// assignRole takes a role that is there already as it takes others, and roles of
// service accounts as those of people. Assumptions.
func assignRole(r *api.Request) (any, error) {
	var body struct {
		RoleID string `json:"role_id"`
	}
	projectID, who, _, err := pathAssignments(r)
	if err != nil {
		return nil, err
	}
	if err := api.Decode(r, &body); err != nil {
		return nil, err
	}
	given, err := findRole(r, projectID, body.RoleID)
	if err != nil {
		return nil, api.Or(err, api.BadRequest("role_id", "No such role: %s", body.RoleID))
	}
	if who.kind == "user" && who.user.user == nil && r.Behavior.RefusesRolesOfServiceAccounts {
		return nil, api.BadRequest("user_id", "Roles cannot be assigned to service account %s.", who.id)
	}
	present, err := r.Tx.AssignedRoles(projectID, who.id)
	if err != nil {
		return nil, err
	}
	if r.Behavior.RefusesRepeats && slices.Contains(present, given.ID) {
		return nil, api.BadRequest("role_id", "Role %s already exists for %s.", given.ID, who.id)
	}
	if err := r.Tx.AssignRole(projectID, who.id, given.ID); err != nil {
		return nil, err
	}
	reply, err := newRoleReply(r, given)
	if err != nil {
		return nil, err
	}
	if reply.ID, err = given.bound(r); err != nil {
		return nil, err
	}
	return newAssignmentReply(who, reply), logAssignment(r, "role.assignment.created", projectID, who, given)
}

// unassignRole removes only a role that was assigned to the principal itself.
func unassignRole(r *api.Request) (any, error) {
	projectID, who, _, err := pathAssignments(r)
	if err != nil {
		return nil, err
	}
	id := r.PathValue("role_id")
	taken, err := findRole(r, projectID, id)
	if err == nil {
		err = r.Tx.UnassignRole(projectID, who.id, taken.ID)
	}
	if err != nil {
		return nil, api.Or(err, api.NotFound("role assignment", id))
	}
	return api.Deleted{Object: who.kind + ".role.deleted", Deleted: true}, logAssignment(r, "role.assignment.deleted", projectID, who, taken)
}

// auditAssignment has the fields of an assignment in the audit log.
type auditAssignment struct {
	ID            string `json:"id"`
	PrincipalID   string `json:"principal_id"`
	PrincipalType string `json:"principal_type"`
	ResourceID    string `json:"resource_id,omitempty"`
	ResourceType  string `json:"resource_type"`
}

func logAssignment(r *api.Request, kind, projectID string, who principal, given role) error {
	id := who.id + "__" + given.ID
	return r.LogDetails(kind, id, auditAssignment{ID: id, PrincipalID: who.id, PrincipalType: who.kind, ResourceID: projectID, ResourceType: given.resourceType()})
}
