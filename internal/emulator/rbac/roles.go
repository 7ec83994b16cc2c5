package rbac

import (
	"errors"
	"slices"
	"strings"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator/api"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/seed"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/store"
)

// role is a custom or a predefined role.
type role struct {
	store.Role
	predefined bool
}

// predefined returns the roles that every organization, or every project, has.
// Their permissions are an excerpt: the whole list is not published. So are the
// descriptions; those of owners and viewers of projects are not known.
func predefined(projectID string) []role {
	predefined := func(id, name, description string, permissions ...string) role {
		known := role{store.Role{ID: id, ProjectID: projectID, Name: name, Permissions: permissions}, true}
		if description != "" {
			known.Description = &description
		}
		return known
	}
	if projectID == "" {
		return []role{
			predefined("role-api-organization-owner", "owner", "Can modify billing information and manage organization members",
				"api.groups.read", "api.groups.write", "api.management.read", "api.management.write"),
			predefined("role-api-organization-reader", "reader", "Can make standard API requests and read basic organizational data", "api.management.read"),
		}
	}
	return []role{
		predefined("role-api-project-owner", "owner", "", "api.model.request", "api.project.read", "api.project.write"),
		predefined("role-api-project-member", "member", "Can make API requests that read or modify data", "api.model.request", "api.project.read"),
		predefined("role-api-project-viewer", "viewer", "", "api.project.read"),
	}
}

func (r role) resourceType() string {
	if r.ProjectID == "" {
		return "api.organization"
	}
	return "api.project"
}

// bound is the id that assignments show: that of a predefined role contains its
// project.
func (r role) bound(req *api.Request) (string, error) {
	if !r.predefined {
		return r.ID, nil
	}
	if r.ProjectID != "" {
		return r.ID + "__api-project__" + r.ProjectID, nil
	}
	organization, err := req.Tx.Setting(seed.OrganizationID)
	return r.ID + "__api-organization__" + organization, err
}

// findRole returns a role by its id, with or without where it is bound.
func findRole(r *api.Request, projectID, id string) (role, error) {
	base, _, _ := strings.Cut(id, "__api-")
	for _, known := range predefined(projectID) {
		if known.ID == base {
			return known, nil
		}
	}
	custom, err := r.Tx.Role(projectID, base)
	return role{Role: custom}, err
}

type roleReply struct {
	ID             string   `json:"id"`
	Object         string   `json:"object"`
	Name           string   `json:"name"`
	Description    *string  `json:"description"`
	Permissions    []string `json:"permissions"`
	PredefinedRole bool     `json:"predefined_role"`
	ResourceType   string   `json:"resource_type"`
}

func newRoleReply(r *api.Request, found role) (roleReply, error) {
	reply := roleReply{
		ID: found.ID, Object: "role", Name: found.Name, Description: found.Description, Permissions: permissionsOf(r, found),
		PredefinedRole: found.predefined, ResourceType: found.resourceType(),
	}
	if r.Behavior.ShortRoleIDs {
		return reply, nil
	}
	var err error
	reply.ID, err = found.bound(r)
	return reply, err
}

// permissionsOf returns the permissions of a role in the order in which they
// were sent. Assumption A-43.
func permissionsOf(r *api.Request, found role) []string {
	permissions := slices.Clone(found.Permissions)
	if r.Behavior.ShufflePermissions {
		slices.Reverse(permissions)
	}
	return permissions
}

func listRoles(r *api.Request) (any, error) {
	projectID, err := pathProject(r)
	if err != nil {
		return nil, err
	}
	custom, err := r.Tx.Roles(projectID)
	if err != nil {
		return nil, err
	}
	replies := []roleReply{}
	roles := predefined(projectID)
	for _, own := range custom {
		roles = append(roles, role{Role: own})
	}
	for _, found := range roles {
		reply, err := newRoleReply(r, found)
		if err != nil {
			return nil, err
		}
		replies = append(replies, reply)
	}
	return api.PaginateNext(r, replies, func(r roleReply) string { return r.ID }, wholeThousand, "asc")
}

// pathRole returns the role named in the path; one that is changed must
// be a custom one.
func pathRole(r *api.Request, custom bool) (role, error) {
	projectID, err := pathProject(r)
	if err != nil {
		return role{}, err
	}
	id := r.PathValue("role_id")
	found, err := findRole(r, projectID, id)
	if err != nil {
		return found, api.Or(err, api.NotFound("role", id))
	}
	if custom && found.predefined {
		return found, api.BadRequest("", "Role %s is predefined and cannot be changed.", found.ID)
	}
	return found, nil
}

func getRole(r *api.Request) (any, error) {
	found, err := pathRole(r, false)
	if err != nil {
		return nil, err
	}
	return newRoleReply(r, found)
}

// checkName refuses a name that another role of the place has.
func checkName(r *api.Request, projectID, name string) error {
	if strings.TrimSpace(name) == "" {
		return api.BadRequest("role_name", "Missing required parameter: 'role_name'.")
	}
	if slices.ContainsFunc(predefined(projectID), func(known role) bool { return known.Name == name }) {
		return api.BadRequest("role_name", "A role named %q already exists.", name)
	}
	if _, err := r.Tx.RoleByName(projectID, name); err == nil {
		return api.BadRequest("role_name", "A role named %q already exists.", name)
	} else if !errors.Is(err, store.ErrNotFound) {
		return err
	}
	return nil
}

