package store

// User is a member of the organization.
type User struct {
	ID               string
	Email            string
	Name             string
	Role             string
	AddedAt          int64
	TechnicalLevel   *string
	DeveloperPersona *string
	IsSCIMManaged    bool
	KeyLastUsedAt    *int64
}

const userColumns = `SELECT id, email, name, role, added_at, technical_level, developer_persona, is_scim_managed, api_key_last_used_at FROM users `

func scanUser(row scanner) (u User, err error) {
	err = row.Scan(&u.ID, &u.Email, &u.Name, &u.Role, &u.AddedAt, &u.TechnicalLevel, &u.DeveloperPersona, &u.IsSCIMManaged, &u.KeyLastUsedAt)
	return u, err
}

// AddUser stores a new member; an empty id is chosen here.
func (tx *Tx) AddUser(u User) (_ User, err error) {
	if u.ID == "" {
		if u.ID, err = tx.newID("user-", prefixed("user-")); err != nil {
			return u, err
		}
	}
	return u, tx.exec("INSERT INTO users (id, email, name, role, added_at, is_scim_managed) VALUES (?, ?, ?, ?, ?, ?)",
		u.ID, u.Email, u.Name, u.Role, u.AddedAt, u.IsSCIMManaged)
}

// User returns a member by id.
func (tx *Tx) User(id string) (User, error) {
	return queryOne(tx, scanUser, userColumns+"WHERE id = ?", id)
}

// UserByEmail returns a member by e-mail address, in any case.
func (tx *Tx) UserByEmail(email string) (User, error) {
	return queryOne(tx, scanUser, userColumns+"WHERE email = ?", email)
}

// Users lists the members, oldest first.
func (tx *Tx) Users() ([]User, error) {
	return query(tx, scanUser, userColumns+"ORDER BY added_at, seq")
}

// UpdateUser writes the mutable fields of a member.
func (tx *Tx) UpdateUser(u User) error {
	return tx.execOne("UPDATE users SET role = ?, technical_level = ?, developer_persona = ? WHERE id = ?",
		u.Role, u.TechnicalLevel, u.DeveloperPersona, u.ID)
}

// RemoveUser removes a member, with all that hangs on it.
func (tx *Tx) RemoveUser(id string) error {
	return tx.execOne("DELETE FROM users WHERE id = ?", id)
}

// ProjectUser is a member's place in a project.
type ProjectUser struct {
	ProjectID string
	UserID    string
	Email     string
	Name      string
	Role      string
	AddedAt   int64
}

const projectUserColumns = `SELECT m.project_id, m.user_id, u.email, u.name, m.role, m.added_at
	FROM project_users m JOIN users u ON u.id = m.user_id `

func scanProjectUser(row scanner) (u ProjectUser, err error) {
	err = row.Scan(&u.ProjectID, &u.UserID, &u.Email, &u.Name, &u.Role, &u.AddedAt)
	return u, err
}

// ProjectUser returns one member of a project.
func (tx *Tx) ProjectUser(projectID, userID string) (ProjectUser, error) {
	return queryOne(tx, scanProjectUser, projectUserColumns+"WHERE m.project_id = ? AND m.user_id = ?", projectID, userID)
}

// ProjectUsers lists the members of a project, oldest first.
func (tx *Tx) ProjectUsers(projectID string) ([]ProjectUser, error) {
	return query(tx, scanProjectUser, projectUserColumns+"WHERE m.project_id = ? ORDER BY m.added_at, u.seq", projectID)
}

// PutProjectUser adds a member to a project or changes the role there.
func (tx *Tx) PutProjectUser(u ProjectUser) error {
	return tx.exec(`INSERT INTO project_users (project_id, user_id, role, added_at) VALUES (?, ?, ?, ?)
		ON CONFLICT (project_id, user_id) DO UPDATE SET role = excluded.role`, u.ProjectID, u.UserID, u.Role, u.AddedAt)
}

// RemoveProjectUser takes a member out of a project.
func (tx *Tx) RemoveProjectUser(projectID, userID string) error {
	return tx.execOne("DELETE FROM project_users WHERE project_id = ? AND user_id = ?", projectID, userID)
}
