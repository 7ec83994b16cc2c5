package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Snapshot is an organization that was put aside, to begin with.
type Snapshot struct {
	*Store
	folder string
}

// OpenSnapshot opens a copy of a snapshot's file, which itself is never
// changed. A snapshot of an earlier release is brought up to date.
func OpenSnapshot(ctx context.Context, file string) (*Snapshot, error) {
	folder, err := os.MkdirTemp("", "openai-admin-snapshot-")
	if err != nil {
		return nil, err
	}
	name := filepath.Join(folder, "snapshot.db")
	if err := copyFile(file, name); err != nil {
		return nil, errors.Join(err, os.RemoveAll(folder))
	}
	s, err := Open(ctx, name, false)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s is no snapshot: %w", file, err), os.RemoveAll(folder))
	}
	return &Snapshot{s, folder}, nil
}

func copyFile(from, to string) (err error) {
	source, err := os.Open(from)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, source.Close()) }()
	info, err := source.Stat()
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("%s is not a regular file", from)
	}
	target, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(target, source)
	return errors.Join(err, target.Close())
}

// Close closes the copy and removes it.
func (s *Snapshot) Close() error {
	if s == nil {
		return nil
	}
	return errors.Join(s.Store.Close(), os.RemoveAll(s.folder))
}

// Snapshot writes the organization into a file of its own, and returns its
// content.
func (tx *Tx) Snapshot() (content []byte, err error) {
	folder, err := os.MkdirTemp("", "openai-admin-snapshot-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	name := filepath.Join(folder, "snapshot.db")
	to, err := Open(tx.ctx, name, false)
	if err != nil {
		return nil, err
	}
	err = to.Update(tx.ctx, func(copied *Tx) error { return copied.CopyFrom(tx) })
	if err = errors.Join(err, to.Close()); err != nil {
		return nil, err
	}
	return os.ReadFile(name)
}

// CopyFrom fills an empty database with all data of another one, except
// the journal: requests belong to the emulator that served them.
func (tx *Tx) CopyFrom(source *Tx) error {
	names, err := tx.tables()
	if err != nil {
		return err
	}
	if err := tx.exec("PRAGMA defer_foreign_keys = 1"); err != nil {
		return err
	}
	for _, name := range slices.DeleteFunc(names, func(name string) bool { return name == "journal" }) {
		if err := tx.copyTable(name, source); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

// columns lists the columns of one of our own tables.
func (tx *Tx) columns(table string) ([]string, error) {
	return query(tx, func(row scanner) (name string, err error) {
		err = row.Scan(&name)
		return name, err
	}, "SELECT name FROM pragma_table_info(?) ORDER BY cid", table)
}

// copyTable takes the names from this database, never from the other one.
func (tx *Tx) copyTable(name string, source *Tx) (err error) {
	columns, err := tx.columns(name)
	if err != nil {
		return err
	}
	rows, err := source.QueryContext(source.ctx, "SELECT "+strings.Join(columns, ", ")+" FROM "+name)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	values, pointers := make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		pointers[i] = &values[i]
	}
	insert, err := tx.PrepareContext(tx.ctx, "INSERT INTO "+name+" ("+strings.Join(columns, ", ")+") VALUES (?"+strings.Repeat(", ?", len(columns)-1)+")")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, insert.Close()) }()
	for rows.Next() {
		if err := rows.Scan(pointers...); err != nil {
			return err
		}
		if _, err := insert.ExecContext(tx.ctx, values...); err != nil {
			return err
		}
	}
	return rows.Err()
}
