package provider

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
)

// configuredTypes are the types of the resources in a configuration. Terraform
// validates each block before it plans, in another process of the provider,
// which leaves the types in a file for this one. A plan that waits for rate
// limits then knows what to read ahead: Terraform itself asks for all objects of
// one block before it asks for those of the next one. The file has nothing but
// names of types, and without it only a few requests more go out late.
type configuredTypes struct {
	mu    sync.Mutex
	types map[string]bool
	// file is empty where processes share nothing.
	file string
}

// The files of types, one for each Terraform that runs, and how long they are
// kept.
const (
	typesPrefix  = "terraform-provider-openai-"
	typesSuffix  = ".types"
	typesKept    = time.Hour
	largestTypes = 64 << 10
)

// TypesFile is the file of the process with this id, whose plugins share it.
func TypesFile(terraform int) string {
	return filepath.Join(os.TempDir(), fmt.Sprintf("%s%d-%d%s", typesPrefix, os.Getuid(), terraform, typesSuffix))
}

// add records a type, and leaves it for other processes where share says so.
func (c *configuredTypes) add(typeName string, share bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.types[typeName] {
		return
	}
	if c.types == nil {
		c.types = map[string]bool{}
	}
	if share && c.file != "" {
		if len(c.types) == 0 {
			removeOldTypes(filepath.Dir(c.file))
		}
		_ = appendLine(c.file, typeName) // plans take longer without it
	}
	c.types[typeName] = true
}

// all returns the types that this process and those before it have seen.
func (c *configuredTypes) all() []lifecycle.Traits {
	c.mu.Lock()
	defer c.mu.Unlock()
	seen := map[string]bool{}
	maps.Copy(seen, c.types)
	if c.file != "" {
		lines, _ := readSmall(c.file)
		for typeName := range strings.Lines(lines) {
			seen[strings.TrimSpace(typeName)] = true
		}
	}
	var all []lifecycle.Traits
	for typeName, traits := range registry() {
		if seen[typeName] {
			all = append(all, traits)
		}
	}
	return all
}

func appendLine(file, line string) (err error) {
	// Below the folder, so that no link leads out of it.
	folder, err := os.OpenRoot(filepath.Dir(file))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, folder.Close()) }()
	f, err := folder.OpenFile(filepath.Base(file), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	_, err = f.WriteString(line + "\n")
	return err
}

func readSmall(file string) (string, error) {
	f, err := os.OpenInRoot(filepath.Dir(file), filepath.Base(file))
	if err != nil {
		return "", err
	}
	defer func() { _ = f.Close() }()
	content, err := io.ReadAll(io.LimitReader(f, largestTypes))
	return string(content), err
}

// removeOldTypes removes the files that earlier runs of Terraform have left.
func removeOldTypes(folder string) {
	names, _ := fs.Glob(os.DirFS(folder), typesPrefix+"*"+typesSuffix) // none in a folder that cannot be read
	for _, name := range names {
		file := filepath.Join(folder, name)
		if info, err := os.Lstat(file); err == nil && time.Since(info.ModTime()) > typesKept {
			_ = os.Remove(file)
		}
	}
}
