package main

import (
	"archive/tar"
	"archive/zip"
	"compress/gzip"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

func readJSON(path string, into any) error {
	content, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(content, into); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

// manifest is the file in which the registry finds the protocol that the provider
// speaks.
const manifest = "terraform-registry-manifest.json"

// checkSums checks that the sums are those of all files of the release, and of
// no others.
func (r *release) checkSums() error {
	sums, err := os.ReadFile(filepath.Join(r.dist, fmt.Sprintf("%s_%s_SHA256SUMS", provider, r.version)))
	if err != nil {
		return err
	}
	files := map[string]string{fmt.Sprintf("%s_%s_manifest.json", provider, r.version): filepath.Join(r.root, manifest)}
	for _, a := range r.archives() {
		files[a.name], files[a.modules] = filepath.Join(r.dist, a.name), filepath.Join(r.dist, a.modules)
	}
	for line := range strings.Lines(string(sums)) {
		sum, name, _ := strings.Cut(strings.TrimSpace(line), "  ")
		path, expected := files[name]
		if !expected {
			err = errors.Join(err, fmt.Errorf("the sums have %s, which is not of a release", name))
			continue
		}
		delete(files, name)
		content, problem := os.ReadFile(path)
		if problem == nil && fmt.Sprintf("%x", sha256.Sum256(content)) != sum {
			problem = fmt.Errorf("%s has another sum", name)
		}
		err = errors.Join(err, problem)
	}
	for name := range files {
		err = errors.Join(err, fmt.Errorf("the sums have no %s", name))
	}
	return err
}

// entries are the files in an archive.
func (r *release) entries(name string) (map[string]os.FileInfo, error) {
	entries := map[string]os.FileInfo{}
	if strings.HasSuffix(name, ".zip") {
		opened, err := zip.OpenReader(filepath.Join(r.dist, name))
		if err != nil {
			return nil, err
		}
		defer func() { _ = opened.Close() }()
		for _, file := range opened.File {
			entries[file.Name] = file.FileInfo()
		}
		return entries, nil
	}
	err := r.eachFile(name, func(header *tar.Header, _ io.Reader) error {
		entries[header.Name] = header.FileInfo()
		return nil
	})
	return entries, err
}

// eachFile reads an archive of openai-admin.
func (r *release) eachFile(name string, do func(header *tar.Header, content io.Reader) error) error {
	file, err := os.Open(filepath.Join(r.dist, name))
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	unzipped, err := gzip.NewReader(file)
	if err != nil {
		return err
	}
	for files := tar.NewReader(unzipped); ; {
		header, err := files.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err == nil {
			err = do(header, files)
		}
		if err != nil {
			return err
		}
	}
}

// largest is how many bytes the provider may have. A field that holds the whole
// client of the SDK is enough to add 14 MB.
const largest = 54_000_000

// checkContent checks that an archive has the program and the license, and
// nothing else: the registry refuses more than one program.
func (r *release) checkContent(a archive) error {
	entries, err := r.entries(a.name)
	if err != nil {
		return err
	}
	program, ok := entries[a.binary]
	if _, licensed := entries["LICENSE"]; !ok || !licensed || len(entries) != 2 {
		return fmt.Errorf("it has %q instead of %s and LICENSE", slices.Sorted(maps.Keys(entries)), a.binary)
	}
	if a.suffix() == "" && program.Mode()&0o111 == 0 {
		return fmt.Errorf("%s cannot be executed", a.binary)
	}
	if strings.HasPrefix(a.binary, provider) && program.Size() > largest {
		return fmt.Errorf("%s has %.1f MB, which is more than %.1f: find out what is linked without need", a.binary, float64(program.Size())/1e6, largest/1e6)
	}
	return nil
}

// component is a module in a CycloneDX list.
type component struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

// checkModules checks the list of the modules that a binary was built of.
func (r *release) checkModules(a archive) error {
	var list struct {
		Format     string      `json:"bomFormat"`
		Components []component `json:"components"`
	}
	if err := readJSON(filepath.Join(r.dist, a.modules), &list); err != nil {
		return err
	}
	for _, module := range []string{a.built, "github.com/openai/openai-go/v3"} {
		listed := slices.ContainsFunc(list.Components, func(c component) bool { return c.Name == module && c.Version != "" })
		if list.Format != "CycloneDX" || !listed {
			return fmt.Errorf("%s is no CycloneDX list with %s and its version", a.modules, module)
		}
	}
	return nil
}
