package store

// Group is a group of people and service accounts.
type Group struct {
	ID        string
	Name      string
	CreatedAt int64
	// Type is group, or tenant_group for one that several organizations share.
	Type          string
	IsSCIMManaged bool
}

const groupColumns = "SELECT id, name, created_at, group_type, is_scim_managed FROM user_groups "

func scanGroup(row scanner) (g Group, err error) {
	err = row.Scan(&g.ID, &g.Name, &g.CreatedAt, &g.Type, &g.IsSCIMManaged)
	return g, err
}

// AddGroup stores a new group; an empty id is chosen here.
func (tx *Tx) AddGroup(g Group) (_ Group, err error) {
	if g.ID == "" {
		if g.ID, err = tx.newID("group_", digits); err != nil {
			return g, err
		}
	}
	return g, tx.exec("INSERT INTO user_groups (id, name, created_at, group_type, is_scim_managed) VALUES (?, ?, ?, ?, ?)",
		g.ID, g.Name, g.CreatedAt, g.Type, g.IsSCIMManaged)
}

// Group returns a group.
func (tx *Tx) Group(id string) (Group, error) {
	return queryOne(tx, scanGroup, groupColumns+"WHERE id = ?", id)
}

// Groups lists the groups, oldest first.
func (tx *Tx) Groups() ([]Group, error) {
	return query(tx, scanGroup, groupColumns+"ORDER BY created_at, seq")
}

// RenameGroup gives a group another name.
func (tx *Tx) RenameGroup(id, name string) error {
	return tx.execOne("UPDATE user_groups SET name = ? WHERE id = ?", name, id)
}

// RemoveGroup removes a group, with all that hangs on it.
func (tx *Tx) RemoveGroup(id string) error {
	return tx.execOne("DELETE FROM user_groups WHERE id = ?", id)
}

// GroupUser is a person or a service account in a group.
type GroupUser struct {
	GroupID string
	UserID  string
	// Email is nil for a service account.
	Email            *string
	Name             string
	IsServiceAccount bool
}

const groupUserColumns = `SELECT m.group_id, m.user_id, u.email, COALESCE(u.name, a.name), a.id IS NOT NULL FROM group_users m
	LEFT JOIN users u ON u.id = m.user_id LEFT JOIN service_accounts a ON a.id = m.user_id `

func scanGroupUser(row scanner) (u GroupUser, err error) {
	err = row.Scan(&u.GroupID, &u.UserID, &u.Email, &u.Name, &u.IsServiceAccount)
	return u, err
}

// GroupUser returns one member of a group.
func (tx *Tx) GroupUser(groupID, userID string) (GroupUser, error) {
	return queryOne(tx, scanGroupUser, groupUserColumns+"WHERE m.group_id = ? AND m.user_id = ?", groupID, userID)
}

// GroupUsers lists the members of a group in the order in which they came.
func (tx *Tx) GroupUsers(groupID string) ([]GroupUser, error) {
	return query(tx, scanGroupUser, groupUserColumns+"WHERE m.group_id = ? ORDER BY m.seq", groupID)
}

// AddGroupUser makes a user a member of a group, unless the user is one already.
func (tx *Tx) AddGroupUser(groupID, userID string) error {
	return tx.exec("INSERT INTO group_users (group_id, user_id) VALUES (?, ?) ON CONFLICT DO NOTHING", groupID, userID)
}

// RemoveGroupUser takes a member out of a group.
func (tx *Tx) RemoveGroupUser(groupID, userID string) error {
	return tx.execOne("DELETE FROM group_users WHERE group_id = ? AND user_id = ?", groupID, userID)
}

// GroupsOf lists the groups of a user.
func (tx *Tx) GroupsOf(userID string) ([]Group, error) {
	return query(tx, scanGroup, groupColumns+"WHERE id IN (SELECT group_id FROM group_users WHERE user_id = ?) ORDER BY created_at, seq", userID)
}

// AnyServiceAccount returns a service account of whichever project.
func (tx *Tx) AnyServiceAccount(id string) (ServiceAccount, error) {
	return queryOne(tx, scanServiceAccount, serviceAccountColumns+"WHERE id = ?", id)
}

// ProjectGroup is a group's place in a project.
type ProjectGroup struct {
	ProjectID string
	GroupID   string
	Name      string
	Type      string
	CreatedAt int64
}

const projectGroupColumns = `SELECT p.project_id, p.group_id, g.name, g.group_type, p.created_at
	FROM project_groups p JOIN user_groups g ON g.id = p.group_id `

func scanProjectGroup(row scanner) (g ProjectGroup, err error) {
	err = row.Scan(&g.ProjectID, &g.GroupID, &g.Name, &g.Type, &g.CreatedAt)
	return g, err
}

// ProjectGroup returns one group of a project.
func (tx *Tx) ProjectGroup(projectID, groupID string) (ProjectGroup, error) {
	return queryOne(tx, scanProjectGroup, projectGroupColumns+"WHERE p.project_id = ? AND p.group_id = ?", projectID, groupID)
}

// ProjectGroups lists the groups of a project in the order in which they came.
func (tx *Tx) ProjectGroups(projectID string) ([]ProjectGroup, error) {
	return query(tx, scanProjectGroup, projectGroupColumns+"WHERE p.project_id = ? ORDER BY p.seq", projectID)
}

// AddProjectGroup brings a group into a project.
func (tx *Tx) AddProjectGroup(g ProjectGroup) error {
	return tx.exec("INSERT INTO project_groups (project_id, group_id, created_at) VALUES (?, ?, ?)", g.ProjectID, g.GroupID, g.CreatedAt)
}

// RemoveProjectGroup takes a group out of a project.
func (tx *Tx) RemoveProjectGroup(projectID, groupID string) error {
	return tx.execOne("DELETE FROM project_groups WHERE project_id = ? AND group_id = ?", projectID, groupID)
}
