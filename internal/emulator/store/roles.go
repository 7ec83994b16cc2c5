package store

import (
	"encoding/json"
	"strings"
)

// Role is a custom role.
type Role struct {
	ID string
	// ProjectID is empty for a role of the organization.
	ProjectID   string
	Name        string
	Description *string
	Permissions []string
	CreatedAt   int64
	UpdatedAt   int64
	CreatedBy   string
}

const roleColumns = "SELECT id, project_id, name, description, permissions, created_at, updated_at, created_by FROM roles "

func scanRole(row scanner) (r Role, err error) {
	var permissions []byte
	if err = row.Scan(&r.ID, &r.ProjectID, &r.Name, &r.Description, &permissions, &r.CreatedAt, &r.UpdatedAt, &r.CreatedBy); err != nil {
		return r, err
	}
	return r, json.Unmarshal(permissions, &r.Permissions)
}

// AddRole stores a new role and chooses its id.
func (tx *Tx) AddRole(r Role) (_ Role, err error) {
	other := prefixed("role_")
	if of, ok := strings.CutPrefix(r.ProjectID, "proj_"); ok {
		other = func(noise []byte) string { return "role_proj_" + of + "~" + digits(noise) }
	}
	if r.ID, err = tx.newID("role_", other); err != nil {
		return r, err
	}
	permissions, err := json.Marshal(r.Permissions)
	if err != nil {
		return r, err
	}
	return r, tx.exec("INSERT INTO roles (id, project_id, name, description, permissions, created_at, updated_at, created_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
		r.ID, r.ProjectID, r.Name, r.Description, string(permissions), r.CreatedAt, r.UpdatedAt, r.CreatedBy)
}

// Role returns a role of the organization or of a project.
func (tx *Tx) Role(projectID, id string) (Role, error) {
	return queryOne(tx, scanRole, roleColumns+"WHERE project_id = ? AND id = ?", projectID, id)
}

// RoleByName is Role for a name.
func (tx *Tx) RoleByName(projectID, name string) (Role, error) {
	return queryOne(tx, scanRole, roleColumns+"WHERE project_id = ? AND name = ?", projectID, name)
}

// Roles lists the custom roles of the organization or of a project, oldest
// first.
func (tx *Tx) Roles(projectID string) ([]Role, error) {
	return query(tx, scanRole, roleColumns+"WHERE project_id = ? ORDER BY created_at, seq", projectID)
}

// UpdateRole writes the mutable fields of a role.
func (tx *Tx) UpdateRole(r Role) error {
	permissions, err := json.Marshal(r.Permissions)
	if err != nil {
		return err
	}
	return tx.execOne("UPDATE roles SET name = ?, description = ?, permissions = ?, updated_at = ? WHERE id = ?",
		r.Name, r.Description, string(permissions), r.UpdatedAt, r.ID)
}

// RemoveRole removes a role, and takes it from all who have it.
func (tx *Tx) RemoveRole(id string) error {
	return tx.execOne("DELETE FROM roles WHERE id = ?", id)
}

// AssignRole gives a user or a group a role, unless they have it already.
func (tx *Tx) AssignRole(projectID, principalID, roleID string) error {
	return tx.exec("INSERT INTO role_assignments (project_id, principal_id, role_id) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", projectID, principalID, roleID)
}

// UnassignRole takes a role from a user or a group.
func (tx *Tx) UnassignRole(projectID, principalID, roleID string) error {
	return tx.execOne("DELETE FROM role_assignments WHERE project_id = ? AND principal_id = ? AND role_id = ?", projectID, principalID, roleID)
}

// AssignedRoles lists the ids of the roles that a user or a group was given.
func (tx *Tx) AssignedRoles(projectID, principalID string) ([]string, error) {
	return query(tx, func(row scanner) (id string, err error) { return id, row.Scan(&id) },
		"SELECT role_id FROM role_assignments WHERE project_id = ? AND principal_id = ? ORDER BY seq", projectID, principalID)
}
