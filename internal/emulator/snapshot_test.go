package emulator_test

import (
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator"
)

// putAside takes a snapshot of an organization in which something of
// everything has happened, and returns its file and the secret of a key.
func putAside(t *testing.T, o *organization) (file, secret string) {
	t.Helper()
	project := o.project(t, "shop-dev")
	account := o.do(t, "POST", "/organization/projects/"+project+"/service_accounts", `{"name":"checkout"}`)
	o.do(t, "POST", "/organization/projects/"+project+"/spend_limit", `{"threshold_amount":5000,"currency":"USD","interval":"month"}`)
	o.do(t, "POST", "/organization/projects/"+project+"/spend_alerts", alert(1))
	o.do(t, "POST", "/organization/invites", `{"email":"new@example.com","role":"reader","projects":[{"id":"`+project+`","role":"member"}]}`)
	secret = account.object("api_key").text("value")
	if got := o.as(secret).send(t, "POST", "/v1/files", ""); got.status != 400 {
		t.Fatalf("the key answers %d %s", got.status, got.body)
	}
	record(t, o, event("completions", day0, `"project_id":"`+project+`","model":"gpt-5","cost_usd":"3.000000001","measures":{"input_tokens":7}`))
	file = filepath.Join(t.TempDir(), "shop.snapshot")
	got := o.send(t, "GET", "/_emulator/snapshot", "")
	if got.status != 200 || got.header.Get("Content-Type") != "application/vnd.sqlite3" {
		t.Fatalf("the snapshot answers %d %s", got.status, got.header.Get("Content-Type"))
	}
	if err := os.WriteFile(file, []byte(got.body), 0o600); err != nil {
		t.Fatal(err)
	}
	return file, secret
}

// describe returns all objects of an organization as text.
func describe(t *testing.T, o *organization) string {
	t.Helper()
	project := o.do(t, "GET", "/organization/projects", "").list("data")[1].text("id")
	var all strings.Builder
	for _, path := range []string{
		"/v1/organization/projects", "/v1/organization/invites", "/v1/organization/audit_logs",
		"/v1/organization/projects/" + project + "/service_accounts", "/v1/organization/projects/" + project + "/spend_limit",
		"/v1/organization/projects/" + project + "/spend_alerts", "/v1/organization/projects/" + project + "/rate_limits",
		"/v1/organization/usage/completions?start_time=1772323200&end_time=1772409600&group_by=model",
		"/v1/organization/costs?start_time=1772323200&end_time=1772409600", "/_emulator/outbox",
	} {
		got := o.send(t, "GET", path, "")
		if got.status != 200 {
			t.Fatalf("%s answers %d %s", path, got.status, got.body)
		}
		all.WriteString(path + " " + got.body)
	}
	return all.String()
}

func TestSnapshotHoldsEverything(t *testing.T) {
	now := newClock().Now
	first := start(t, emulator.Options{Now: now})
	file, secret := putAside(t, first)
	second := start(t, emulator.Options{Snapshot: file, Now: now})
	if entries := second.control(t, "GET", "/journal", "").list("data"); len(entries) != 0 {
		t.Errorf("%d requests of another emulator are in the journal", len(entries))
	}
	want := describe(t, first)
	if got := describe(t, second); got != want {
		t.Errorf("it was\n%s\nand is\n%s", want, got)
	}
	contains(t, want, "3.000000001")
	// Keys go on working, and so does the admin key of then.
	if got := second.as(secret).send(t, "GET", "/v1/models", ""); got.status != 200 {
		t.Errorf("the key answers %d %s", got.status, got.body)
	}
	second.as(first.key).do(t, "GET", "/organization/projects", "")
}

func TestResetReturnsToTheSnapshot(t *testing.T) {
	file, _ := putAside(t, start(t, emulator.Options{}))
	before, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	o := start(t, emulator.Options{Snapshot: file})
	want := describe(t, o)
	for range 2 {
		o.do(t, "POST", "/organization/projects/"+o.project(t, "more"), `{"name":"and more"}`)
		o.do(t, "POST", "/organization/spend_limit", `{"threshold_amount":1,"currency":"USD","interval":"month"}`)
		o.control(t, "POST", "/reset", "")
		if got := describe(t, o); got != want {
			t.Errorf("it was\n%s\nand is\n%s", want, got)
		}
		o.refused(t, 404, "GET", "/organization/spend_limit", "")
	}
	if after, err := os.ReadFile(file); err != nil || string(after) != string(before) {
		t.Errorf("the snapshot's file has changed, %v", err)
	}
}

// A file that holds an organization already is continued.
func TestSnapshotIntoAFile(t *testing.T) {
	snapshot, _ := putAside(t, start(t, emulator.Options{}))
	options := emulator.Options{Snapshot: snapshot, Data: filepath.Join(t.TempDir(), "organization.db")}
	for _, projects := range []int{2, 3} {
		server, err := emulator.New(options)
		if err != nil {
			t.Fatal(err)
		}
		listener := httptest.NewServer(server)
		o := &organization{server, listener.URL, server.AdminKey()}
		if n := len(o.do(t, "GET", "/organization/projects", "").list("data")); n != projects {
			t.Errorf("%d projects, expected %d", n, projects)
		}
		o.project(t, "later")
		listener.Close()
		if err := server.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestSnapshotKeepsSecrets(t *testing.T) {
	o := start(t, emulator.Options{})
	file, secret := putAside(t, o)
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(content), secret) || strings.Contains(string(content), o.key) {
		t.Error("a secret is in the snapshot")
	}
	if got := o.as("").send(t, "GET", "/_emulator/snapshot", ""); got.status != 401 {
		t.Errorf("without a key the snapshot answers %d", got.status)
	}
}

func TestSnapshotRefuses(t *testing.T) {
	folder, temporary := t.TempDir(), t.TempDir()
	t.Setenv("TMPDIR", temporary)
	text, empty := filepath.Join(folder, "text"), filepath.Join(folder, "empty")
	if err := os.WriteFile(text, []byte(strings.Repeat("projects: []\n", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for file, message := range map[string]string{
		filepath.Join(folder, "none"): "no such file", text: "is no snapshot", empty: "there is no organization in it",
	} {
		if _, err := emulator.New(emulator.Options{Snapshot: file}); err == nil || !strings.Contains(err.Error(), message) {
			t.Errorf("%s: %v", filepath.Base(file), err)
		}
	}
	if left, err := filepath.Glob(filepath.Join(temporary, "*")); err != nil || len(left) > 0 {
		t.Errorf("%v is left behind, %v", left, err)
	}
}
