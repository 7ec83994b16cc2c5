package store

// Invite is an invitation to the organization.
type Invite struct {
	ID         string
	Email      string
	Role       string
	CreatedAt  int64
	ExpiresAt  int64
	AcceptedAt *int64
	Projects   []InviteProject
}

// InviteProject is a project that the invited person joins.
type InviteProject struct {
	ID   string
	Role string
}

// Status is pending, accepted or expired.
func (i Invite) Status(now int64) string {
	switch {
	case i.AcceptedAt != nil:
		return "accepted"
	case now >= i.ExpiresAt:
		return "expired"
	default:
		return "pending"
	}
}

const inviteColumns = "SELECT id, email, role, created_at, expires_at, accepted_at FROM invites "

func scanInvite(row scanner) (i Invite, err error) {
	err = row.Scan(&i.ID, &i.Email, &i.Role, &i.CreatedAt, &i.ExpiresAt, &i.AcceptedAt)
	return i, err
}

// AddInvite stores a new invitation.
func (tx *Tx) AddInvite(i Invite) (_ Invite, err error) {
	if i.ID, err = tx.NewID("invite-"); err != nil {
		return i, err
	}
	err = tx.exec("INSERT INTO invites (id, email, role, created_at, expires_at) VALUES (?, ?, ?, ?, ?)", i.ID, i.Email, i.Role, i.CreatedAt, i.ExpiresAt)
	for _, p := range i.Projects {
		if err == nil {
			err = tx.exec("INSERT INTO invite_projects (invite_id, project_id, role) VALUES (?, ?, ?)", i.ID, p.ID, p.Role)
		}
	}
	return i, err
}

// Invite returns one invitation.
func (tx *Tx) Invite(id string) (Invite, error) {
	i, err := queryOne(tx, scanInvite, inviteColumns+"WHERE id = ?", id)
	if err != nil {
		return i, err
	}
	return i, tx.addInviteProjects(&i)
}

// Invites lists the invitations, oldest first.
func (tx *Tx) Invites() ([]Invite, error) {
	invites, err := query(tx, scanInvite, inviteColumns+"ORDER BY created_at, seq")
	for i := range invites {
		if err == nil {
			err = tx.addInviteProjects(&invites[i])
		}
	}
	return invites, err
}

func (tx *Tx) addInviteProjects(i *Invite) (err error) {
	i.Projects, err = query(tx, func(row scanner) (p InviteProject, err error) {
		err = row.Scan(&p.ID, &p.Role)
		return p, err
	}, "SELECT project_id, role FROM invite_projects WHERE invite_id = ? ORDER BY project_id", i.ID)
	return err
}

// UpdateInvite writes the mutable fields of an invitation.
func (tx *Tx) UpdateInvite(i Invite) error {
	return tx.execOne("UPDATE invites SET expires_at = ?, accepted_at = ? WHERE id = ?", i.ExpiresAt, i.AcceptedAt, i.ID)
}

// RemoveInvite removes an invitation.
func (tx *Tx) RemoveInvite(id string) error {
	return tx.execOne("DELETE FROM invites WHERE id = ?", id)
}
