package store

import "errors"

// KeyPolicy restricts the creation of keys.
type KeyPolicy struct {
	// ProjectID is empty for the organization's policy.
	ProjectID string
	// MaxLifetimeSeconds is the maximum lifetime, nil for no limit.
	MaxLifetimeSeconds *int64
	// Creation is one of the Creation constants.
	Creation string
}

// Who may be given new keys.
const (
	CreationAny             = "any"
	CreationServiceAccounts = "service_accounts"
	CreationUsers           = "users"
	CreationOff             = "off"
)

func scanKeyPolicy(row scanner) (p KeyPolicy, err error) {
	err = row.Scan(&p.ProjectID, &p.MaxLifetimeSeconds, &p.Creation)
	return p, err
}

// PutKeyPolicy sets the policy of the organization or of a project.
func (tx *Tx) PutKeyPolicy(p KeyPolicy) error {
	return tx.exec("INSERT OR REPLACE INTO key_policies (project_id, max_lifetime_seconds, creation) VALUES (?, ?, ?)", p.ProjectID, p.MaxLifetimeSeconds, p.Creation)
}

// KeyPolicy returns the effective policy of a project: the organization's
// policy takes precedence over the project's.
func (tx *Tx) KeyPolicy(projectID string) (KeyPolicy, error) {
	effective := KeyPolicy{Creation: CreationAny}
	for _, id := range []string{projectID, ""} {
		p, err := queryOne(tx, scanKeyPolicy, "SELECT project_id, max_lifetime_seconds, creation FROM key_policies WHERE project_id = ?", id)
		if errors.Is(err, ErrNotFound) {
			continue
		}
		if err != nil {
			return p, err
		}
		if p.MaxLifetimeSeconds != nil {
			effective.MaxLifetimeSeconds = p.MaxLifetimeSeconds
		}
		if p.Creation != CreationAny {
			effective.Creation = p.Creation
		}
	}
	return effective, nil
}
