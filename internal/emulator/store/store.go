// Package store keeps the emulated organization in SQLite.
package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"path"
	"sync"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// ErrNotFound says that there is no such object.
var ErrNotFound = errors.New("not found")

//go:embed schema/*.sql
var schemaFiles embed.FS

// Store is an open database. One request at a time uses it.
type Store struct {
	db            *sql.DB
	deterministic bool
}

// Tx is the transaction of one request: all of its writes are made, or none.
type Tx struct {
	*sql.Tx
	ctx           context.Context
	deterministic bool
}

// Open opens the SQLite file at name, or a database in memory when name is
// empty. With deterministic, ids count up instead of being random.
func Open(ctx context.Context, name string, deterministic bool) (*Store, error) {
	source := "file::memory:"
	if name != "" {
		if err := ownerOnly(name); err != nil {
			return nil, err
		}
		source = (&url.URL{Scheme: "file", OmitHost: true, Path: name}).String()
	}
	// In WAL mode a commit has reached the operating system before it returns,
	// so that killing the process loses nothing that was acknowledged. SQLite
	// holds the exclusive lock until the process ends, however it ends.
	source += "?_pragma=busy_timeout(200)&_pragma=locking_mode(EXCLUSIVE)&_pragma=journal_mode(WAL)" +
		"&_pragma=synchronous(NORMAL)&_pragma=foreign_keys(1)&_pragma=trusted_schema(0)"
	db, err := sql.Open("sqlite", source)
	if err != nil {
		return nil, err
	}
	// A database in memory exists in its one connection.
	db.SetMaxOpenConns(1)
	s := &Store{db: db, deterministic: deterministic}
	if name == "" {
		err = s.fillMemory(ctx)
	} else if err = s.checkSchema(ctx); err == nil {
		err = s.migrate(ctx)
	}
	if failure, ok := errors.AsType[*sqlite.Error](err); ok && failure.Code()&0xff == sqlite3.SQLITE_BUSY {
		err = fmt.Errorf("%s is in use by another process: stop the other emulator, or choose another file", name)
	}
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return s, nil
}

// copied has the methods of a driver's connection for a whole database.
type copied interface {
	Serialize() ([]byte, error)
	Deserialize(content []byte) error
}

// emptyDatabase is the content of a database that has the schema only. A copy
// takes a hundredth of the time that the schema files take.
var emptyDatabase = sync.OnceValues(func() (content []byte, err error) {
	ctx := context.Background()
	db, err := sql.Open("sqlite", "file::memory:")
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	s := &Store{db: db}
	if err = s.migrate(ctx); err == nil {
		err = s.raw(ctx, func(c copied) (err error) {
			content, err = c.Serialize()
			return err
		})
	}
	return content, errors.Join(err, db.Close())
})

func (s *Store) fillMemory(ctx context.Context) error {
	content, err := emptyDatabase()
	if err != nil {
		return err
	}
	return s.raw(ctx, func(c copied) error { return c.Deserialize(content) })
}

func (s *Store) raw(ctx context.Context, do func(copied) error) error {
	conn, err := s.db.Conn(ctx)
	if err != nil {
		return err
	}
	err = conn.Raw(func(c any) error {
		database, ok := c.(copied)
		if !ok {
			return fmt.Errorf("%T cannot copy a database", c)
		}
		return do(database)
	})
	return errors.Join(err, conn.Close())
}

// Close closes the database.
func (s *Store) Close() error { return s.db.Close() }

// Update runs do in a transaction, which is committed when do succeeds, and
// rolled back when it fails or panics.
func (s *Store) Update(ctx context.Context, do func(*Tx) error) error {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	ended := false
	defer func() {
		if !ended {
			_ = tx.Rollback() // the panic matters, not this error
		}
	}()
	err = do(&Tx{Tx: tx, ctx: ctx, deterministic: s.deterministic})
	ended = true
	if err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

// migrate applies the schema files that the database does not have yet; their
// count is its version.
func (s *Store) migrate(ctx context.Context) error {
	names, err := fs.Glob(schemaFiles, "schema/*.sql")
	if err != nil {
		return err
	}
	var version int
	if err := s.db.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version); err != nil {
		return fmt.Errorf("this is not an emulator database: %w", err)
	}
	if version < 0 {
		return fmt.Errorf("this is not an emulator database: its version is %d", version)
	}
	if version > len(names) {
		return fmt.Errorf("the database has version %d, this release knows versions up to %d: use a newer release", version, len(names))
	}
	for i, name := range names[version:] {
		script, err := schemaFiles.ReadFile(name)
		if err != nil {
			return err
		}
		if _, err := s.db.ExecContext(ctx, fmt.Sprintf("%s;\nPRAGMA user_version = %d", script, version+i+1)); err != nil {
			return fmt.Errorf("%s: %w", path.Base(name), err)
		}
	}
	return nil
}

// Clear removes everything but the schema.
func (tx *Tx) Clear() error {
	names, err := tx.tables()
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(tx.ctx, "PRAGMA defer_foreign_keys = 1"); err != nil {
		return err
	}
	for _, name := range names {
		if err := tx.exec("DELETE FROM " + name); err != nil {
			return err
		}
	}
	return nil
}

func (tx *Tx) tables() ([]string, error) {
	return query(tx, func(row scanner) (name string, err error) {
		err = row.Scan(&name)
		return name, err
	}, "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
}

// Setting returns a value of the organization, empty when it is not set.
func (tx *Tx) Setting(name string) (string, error) {
	var value string
	err := tx.QueryRowContext(tx.ctx, "SELECT value FROM settings WHERE name = ?", name).Scan(&value)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return value, err
}

// SetSetting sets a value of the organization.
func (tx *Tx) SetSetting(name, value string) error {
	return tx.exec("INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", name, value)
}

type scanner interface{ Scan(...any) error }

func (tx *Tx) exec(statement string, args ...any) error {
	_, err := tx.ExecContext(tx.ctx, statement, args...)
	return err
}

// execOne is exec for statements that must touch exactly one row.
func (tx *Tx) execOne(statement string, args ...any) error {
	result, err := tx.ExecContext(tx.ctx, statement, args...)
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return errors.Join(err, ErrNotFound)
	}
	return nil
}

func query[T any](tx *Tx, scan func(scanner) (T, error), statement string, args ...any) (items []T, err error) {
	rows, err := tx.QueryContext(tx.ctx, statement, args...)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		item, err := scan(rows)
		if err != nil {
			return nil, err
		}
		items = append(items, item)
	}
	return items, rows.Err()
}

func queryOne[T any](tx *Tx, scan func(scanner) (T, error), statement string, args ...any) (T, error) {
	item, err := scan(tx.QueryRowContext(tx.ctx, statement, args...))
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrNotFound
	}
	return item, err
}
