package store

// AuditEntry is one change of the organization.
type AuditEntry struct {
	ID          string
	Type        string
	EffectiveAt int64
	// ActorKey is the admin key that was used, nil when a person did it in a
	// browser.
	ActorKey               *string
	ActorUser, ActorEmail  string
	ProjectID, ProjectName string
	ResourceID             string
	// Payload is JSON.
	Payload string
	// Scope is the project that was changed, empty for the organization. The API
	// does not show it.
	Scope string
}

// AddAuditEntry writes an entry and chooses its id.
func (tx *Tx) AddAuditEntry(e AuditEntry) (err error) {
	if e.ID, err = tx.NewID("audit_log-"); err != nil {
		return err
	}
	return tx.exec(`INSERT INTO audit_log (id, type, effective_at, actor_key, actor_user, actor_email, project_id, project_name, resource_id, payload, scope)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		e.ID, e.Type, e.EffectiveAt, e.ActorKey, e.ActorUser, e.ActorEmail, e.ProjectID, e.ProjectName, e.ResourceID, e.Payload, e.Scope)
}

const auditColumns = `SELECT id, type, effective_at, actor_key, actor_user, actor_email, project_id, project_name, resource_id, payload, scope FROM audit_log `

func scanAuditEntry(row scanner) (e AuditEntry, err error) {
	err = row.Scan(&e.ID, &e.Type, &e.EffectiveAt, &e.ActorKey, &e.ActorUser, &e.ActorEmail, &e.ProjectID, &e.ProjectName, &e.ResourceID, &e.Payload, &e.Scope)
	return e, err
}

// LastChanges lists the newest entries of a project, or of all when it is
// empty, newest first.
func (tx *Tx) LastChanges(projectID string, limit int) ([]AuditEntry, error) {
	return query(tx, scanAuditEntry, auditColumns+"WHERE ?1 IN ('', scope) ORDER BY effective_at DESC, seq DESC LIMIT ?2", projectID, limit)
}

// AuditEntries lists the entries from one moment to another, both included,
// newest first.
func (tx *Tx) AuditEntries(from, to int64) ([]AuditEntry, error) {
	return query(tx, scanAuditEntry, auditColumns+"WHERE effective_at BETWEEN ? AND ? ORDER BY effective_at DESC, seq DESC", from, to)
}
