package examples_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// installer is a runner without openai-admin on PATH.
func installer(t *testing.T, ref, server string) *shell {
	t.Helper()
	sources, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	temp := t.TempDir()
	return &shell{temp, map[string]string{
		"PATH": os.Getenv("PATH"), "HOME": os.Getenv("HOME"), "RUNNER_TEMP": temp, "GITHUB_PATH": filepath.Join(temp, "path"),
		"RUNNER_OS": "Linux", "RUNNER_ARCH": map[string]string{"amd64": "X64", "arm64": "ARM64"}[runtime.GOARCH],
		"GITHUB_SERVER_URL": server, "ACTION_REPOSITORY": "allthingsai/terraform-provider-openai", "ACTION_REF": ref, "ACTION_SOURCES": sources,
	}}
}

// The action downloads the release of its own reference, and checks it.
func TestActionInstallsARelease(t *testing.T) {
	const program = "#!/bin/sh\necho openai-admin version 1.2.3\n"
	var archive bytes.Buffer
	zip := gzip.NewWriter(&archive)
	files := tar.NewWriter(zip)
	if err := files.WriteHeader(&tar.Header{Name: "openai-admin", Mode: 0o755, Size: int64(len(program))}); err != nil {
		t.Fatal(err)
	}
	if _, err := files.Write([]byte(program)); err != nil {
		t.Fatal(err)
	}
	if err := files.Close(); err != nil {
		t.Fatal(err)
	}
	if err := zip.Close(); err != nil {
		t.Fatal(err)
	}
	name := "openai-admin_1.2.3_linux_" + runtime.GOARCH + ".tar.gz"
	for _, test := range []struct {
		sum    [sha256.Size]byte
		status int
	}{{sha256.Sum256(archive.Bytes()), 0}, {sha256.Sum256([]byte("another archive")), 1}} {
		const releases = "/allthingsai/terraform-provider-openai/releases/download/v1.2.3/"
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			switch r.URL.Path {
			case releases + name:
				_, _ = w.Write(archive.Bytes())
			case releases + "terraform-provider-openai_1.2.3_SHA256SUMS":
				_, _ = fmt.Fprintf(w, "%x  other.zip\n%x  %s\n", sha256.Sum256(nil), test.sum, name)
			default:
				http.NotFound(w, r)
			}
		}))
		defer server.Close()
		runner := installer(t, "v1.2.3", server.URL)
		out, status := runner.try(t, `"$ACTION_SOURCES/action/install.sh"`)
		path, err := os.ReadFile(runner.env["GITHUB_PATH"])
		if test.status == 0 {
			if status != 0 || err != nil || strings.TrimSpace(string(path)) != filepath.Join(runner.folder, "openai-admin") || !strings.Contains(out, "openai-admin version 1.2.3") {
				t.Errorf("it ends with %d, PATH gets %q: %s", status, path, out)
			}
			continue
		}
		if status == 0 || err == nil {
			t.Errorf("an archive with another sum is installed: %s", out)
		}
	}
}

// Any other reference builds the sources of the action.
func TestAccActionBuildsItsSources(t *testing.T) {
	if os.Getenv("TF_ACC") == "" {
		t.Skip("TF_ACC is not set")
	}
	t.Parallel()
	runner := installer(t, "main", "http://127.0.0.1:1")
	out, status := runner.try(t, `"$ACTION_SOURCES/action/install.sh" && $(cat "$GITHUB_PATH")/openai-admin review --help`)
	if status != 0 || !strings.Contains(out, "openai-admin version") || !strings.Contains(out, "--fail-on") {
		t.Errorf("it ends with %d: %s", status, out)
	}
}
