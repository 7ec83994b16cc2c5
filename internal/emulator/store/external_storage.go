package store

import "encoding/json"

// ExternalStorage is a bucket or container in a customer's cloud with the
// data of a project.
type ExternalStorage struct {
	ID, ProjectID string
	// Name is that of the bucket or container.
	Name string
	// Place says where the storage is, differently in each cloud.
	Place             map[string]string
	Geography, Status string
	CreatedAt         int64
}

const externalStorageColumns = "SELECT id, project_id, name, place, geography, status, created_at FROM external_storage "

func scanExternalStorage(row scanner) (s ExternalStorage, err error) {
	var location string
	if err = row.Scan(&s.ID, &s.ProjectID, &s.Name, &location, &s.Geography, &s.Status, &s.CreatedAt); err != nil {
		return s, err
	}
	return s, json.Unmarshal([]byte(location), &s.Place)
}

// AddExternalStorage stores a new registration.
func (tx *Tx) AddExternalStorage(s ExternalStorage) (_ ExternalStorage, err error) {
	if s.ID, err = tx.NewID("extstorage_"); err != nil {
		return s, err
	}
	location, err := json.Marshal(s.Place)
	if err != nil {
		return s, err
	}
	return s, tx.exec("INSERT INTO external_storage (id, project_id, name, place, geography, status, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
		s.ID, s.ProjectID, s.Name, string(location), s.Geography, s.Status, s.CreatedAt)
}

// ExternalStorage returns a registration by id.
func (tx *Tx) ExternalStorage(id string) (ExternalStorage, error) {
	return queryOne(tx, scanExternalStorage, externalStorageColumns+"WHERE id = ?", id)
}

// ExternalStorages lists the registrations, oldest first.
func (tx *Tx) ExternalStorages() ([]ExternalStorage, error) {
	return query(tx, scanExternalStorage, externalStorageColumns+"ORDER BY created_at, seq")
}

// SetStorageStatus changes the status of a registration.
func (tx *Tx) SetStorageStatus(id, status string) error {
	return tx.execOne("UPDATE external_storage SET status = ? WHERE id = ?", status, id)
}

// RemoveExternalStorage removes a registration.
func (tx *Tx) RemoveExternalStorage(id string) error {
	return tx.execOne("DELETE FROM external_storage WHERE id = ?", id)
}

// StorageTrouble is the fault of a bucket or container.
type StorageTrouble struct {
	Name, Status string
	// Code and Message, when they are set, refuse a validation.
	Code, Message string
}

// SetStorageTrouble sets the fault of a bucket or container from now on.
func (tx *Tx) SetStorageTrouble(t StorageTrouble) error {
	return tx.exec("INSERT OR REPLACE INTO storage_troubles (name, status, code, message) VALUES (?, ?, ?, ?)", t.Name, t.Status, t.Code, t.Message)
}

// StorageTrouble returns the fault of a bucket or container.
func (tx *Tx) StorageTrouble(name string) (StorageTrouble, error) {
	return queryOne(tx, func(row scanner) (t StorageTrouble, err error) {
		return t, row.Scan(&t.Name, &t.Status, &t.Code, &t.Message)
	}, "SELECT name, status, code, message FROM storage_troubles WHERE name = ?", name)
}

// ForgetStorageTrouble puts a bucket or container in order, if it is not.
func (tx *Tx) ForgetStorageTrouble(name string) error {
	return tx.exec("DELETE FROM storage_troubles WHERE name = ?", name)
}
