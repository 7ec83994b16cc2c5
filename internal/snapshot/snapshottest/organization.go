// Package snapshottest has organizations for tests of what reads snapshots.
package snapshottest

import (
	"encoding/json"
	"flag"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/transport"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/seed"
)

// Clock is a clock that a test sets. Waiting takes real time, and does not happen
// on an emulator without throttling.
type Clock struct {
	transport.SystemClock
	mu  sync.Mutex
	now time.Time
}

// Now is the time that was set last.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Set sets the time, such as 2026-11-20T12:00:00Z.
func (c *Clock) Set(t *testing.T, at string) {
	t.Helper()
	parsed, err := time.Parse(time.RFC3339, at)
	if err != nil {
		t.Fatal(err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = parsed
}

// Organization is an emulator whose time the test sets, with repeatable ids.
type Organization struct {
	Clock  *Clock
	Server *emulator.Server
	URL    string
	mark   int64
}

// Start starts an organization at a time.
func Start(t *testing.T, at, seeded string) *Organization {
	t.Helper()
	s, err := seed.Parse(strings.NewReader(seeded))
	if err != nil {
		t.Fatal(err)
	}
	clock := &Clock{}
	clock.Set(t, at)
	server, err := emulator.New(emulator.Options{Seed: s, Now: clock.Now, Deterministic: true})
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
	return &Organization{Clock: clock, Server: server, URL: listener.URL + "/v1"}
}

// Client returns a client without anything in memory.
func (o *Organization) Client(t *testing.T) *adminapi.Client {
	t.Helper()
	client, err := adminapi.New(adminapi.Config{AdminAPIKey: transport.NewSecret(o.Server.AdminKey()), BaseURL: o.URL, Clock: o.Clock})
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// Created is what tests need of a created object.
type Created struct{ ID, Value string }

// Post sends a request, below /v1 unless the path begins with /_emulator.
func (o *Organization) Post(t *testing.T, path, body string) (created Created) {
	t.Helper()
	if !strings.HasPrefix(path, "/_emulator") {
		path = "/v1/organization" + path
	}
	request := httptest.NewRequestWithContext(t.Context(), http.MethodPost, path, strings.NewReader(body))
	request.Header.Set("Authorization", "Bearer "+o.Server.AdminKey())
	request.Header.Set("Content-Type", "application/json")
	answer := httptest.NewRecorder()
	if o.Server.ServeHTTP(answer, request); answer.Code != http.StatusOK {
		t.Fatalf("%s answers %d: %s", path, answer.Code, answer.Body)
	}
	if err := json.Unmarshal(answer.Body.Bytes(), &created); err != nil {
		t.Fatal(err)
	}
	return created
}

// Limit sets the hard limit of the organization (""), or of a project
// ("/projects/ID"), in dollars.
func (o *Organization) Limit(t *testing.T, scope, dollars string) {
	t.Helper()
	o.Post(t, scope+"/spend_limit", `{"threshold_amount":`+dollars+`00,"currency":"USD","interval":"month"}`)
}

// Alert creates an alert of a scope, in dollars.
func (o *Organization) Alert(t *testing.T, scope, dollars string) {
	t.Helper()
	o.Post(t, scope+"/spend_alerts", `{"threshold_amount":`+dollars+`00,"currency":"USD","interval":"month","notification_channel":{"type":"email","recipients":["finance@example.com"]}}`)
}

// Key creates a key of a service account ("PROJECT/ACCOUNT"), which expires after
// seconds, or never when they are "null".
func (o *Organization) Key(t *testing.T, account, name, seconds string) Created {
	t.Helper()
	project, id, _ := strings.Cut(account, "/")
	return o.Post(t, "/projects/"+project+"/service_accounts/"+id+"/api_keys", `{"name":"`+name+`","expires_in_seconds":`+seconds+`}`)
}

// Mark is where Requests begins to count.
func (o *Organization) Mark(t *testing.T) {
	t.Helper()
	o.mark += int64(len(o.Requests(t)))
}

// Requests are the requests since Mark, with their method and path.
func (o *Organization) Requests(t *testing.T) (requests []string) {
	t.Helper()
	entries, err := o.Server.Journal(o.mark)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		requests = append(requests, entry.Method+" "+entry.Path)
	}
	return requests
}

var update = flag.Bool("update", false, "write the golden files")

// Golden compares a text with a file below testdata.
func Golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs; if that is right, run the test with -update and read the difference. Got:\n%s", path, got)
	}
}
