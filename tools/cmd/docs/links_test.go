package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestLinksAreChecked(t *testing.T) {
	root := t.TempDir()
	write := func(name, content string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(filepath.Join(root, name)), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(root, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("docs/guides/keys.md", "# Keys\n\n## Keys, `key_version` and state\n\n<a id=\"own\"></a>\n")
	write("README.md", "[one](docs/guides/keys.md) [two](docs/guides/keys.md#keys-key_version-and-state) [three](docs/guides/keys.md#own) [away](https://example.com/no)\n")
	if err := checkLinks(root); err != nil {
		t.Fatal(err)
	}
	write("docs/index.md", "[a](guides/keys) [b](guides/keys.md#none) [c](guides/none.md) [d](#none)\n\n`[code](guides/none.md)`\n")
	err := checkLinks(root)
	if err == nil || len(strings.Split(err.Error(), "\n")) != 4 {
		t.Errorf("expected four broken links, got %v", err)
	}
}
