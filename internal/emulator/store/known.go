package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
)

// A file of another origin can hold any table, view or trigger. Its names become
// parts of statements, so only those of our own schema are accepted.

// schemaObject is a table, an index or a trigger.
type schemaObject struct{ kind, name string }

// knownSchema is the schema of this release: the columns of each table, and
// none for the other objects.
func knownSchema(ctx context.Context) (known map[schemaObject][]string, err error) {
	s, err := Open(ctx, "", false)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	return readSchema(ctx, s.db)
}

func readSchema(ctx context.Context, db *sql.DB) (found map[schemaObject][]string, err error) {
	rows, err := db.QueryContext(ctx, `SELECT o.type, o.name, c.name, c.type, c.hidden FROM sqlite_schema o
		LEFT JOIN pragma_table_xinfo(CASE WHEN o.type IN ('table', 'view') THEN o.name END) c
		WHERE o.name NOT LIKE 'sqlite\_%' ESCAPE '\' ORDER BY o.type, o.name, c.cid`)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	found = map[schemaObject][]string{}
	for rows.Next() {
		var o schemaObject
		var column, declared sql.NullString
		var hidden sql.NullInt64
		if err := rows.Scan(&o.kind, &o.name, &column, &declared, &hidden); err != nil {
			return nil, err
		}
		found[o] = append(found[o], fmt.Sprintf("%s %s %d", column.String, declared.String, hidden.Int64))
	}
	return found, rows.Err()
}

// checkSchema refuses a database with anything that this release does not
// know. One of an earlier release may lack tables and columns.
func (s *Store) checkSchema(ctx context.Context) error {
	known, err := knownSchema(ctx)
	if err != nil {
		return err
	}
	found, err := readSchema(ctx, s.db)
	if err != nil {
		return fmt.Errorf("this is not an emulator database: %w", err)
	}
	for o, columns := range found {
		expected, ok := known[o]
		if !ok {
			return fmt.Errorf("this is not an emulator database: it has the unknown %s %q", o.kind, o.name)
		}
		for _, column := range columns {
			if !slices.Contains(expected, column) {
				return fmt.Errorf("this is not an emulator database: the %s %q has the unknown column %q", o.kind, o.name, column)
			}
		}
	}
	return nil
}
