package store

import (
	"encoding/json"
	"errors"
)

// ServiceAccount is a service account of a project.
type ServiceAccount struct {
	ID        string
	ProjectID string
	Name      string
	Role      string
	CreatedAt int64
}

const serviceAccountColumns = "SELECT id, project_id, name, role, created_at FROM service_accounts "

func scanServiceAccount(row scanner) (a ServiceAccount, err error) {
	err = row.Scan(&a.ID, &a.ProjectID, &a.Name, &a.Role, &a.CreatedAt)
	return a, err
}

// AddServiceAccount stores a new service account; an empty id is chosen here.
func (tx *Tx) AddServiceAccount(a ServiceAccount) (_ ServiceAccount, err error) {
	if a.ID == "" {
		if a.ID, err = tx.newID("svc_acct_", prefixed("user-")); err != nil {
			return a, err
		}
	}
	return a, tx.exec("INSERT INTO service_accounts (id, project_id, name, role, created_at) VALUES (?, ?, ?, ?, ?)", a.ID, a.ProjectID, a.Name, a.Role, a.CreatedAt)
}

// ServiceAccount returns a service account of a project.
func (tx *Tx) ServiceAccount(projectID, id string) (ServiceAccount, error) {
	return queryOne(tx, scanServiceAccount, serviceAccountColumns+"WHERE project_id = ? AND id = ?", projectID, id)
}

// ServiceAccounts lists the service accounts of a project, oldest first.
func (tx *Tx) ServiceAccounts(projectID string) ([]ServiceAccount, error) {
	return query(tx, scanServiceAccount, serviceAccountColumns+"WHERE project_id = ? ORDER BY created_at, seq", projectID)
}

// UpdateServiceAccount writes the mutable fields of a service account.
func (tx *Tx) UpdateServiceAccount(a ServiceAccount) error {
	return tx.execOne("UPDATE service_accounts SET name = ?, role = ? WHERE id = ?", a.Name, a.Role, a.ID)
}

// roleDeleted marks an account whose keys stay without it.
const roleDeleted = "deleted"

// Deleted says whether only the keys of the account are left.
func (a ServiceAccount) Deleted() bool { return a.Role == roleDeleted }

// HideServiceAccount removes an account, and leaves its keys.
func (tx *Tx) HideServiceAccount(a ServiceAccount) error {
	a.Role = roleDeleted
	return tx.UpdateServiceAccount(a)
}

// RemoveServiceAccount removes a service account and its keys.
func (tx *Tx) RemoveServiceAccount(id string) error {
	return tx.execOne("DELETE FROM service_accounts WHERE id = ?", id)
}

// APIKey is a key of a project, without its secret.
type APIKey struct {
	ID               string
	ProjectID        string
	ServiceAccountID *string
	UserID           *string
	Name             string
	SecretHash       string
	RedactedValue    string
	Scopes           []string
	CreatedAt        int64
	ExpiresAt        *int64
	LastUsedAt       *int64
}

// Expired says whether the key has come to its end.
func (k APIKey) Expired(now int64) bool { return k.ExpiresAt != nil && now >= *k.ExpiresAt }

const apiKeyColumns = `SELECT id, project_id, service_account_id, user_id, name, secret_hash, redacted_value, scopes,
	created_at, expires_at, last_used_at FROM api_keys `

func scanAPIKey(row scanner) (k APIKey, err error) {
	var scopes string
	if err = row.Scan(&k.ID, &k.ProjectID, &k.ServiceAccountID, &k.UserID, &k.Name, &k.SecretHash, &k.RedactedValue, &scopes,
		&k.CreatedAt, &k.ExpiresAt, &k.LastUsedAt); err != nil {
		return k, err
	}
	return k, json.Unmarshal([]byte(scopes), &k.Scopes)
}