// administration are the areas whose permissions custom roles cannot have.
var administration = []string{"api.groups.", "api.roles.", "api.management.", "api.external_keys.", "api.organization.projects.write"}

// checkPermissions refuses permissions of organization management. Assumption
//
func checkPermissions(r *api.Request, permissions []string) error {
	for _, permission := range permissions {
		if r.Behavior.RefusesGroupPermissions && slices.ContainsFunc(administration, func(area string) bool { return strings.HasPrefix(permission, area) }) {
			return api.BadRequest("permissions", "Permission %q is not available for custom roles.", permission)
		}
	}
	return nil
}

func createRole(r *api.Request) (any, error) {
	var body struct {
		RoleName    string                 `json:"role_name"`
		Permissions api.Optional[[]string] `json:"permissions"`
		Description *string                `json:"description"`
	}
	projectID, err := pathProject(r)
	if err != nil {
		return nil, err
	}
	if err := api.Decode(r, &body); err != nil {
		return nil, err
	}
	if !body.Permissions.Set() {
		return nil, api.BadRequest("permissions", "Missing required parameter: 'permissions'.")
	}
	if err := checkName(r, projectID, body.RoleName); err != nil {
		return nil, err
	}
	if err := checkPermissions(r, body.Permissions.Value); err != nil {
		return nil, err
	}
	added, err := r.Tx.AddRole(store.Role{
		ProjectID: projectID, Name: body.RoleName, Description: body.Description, Permissions: distinct(body.Permissions.Value),
		CreatedAt: r.Now(), UpdatedAt: r.Now(), CreatedBy: r.Caller.ID,
	})
	if err != nil {
		return nil, err
	}
	created := role{Role: added}
	reply, err := newRoleReply(r, created)
	return reply, errors.Join(err, r.LogDetails("role.created", created.ID, auditRole{
		ID: created.ID, RoleName: created.Name, Permissions: created.Permissions, ResourceType: created.resourceType(), ResourceID: projectID,
	}))
}

// auditRole has the fields of a new role in the audit log.
type auditRole struct {
	ID           string   `json:"id"`
	RoleName     string   `json:"role_name"`
	Permissions  []string `json:"permissions"`
	ResourceType string   `json:"resource_type"`
	ResourceID   string   `json:"resource_id,omitempty"`
}

// auditRoleChange has the fields of a changed role in the audit log.
type auditRoleChange struct {
	RoleName           string   `json:"role_name,omitempty"`
	Description        string   `json:"description,omitempty"`
	PermissionsAdded   []string `json:"permissions_added,omitempty"`
	PermissionsRemoved []string `json:"permissions_removed,omitempty"`
}

// distinct drops repetitions and keeps the order.
func distinct(permissions []string) []string {
	kept := []string{}
	for _, p := range permissions {
		if !slices.Contains(kept, p) {
			kept = append(kept, p)
		}
	}
	return kept
}

func without(permissions, others []string) []string {
	return slices.DeleteFunc(slices.Clone(permissions), func(p string) bool { return slices.Contains(others, p) })
}

// updateRole changes the fields in the request. Assumption A-6: null clears the
// description and leaves the rest.
func updateRole(r *api.Request) (any, error) {
	var body struct {
		RoleName    api.Optional[string]   `json:"role_name"`
		Permissions api.Optional[[]string] `json:"permissions"`
		Description api.Optional[string]   `json:"description"`
	}
	found, err := pathRole(r, true)
	if err != nil {
		return nil, err
	}
	if err := api.Decode(r, &body); err != nil {
		return nil, err
	}
	var requested auditRoleChange
	if body.RoleName.Set() && body.RoleName.Value != found.Name {
		if err := checkName(r, found.ProjectID, body.RoleName.Value); err != nil {
			return nil, err
		}
		found.Name, requested.RoleName = body.RoleName.Value, body.RoleName.Value
	}
	if body.Permissions.Set() {
		want := distinct(body.Permissions.Value)
		if err := checkPermissions(r, want); err != nil {
			return nil, err
		}
		requested.PermissionsAdded, requested.PermissionsRemoved = without(want, found.Permissions), without(found.Permissions, want)
		found.Permissions = want
	}
	switch {
	case body.Description.Null && r.Behavior.NullClearsNothing:
	case body.Description.Null:
		found.Description = nil
	case body.Description.Present:
		found.Description, requested.Description = &body.Description.Value, body.Description.Value
	}
	found.UpdatedAt = r.Now()
	if err := r.Tx.UpdateRole(found.Role); err != nil {
		return nil, err
	}
	reply, err := newRoleReply(r, found)
	return reply, errors.Join(err, r.Log("role.updated", api.Change{ID: found.ID, Requested: requested}))
}

func removeRole(r *api.Request) (any, error) {
	found, err := pathRole(r, true)
	if err != nil {
		return nil, err
	}
	if err := r.Tx.RemoveRole(found.ID); err != nil {
		return nil, err
	}
	return api.Deleted{ID: found.ID, Object: "role.deleted", Deleted: true}, r.Log("role.deleted", api.Change{ID: found.ID})
}
