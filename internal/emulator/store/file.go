package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// ownerOnly makes the database file readable for its owner only, before there
// is anything in it. SQLite gives its journal files the same permissions.
func ownerOnly(name string) error {
	file, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	if err := file.Close(); err != nil {
		return err
	}
	for _, suffix := range []string{"", "-wal", "-shm", "-journal"} {
		info, err := os.Stat(name + suffix)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err == nil && info.Mode().Perm()&0o077 != 0 {
			err = os.Chmod(name+suffix, 0o600)
		}
		if err != nil {
			return fmt.Errorf("restricting the file to its owner: %w", err)
		}
	}
	return nil
}