// AddAPIKey stores a new key, with an id of its own if it has none.
func (tx *Tx) AddAPIKey(k APIKey) (_ APIKey, err error) {
	if k.ID == "" {
		if k.ID, err = tx.NewID("key_"); err != nil {
			return k, err
		}
	}
	scopes, err := json.Marshal(k.Scopes)
	if err != nil {
		return k, err
	}
	return k, tx.exec(`INSERT INTO api_keys (id, project_id, service_account_id, user_id, name, secret_hash, redacted_value, scopes, created_at, expires_at, last_used_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		k.ID, k.ProjectID, k.ServiceAccountID, k.UserID, k.Name, k.SecretHash, k.RedactedValue, string(scopes), k.CreatedAt, k.ExpiresAt, k.LastUsedAt)
}

// APIKey returns a key of a project.
func (tx *Tx) APIKey(projectID, id string) (APIKey, error) {
	return queryOne(tx, scanAPIKey, apiKeyColumns+"WHERE project_id = ? AND id = ?", projectID, id)
}

// APIKeyBySecret returns the key with this secret.
func (tx *Tx) APIKeyBySecret(secret string) (APIKey, error) {
	return queryOne(tx, scanAPIKey, apiKeyColumns+"WHERE secret_hash = ?", Hash(secret))
}

// ErrExpired says that a key has come to its end.
var ErrExpired = errors.New("expired")

// UseAPIKey returns the key with this secret, and notes that it was used now.
// It is ErrNotFound when there is no such key, or none any more, and ErrExpired
// when its time is over.
func (tx *Tx) UseAPIKey(secret string, now int64) (APIKey, error) {
	key, err := tx.APIKeyBySecret(secret)
	if err != nil {
		return key, err
	}
	if key.Expired(now) {
		return key, ErrExpired
	}
	key.LastUsedAt = &now
	return key, tx.execOne("UPDATE api_keys SET last_used_at = ? WHERE id = ?", now, key.ID)
}

// APIKeys lists the keys of a project, oldest first.
func (tx *Tx) APIKeys(projectID string) ([]APIKey, error) {
	return query(tx, scanAPIKey, apiKeyColumns+"WHERE project_id = ? ORDER BY created_at, seq", projectID)
}

// UpdateAPIKey writes the mutable fields of a key.
func (tx *Tx) UpdateAPIKey(k APIKey) error {
	scopes, err := json.Marshal(k.Scopes)
	if err != nil {
		return err
	}
	return tx.execOne("UPDATE api_keys SET scopes = ?, expires_at = ? WHERE id = ?", string(scopes), k.ExpiresAt, k.ID)
}

// RemoveAPIKey removes a key.
func (tx *Tx) RemoveAPIKey(id string) error {
	return tx.execOne("DELETE FROM api_keys WHERE id = ?", id)
}

// AdminKey is a key of the Administration API, without its secret.
type AdminKey struct {
	ID            string
	UserID        string
	Name          string
	SecretHash    string
	RedactedValue string
	CreatedAt     int64
	ExpiresAt     *int64
	LastUsedAt    *int64
}

const adminKeyColumns = "SELECT id, user_id, name, secret_hash, redacted_value, created_at, expires_at, last_used_at FROM admin_keys "

func scanAdminKey(row scanner) (k AdminKey, err error) {
	err = row.Scan(&k.ID, &k.UserID, &k.Name, &k.SecretHash, &k.RedactedValue, &k.CreatedAt, &k.ExpiresAt, &k.LastUsedAt)
	return k, err
}

// AddAdminKey stores a new admin key.
func (tx *Tx) AddAdminKey(k AdminKey) (_ AdminKey, err error) {
	if k.ID, err = tx.NewID("key_"); err != nil {
		return k, err
	}
	return k, tx.exec("INSERT INTO admin_keys (id, user_id, name, secret_hash, redacted_value, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
		k.ID, k.UserID, k.Name, k.SecretHash, k.RedactedValue, k.CreatedAt, k.ExpiresAt)
}

// AdminKey returns an admin key by id.
func (tx *Tx) AdminKey(id string) (AdminKey, error) {
	return queryOne(tx, scanAdminKey, adminKeyColumns+"WHERE id = ?", id)
}

// AdminKeyBySecret returns the admin key with this secret.
func (tx *Tx) AdminKeyBySecret(secret string) (AdminKey, error) {
	return queryOne(tx, scanAdminKey, adminKeyColumns+"WHERE secret_hash = ?", Hash(secret))
}

// AdminKeys lists the admin keys, oldest first.
func (tx *Tx) AdminKeys() ([]AdminKey, error) {
	return query(tx, scanAdminKey, adminKeyColumns+"ORDER BY created_at, seq")
}

// RemoveAdminKey removes an admin key.
func (tx *Tx) RemoveAdminKey(id string) error {
	return tx.execOne("DELETE FROM admin_keys WHERE id = ?", id)
}

// TouchAPIKey notes that a key has been used, and so its owner.
func (tx *Tx) TouchAPIKey(k APIKey, now int64) error {
	if k.LastUsedAt != nil && *k.LastUsedAt == now {
		return nil
	}
	if k.UserID != nil {
		if err := tx.exec("UPDATE users SET api_key_last_used_at = ? WHERE id = ?", now, *k.UserID); err != nil {
			return err
		}
	}
	return tx.exec("UPDATE api_keys SET last_used_at = ? WHERE id = ?", now, k.ID)
}

// TouchAdminKey notes that an admin key has been used, and so its owner.
func (tx *Tx) TouchAdminKey(k AdminKey, owner User, now int64) error {
	if k.LastUsedAt != nil && *k.LastUsedAt == now && owner.KeyLastUsedAt != nil && *owner.KeyLastUsedAt == now {
		return nil
	}
	if err := tx.exec("UPDATE users SET api_key_last_used_at = ? WHERE id = ?", now, owner.ID); err != nil {
		return err
	}
	return tx.exec("UPDATE admin_keys SET last_used_at = ? WHERE id = ?", now, k.ID)
}

// HasAccess says whether the owner of a key has a role in its project.
func (tx *Tx) HasAccess(k APIKey) (bool, error) {
	var found bool
	err := tx.QueryRowContext(tx.ctx, `SELECT
		EXISTS (SELECT 1 FROM service_accounts WHERE project_id = ?1 AND id = ?2 AND role NOT IN ('none', 'deleted')) OR
		EXISTS (SELECT 1 FROM project_users WHERE project_id = ?1 AND user_id = ?3)`, k.ProjectID, k.ServiceAccountID, k.UserID).Scan(&found)
	return found, err
}
