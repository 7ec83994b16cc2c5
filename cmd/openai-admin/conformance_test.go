package main

import (
	"bytes"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator"
)

// conform runs openai-admin conformance.
func conform(in string, args ...string) (out, errOut string, err error) {
	var stdout, stderr bytes.Buffer
	root := newRootCommand()
	root.SetIn(strings.NewReader(in))
	root.SetOut(&stdout)
	root.SetErr(&stderr)
	root.SetArgs(append([]string{"conformance"}, args...))
	err = root.Execute()
	return stdout.String(), stderr.String(), err
}

// writes counts the requests that were no reads.
func writes(t *testing.T, server *emulator.Server) (count int) {
	t.Helper()
	entries, err := server.Journal(0)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if entry.Method != http.MethodGet {
			count++
		}
	}
	return count
}

func TestConformanceReadsOnly(t *testing.T) {
	server := organization(t)
	out, _, err := conform("")
	if err != nil || !strings.Contains(out, "read only: ") || !strings.Contains(out, "0 contradicted") {
		t.Errorf("%v\n%s", err, out)
	}
	if n := writes(t, server); n > 0 {
		t.Errorf("%d requests were no reads", n)
	}
}

// Objects are created only in the organization that the caller names.
func TestConformanceAsksForTheOrganization(t *testing.T) {
	server := organization(t)
	for name, test := range map[string]struct {
		in      string
		args    []string
		message string
	}{
		"another one, typed":   {"org-other\n", []string{"--write"}, `the admin key is of the organization "org-emulator", not "org-other": nothing was created`},
		"nothing typed":        {"", []string{"--write"}, "nothing was created"},
		"another one, as flag": {"org-emulator\n", []string{"--write", "--yes-i-mean", "org-other"}, "nothing was created"},
		"flag without write":   {"", []string{"--yes-i-mean", "org-emulator"}, "--yes-i-mean needs --write"},
		"unknown format":       {"", []string{"--format", "xml"}, `--format must be one of json, markdown, table, got "xml"`},
	} {
		t.Run(name, func(t *testing.T) {
			if out, _, err := conform(test.in, test.args...); err == nil || !strings.Contains(err.Error(), test.message) || out != "" {
				t.Errorf("%v, %q", err, out)
			}
		})
	}
	if n := writes(t, server); n > 0 {
		t.Errorf("%d requests were no reads", n)
	}
	for _, how := range [][]string{{"org-emulator\n", "--write"}, {"", "--write", "--yes-i-mean", "org-emulator"}} {
		out, _, err := conform(how[0], append(how[1:], "--format", "markdown")...)
		if err != nil || !strings.Contains(out, "with created objects: ") {
			t.Errorf("%v\n%s", err, out)
		}
	}
}

// Other answers end the program with status 2, and the transcript has no secret.
func TestConformanceReportsAnotherAnswer(t *testing.T) {
	options := emulator.Options{}
	if err := options.Behavior.Assume("A-43=other"); err != nil {
		t.Fatal(err)
	}
	server, err := emulator.New(options)
	if err != nil {
		t.Fatal(err)
	}
	listener := httptest.NewServer(server)
	t.Cleanup(func() {
		listener.Close()
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	t.Setenv("OPENAI_BASE_URL", listener.URL+"/v1")
	t.Setenv("OPENAI_ADMIN_KEY", server.AdminKey())
	file := filepath.Join(t.TempDir(), "organization.jsonl")
	out, _, err := conform("", "--write", "--yes-i-mean", "org-emulator", "--format", "json", "--transcript", file)
	if status, ok := errors.AsType[statusError](err); !ok || status.status != 2 {
		t.Errorf("it ends with %v", err)
	}
	if !strings.Contains(out, `"got": "other"`) {
		t.Errorf("the report is\n%s", out)
	}
	transcript, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if text := string(transcript); !strings.Contains(text, `"secret-0001"`) || strings.Contains(text, "sk-") || strings.Contains(text, "owner@example.com") {
		t.Errorf("the transcript is\n%s", text)
	}
}

// An interrupt removes what was created, and ends the program with status 1.
func TestConformanceAfterAnInterrupt(t *testing.T) {
	server, err := emulator.New(emulator.Options{})
	if err != nil {
		t.Fatal(err)
	}
	// The first service account is created only after the interrupt.
	created, interrupted := make(chan struct{}), make(chan struct{})
	var once sync.Once
	listener := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/service_accounts") {
			once.Do(func() { close(created) })
			<-interrupted
		}
		server.ServeHTTP(w, r)
	}))
	t.Cleanup(func() {
		listener.Close()
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	t.Setenv("OPENAI_BASE_URL", listener.URL+"/v1")
	t.Setenv("OPENAI_ADMIN_KEY", server.AdminKey())
	c := command(t, "conformance", "--write", "--yes-i-mean", "org-emulator")
	var said bytes.Buffer
	c.Stderr = &said
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	<-created
	if err := c.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	close(interrupted)
	if err := c.Wait(); err == nil || c.ProcessState.ExitCode() != 1 || !strings.Contains(said.String(), "interrupted") {
		t.Errorf("it ends with %v: %s", err, said.String())
	}
	request := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/v1/organization/projects", http.NoBody)
	request.Header.Set("Authorization", "Bearer "+server.AdminKey())
	answer := httptest.NewRecorder()
	server.ServeHTTP(answer, request)
	if strings.Contains(answer.Body.String(), "conformance-") {
		t.Errorf("the projects are %s", answer.Body)
	}
}
