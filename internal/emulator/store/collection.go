package store

import "encoding/json"

// Collection stores objects that only their own endpoints use, so
// that they need neither a table nor statements of their own. The parent is the
// id of the object that they belong to, or empty for the organization.
type Collection[T any] struct {
	// Name is that of the collection in the database.
	Name string
}

func scanObject[T any](row scanner) (object T, err error) {
	var text []byte
	if err = row.Scan(&text); err != nil {
		return object, err
	}
	return object, json.Unmarshal(text, &object)
}

// Put stores a new object, or another version of one.
func (c Collection[T]) Put(tx *Tx, parent, id string, object T) error {
	text, err := json.Marshal(object)
	if err != nil {
		return err
	}
	return tx.exec("INSERT INTO objects (collection, parent, id, object) VALUES (?, ?, ?, ?) "+
		"ON CONFLICT (collection, parent, id) DO UPDATE SET object = excluded.object", c.Name, parent, id, string(text))
}

// Get returns an object by id.
func (c Collection[T]) Get(tx *Tx, parent, id string) (T, error) {
	return queryOne(tx, scanObject[T], "SELECT object FROM objects WHERE collection = ? AND parent = ? AND id = ?", c.Name, parent, id)
}

// List lists the objects of a parent, oldest first.
func (c Collection[T]) List(tx *Tx, parent string) ([]T, error) {
	return query(tx, scanObject[T], "SELECT object FROM objects WHERE collection = ? AND parent = ? ORDER BY seq", c.Name, parent)
}

// Remove removes an object.
func (c Collection[T]) Remove(tx *Tx, parent, id string) error {
	return tx.execOne("DELETE FROM objects WHERE collection = ? AND parent = ? AND id = ?", c.Name, parent, id)
}
