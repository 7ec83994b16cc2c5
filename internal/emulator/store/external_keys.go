package store

import "encoding/json"

// ExternalKey is a key in somebody else's cloud that data are encrypted with.
type ExternalKey struct {
	ID, Type, Name, Purpose string
	// Fields name the key, differently in each cloud.
	Fields    map[string]string
	CreatedAt int64
}

const externalKeyColumns = "SELECT id, type, name, purpose, fields, created_at FROM external_keys "

func scanExternalKey(row scanner) (k ExternalKey, err error) {
	var fields string
	if err = row.Scan(&k.ID, &k.Type, &k.Name, &k.Purpose, &fields, &k.CreatedAt); err != nil {
		return k, err
	}
	return k, json.Unmarshal([]byte(fields), &k.Fields)
}

// AddExternalKey stores a new registration.
func (tx *Tx) AddExternalKey(k ExternalKey) (_ ExternalKey, err error) {
	if k.ID, err = tx.NewID("extkey_"); err != nil {
		return k, err
	}
	fields, err := json.Marshal(k.Fields)
	if err != nil {
		return k, err
	}
	return k, tx.exec("INSERT INTO external_keys (id, type, name, purpose, fields, created_at) VALUES (?, ?, ?, ?, ?, ?)",
		k.ID, k.Type, k.Name, k.Purpose, string(fields), k.CreatedAt)
}

// ExternalKey returns a registration by id.
func (tx *Tx) ExternalKey(id string) (ExternalKey, error) {
	return queryOne(tx, scanExternalKey, externalKeyColumns+"WHERE id = ?", id)
}

// ExternalKeys lists the registrations, oldest first.
func (tx *Tx) ExternalKeys() ([]ExternalKey, error) {
	return query(tx, scanExternalKey, externalKeyColumns+"ORDER BY created_at, seq")
}

// RemoveExternalKey removes a registration.
func (tx *Tx) RemoveExternalKey(id string) error {
	return tx.execOne("DELETE FROM external_keys WHERE id = ?", id)
}
