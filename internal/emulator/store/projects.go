package store

// Project is a project of the organization.
type Project struct {
	ID            string
	Name          string
	CreatedAt     int64
	ArchivedAt    *int64
	ExternalKeyID *string
	Residency     string
	IsDefault     bool
}

const projectColumns = "SELECT id, name, created_at, archived_at, external_key_id, residency, is_default FROM projects "

func scanProject(row scanner) (p Project, err error) {
	err = row.Scan(&p.ID, &p.Name, &p.CreatedAt, &p.ArchivedAt, &p.ExternalKeyID, &p.Residency, &p.IsDefault)
	return p, err
}

// AddProject stores a new project; an empty id is chosen here.
func (tx *Tx) AddProject(p Project) (_ Project, err error) {
	if p.ID == "" {
		if p.ID, err = tx.newID("proj_", prefixed("proj_")); err != nil {
			return p, err
		}
	}
	return p, tx.exec("INSERT INTO projects (id, name, created_at, archived_at, external_key_id, residency, is_default) VALUES (?, ?, ?, ?, ?, ?, ?)",
		p.ID, p.Name, p.CreatedAt, p.ArchivedAt, p.ExternalKeyID, p.Residency, p.IsDefault)
}

// Project returns a project, also an archived one.
func (tx *Tx) Project(id string) (Project, error) {
	return queryOne(tx, scanProject, projectColumns+"WHERE id = ?", id)
}

// DefaultProject returns the organization's default project.
func (tx *Tx) DefaultProject() (Project, error) {
	return queryOne(tx, scanProject, projectColumns+"WHERE is_default = 1")
}

// Projects lists projects, oldest first.
func (tx *Tx) Projects(includeArchived bool) ([]Project, error) {
	return query(tx, scanProject, projectColumns+"WHERE ? OR archived_at IS NULL ORDER BY created_at, seq", includeArchived)
}

// UpdateProject writes the mutable fields of a project.
func (tx *Tx) UpdateProject(p Project) error {
	return tx.execOne("UPDATE projects SET name = ?, external_key_id = ?, archived_at = ? WHERE id = ?", p.Name, p.ExternalKeyID, p.ArchivedAt, p.ID)
}

// ArchiveProject marks a project as archived and removes the objects that an
// archived project no longer has: service accounts, keys, members, active
// certificates.
func (tx *Tx) ArchiveProject(p Project) error {
	for _, statement := range []string{
		"DELETE FROM api_keys WHERE project_id = ?",
		"DELETE FROM service_accounts WHERE project_id = ?",
		"DELETE FROM project_users WHERE project_id = ?",
		"DELETE FROM active_certificates WHERE scope = ?",
	} {
		if err := tx.exec(statement, p.ID); err != nil {
			return err
		}
	}
	return tx.UpdateProject(p)
}
