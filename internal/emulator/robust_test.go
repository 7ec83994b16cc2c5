package emulator_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/api"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/faultinjection"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/store"
)

// logged collects the log of an emulator.
type logged struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *logged) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(line)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func TestPanicIsAnswered(t *testing.T) {
	var lines logged
	o := start(t, emulator.Options{Data: filepath.Join(t.TempDir(), "organization.db"), ErrorLog: log.New(&lines, "", 0)})
	o.Handle("POST /organization/broken", func(r *api.Request) (any, error) {
		if _, err := r.Tx.AddProject(store.Project{Name: "half-done", Residency: "GLOBAL"}); err != nil {
			return nil, err
		}
		panic("out of order")
	})
	failure := o.refused(t, 500, "POST", "/organization/broken", `{}`)
	expect(t, "type", failure.text("type"), "server_error")
	expect(t, "message", failure.text("message"), "The emulator failed: panic: out of order")
	contains(t, lines.String(), "robust_test.go")
	// It goes on, nothing of the request is left, and the request is in the journal.
	if body := o.send(t, "GET", "/v1/organization/projects", "").body; strings.Contains(body, "half-done") {
		t.Errorf("the transaction was not rolled back: %s", body)
	}
	expect(t, "status", o.control(t, "GET", "/journal", "").list("data")[0].text("status"), "500")
}

func TestAbortedHandlerCutsTheConnection(t *testing.T) {
	o := start(t, emulator.Options{})
	o.Handle("GET /organization/aborted", func(r *api.Request) (any, error) {
		if _, err := r.Tx.AddProject(store.Project{Name: "half-done", Residency: "GLOBAL"}); err != nil {
			return nil, err
		}
		panic(http.ErrAbortHandler)
	})
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, o.url+"/v1/organization/aborted", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+o.key)
	if response, err := http.DefaultClient.Do(req); err == nil {
		_ = response.Body.Close()
		t.Errorf("it answers %d", response.StatusCode)
	}
	if body := o.send(t, "GET", "/v1/organization/projects", "").body; strings.Contains(body, "half-done") {
		t.Errorf("the transaction was not rolled back: %s", body)
	}
}

// A full disk makes the commit fail: SQLite refuses to write pages, here
// because the file may not grow.
func TestFullDiskIsAnswered(t *testing.T) {
	var lines logged
	o := start(t, emulator.Options{Data: filepath.Join(t.TempDir(), "organization.db"), ErrorLog: log.New(&lines, "", 0)})
	grow := func(pages int) {
		o.inside(t, func(r *api.Request) {
			if _, err := r.Tx.ExecContext(t.Context(), fmt.Sprintf("PRAGMA max_page_count = %d", pages)); err != nil {
				t.Error(err)
			}
		})
	}
	grow(1) // as it is
	created, full := 0, false
	for range 1000 {
		got := o.send(t, "POST", "/v1/organization/projects", `{"name":"`+strings.Repeat("x", 300)+`"}`)
		if full = got.status != http.StatusOK; full {
			expect(t, "status", fmt.Sprint(got.status), "500")
			contains(t, got.object(t).object("error").text("message"), "database or disk is full")
			break
		}
		created++
	}
	if !full {
		t.Fatal("the disk was never full")
	}
	contains(t, lines.String(), "database or disk is full")
	grow(1 << 20)
	if n := strings.Count(o.send(t, "GET", "/v1/organization/projects?limit=100", "").body, "xxx\""); n != min(created, 99) {
		t.Errorf("%d projects were acknowledged, %d are there", created, n)
	}
	o.project(t, "afterwards")
}

// A commit can fail although every statement succeeded.
func TestFailedCommitIsAnswered(t *testing.T) {
	o := start(t, emulator.Options{ErrorLog: log.New(io.Discard, "", 0)})
	o.Handle("POST /organization/broken", func(r *api.Request) (any, error) {
		_, err := r.Tx.ExecContext(t.Context(), "PRAGMA defer_foreign_keys = 1")
		if err == nil {
			err = r.Tx.AddGroupUser("group_none", "user-none")
		}
		return struct{}{}, err
	})
	contains(t, o.refused(t, 500, "POST", "/organization/broken", `{}`).text("message"), "The emulator failed: ")
	o.project(t, "afterwards")
}

// unreadable is a body that must not be read.
type unreadable struct{ t *testing.T }

func (u unreadable) Read([]byte) (int, error) {
	u.t.Error("the body was read")
	return 0, io.EOF
}

func TestBodiesAreReadAfterTheKey(t *testing.T) {
	o := start(t, emulator.Options{})
	project := o.project(t, "dev")
	account := o.do(t, "POST", "/organization/projects/"+project+"/service_accounts", `{"name":"a"}`).object("api_key").text("value")
	for name, test := range map[string]struct {
		key, path string
		length    int64
		status    int
	}{
		"no key":                   {"", "/v1/organization/projects", 1000, 401},
		"wrong key":                {"sk-admin-wrong", "/v1/organization/projects", 1000, 401},
		"a project's key":          {account, "/v1/organization/projects", 1000, 401},
		"unknown length":           {"", "/v1/organization/projects", -1, 401},
		"no key to call":           {"", "/v1/chat/completions", 1000, 401},
		"no key to upload":         {"", "/v1/files", 1000, 401},
		"no key to control":        {"", "/_emulator/usage", 1000, 401},
		"not emulated":             {o.key, "/v1/organization/unheard_of", 1000, 501},
		"no such path":             {"", "/none", 1000, 404},
		"more than JSON may be":    {o.key, "/v1/organization/projects", 17 << 20, 413},
		"more than a call may be":  {account, "/v1/chat/completions", 17 << 20, 413},
		"more than a file may be":  {account, "/v1/files", 65 << 20, 413},
		"more than control may be": {o.key, "/_emulator/usage", 17 << 20, 413},
	} {
		t.Run(name, func(t *testing.T) {
			r := httptest.NewRequestWithContext(t.Context(), "POST", test.path, unreadable{t})
			r.ContentLength = test.length
			if test.key != "" {
				r.Header.Set("Authorization", "Bearer "+test.key)
			}
			w := httptest.NewRecorder()
			o.ServeHTTP(w, r)
			if w.Code != test.status || w.Header().Get("Connection") != "close" {
				t.Errorf("it answers %d %v %s", w.Code, w.Header(), w.Body)
			}
		})
	}
	// Without a length, no more than the limit is read.
	endless := &counted{}
	r := httptest.NewRequestWithContext(t.Context(), "POST", "/v1/organization/projects", endless)
	r.Header.Set("Authorization", "Bearer "+o.key)
	w := httptest.NewRecorder()
	if o.ServeHTTP(w, r); w.Code != 413 || endless.read > 17<<20 {
		t.Errorf("after %d bytes it answers %d", endless.read, w.Code)
	}
}

// counted is a body without an end.
type counted struct{ read int }

func (c *counted) Read(into []byte) (int, error) {
	c.read += len(into)
	return len(into), nil
}

func TestSlowBodyIsGivenUp(t *testing.T) {
	server, err := emulator.New(emulator.Options{BodyTimeout: 20 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		handler   http.Handler
		path, key string
		status    string
	}{
		"direct":         {server, "/v1/organization/projects", server.AdminKey(), "408"},
		"without a key":  {server, "/v1/organization/projects", "", "401"},
		"not emulated":   {server, "/v1/organization/unheard_of", server.AdminKey(), "501"},
		"through faults": {faultinjection.New(server, faultinjection.Plan{Rules: []faultinjection.Rule{{Fault: faultinjection.NullFields}}}), "/v1/organization/projects", server.AdminKey(), "408"},
	} {
		t.Run(name, func(t *testing.T) {
			listener := httptest.NewServer(test.handler)
			defer listener.Close()
			connection, err := new(net.Dialer).DialContext(t.Context(), "tcp", listener.Listener.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = connection.Close() }()
			if _, err := fmt.Fprintf(connection, "POST %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\nContent-Length: 100\r\n\r\n{", test.path, test.key); err != nil {
				t.Fatal(err)
			}
			// The server closes the connection after its answer.
			answer, err := io.ReadAll(connection)
			if err != nil || !bytes.HasPrefix(answer, []byte("HTTP/1.1 "+test.status+" ")) || !bytes.Contains(answer, []byte("\r\nConnection: close\r\n")) {
				t.Errorf("%v: %s", err, answer)
			}
		})
	}
	if err := server.Close(); err != nil {
		t.Error(err)
	}
}

func TestDataFileIsTheOwners(t *testing.T) {
	file := filepath.Join(t.TempDir(), "organization.db")
	check := func() {
		t.Helper()
		files, err := filepath.Glob(file + "*")
		if err != nil || len(files) < 2 {
			t.Fatalf("%v, %v", files, err)
		}
		for _, name := range files {
			if info, err := os.Stat(name); err != nil || info.Mode().Perm() != 0o600 {
				t.Errorf("%s: %v, %v", name, info.Mode(), err)
			}
		}
	}
	for range 2 {
		server, err := emulator.New(emulator.Options{Data: file})
		if err != nil {
			t.Fatal(err)
		}
		check()
		if err := server.Close(); err != nil {
			t.Fatal(err)
		}
		// As an earlier release left them.
		for _, suffix := range []string{"", "-wal"} {
			if err := os.WriteFile(file+suffix, nil, 0o600); suffix != "" && err != nil {
				t.Fatal(err)
			}
			if err := os.Chmod(file+suffix, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestOneEmulatorForAFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "organization.db")
	first := start(t, emulator.Options{Data: file})
	if _, err := emulator.New(emulator.Options{Data: file}); err == nil || !strings.Contains(err.Error(), file+" is in use by another process") {
		t.Errorf("the second emulator says %v", err)
	}
	first.project(t, "dev")
}

func TestPageBehindAProxyAsksForTheKey(t *testing.T) {
	o := start(t, emulator.Options{})
	get := func(change func(*http.Request)) int {
		r := httptest.NewRequestWithContext(t.Context(), "GET", "/", nil)
		r.RemoteAddr, r.Host = "127.0.0.1:40000", "localhost:8080"
		change(r)
		w := httptest.NewRecorder()
		o.ServeHTTP(w, r)
		return w.Code
	}
	if status := get(func(*http.Request) {}); status != 200 {
		t.Errorf("from this machine the page answers %d", status)
	}
	for _, name := range []string{
		"X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "Forwarded", "Via", "X-Real-IP", "CF-Connecting-IP", "True-Client-IP",
	} {
		if status := get(func(r *http.Request) { r.Header.Set(name, "127.0.0.1") }); status != 401 {
			t.Errorf("with %s the page answers %d", name, status)
		}
		if status := get(func(r *http.Request) { r.Header[http.CanonicalHeaderKey(name)] = nil }); status != 401 {
			t.Errorf("with an empty %s the page answers %d", name, status)
		}
	}
	for name, change := range map[string]func(*http.Request){
		"HTTP/1.0": func(r *http.Request) { r.Proto, r.ProtoMajor, r.ProtoMinor = "HTTP/1.0", 1, 0 },
		"no host":  func(r *http.Request) { r.Host = "" },
		"rebound":  func(r *http.Request) { r.Host = "127.0.0.1.evil.example:8080" },
		"its name": func(r *http.Request) { r.Host = "emulator.example" },
		"its peer": func(r *http.Request) { r.RemoteAddr = "192.0.2.1:40000" },
	} {
		if status := get(change); status != 401 {
			t.Errorf("%s: the page answers %d", name, status)
		}
	}
	if status := get(func(r *http.Request) {
		r.Header.Set("X-Forwarded-For", "192.0.2.1")
		r.SetBasicAuth("anybody", o.key)
	}); status != 200 {
		t.Errorf("with the key the page answers %d", status)
	}
}

// A snapshot may come from another machine, and so may the names in it.
func TestSnapshotWithOtherNames(t *testing.T) {
	file, _ := putAside(t, start(t, emulator.Options{}))
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ statement, message string }{
		{`ALTER TABLE projects ADD COLUMN "name) SELECT 1 --" TEXT`, "unknown column"},
		{`ALTER TABLE projects RENAME COLUMN name TO title`, "unknown column"},
		{`ALTER TABLE projects ADD COLUMN size TEXT AS (hex(zeroblob(100000000)))`, "unknown column"},
		{`CREATE TABLE "a; DROP TABLE projects" (x)`, "unknown table"},
		{`CREATE VIEW more AS SELECT 1`, "unknown view"},
		{`DROP TABLE invites; CREATE VIEW invites AS SELECT 1 AS id`, `unknown view "invites"`},
		{`CREATE TRIGGER more AFTER INSERT ON journal BEGIN DELETE FROM projects; END`, "unknown trigger"},
		{`CREATE INDEX more ON projects (name)`, "unknown index"},
		{`DROP TABLE spend_alerts`, "spend_alerts"},
		{`PRAGMA user_version = -1`, "its version is -1"},
		{`PRAGMA user_version = 1000`, "use a newer release"},
	} {
		spoiled := filepath.Join(t.TempDir(), "spoiled.snapshot")
		if err := os.WriteFile(spoiled, content, 0o600); err != nil {
			t.Fatal(err)
		}
		db, err := sql.Open("sqlite", spoiled)
		if err == nil {
			_, err = db.ExecContext(context.Background(), test.statement)
		}
		if err := errors.Join(err, db.Close()); err != nil {
			t.Fatalf("%s: %v", test.statement, err)
		}
		server, err := emulator.New(emulator.Options{Snapshot: spoiled})
		if err == nil {
			_ = server.Close()
		}
		if err == nil || !strings.Contains(err.Error(), test.message) {
			t.Errorf("%s: %v", test.statement, err)
		}
	}
}

// Numbers that are out of range are refused, and none wraps around.
func TestNumbersOutOfRange(t *testing.T) {
	clock := newClock()
	o := start(t, emulator.Options{Seed: busy(), Now: clock.Now})
	for fields, message := range map[string]string{
		`"kind":"costs","days":1,"cost_usd":"99999999999999999999"`:                        "cost_usd is too large",
		`"kind":"costs","days":1,"cost_usd":"1e1000"`:                                      "cost_usd is too large",
		`"kind":"costs","days":1,"cost_usd":"-1e1000"`:                                     "cost_usd is too large",
		`"kind":"costs","days":1,"cost_usd":"1e2000000000"`:                                "cost_usd must be a decimal",
		`"kind":"costs","days":1,"cost_usd":"1","quantity":"1e1000","quantity_unit":"day"`: "quantity is too large",
		`"kind":"completions","days":9223372036854775807`:                                  "days must be between 1 and 366",
	} {
		contains(t, o.refusedAt(t, 400, "POST", "/_emulator/usage", `{"events":[{`+fields+`}]}`).text("message"), message)
	}
	many := strings.Repeat(`{"kind":"costs","days":366,"cost_usd":"1"},`, 300)
	contains(t, o.refusedAt(t, 400, "POST", "/_emulator/usage", `{"events":[`+strings.TrimSuffix(many, ",")+`]}`).text("message"), "at most 100000 events")

	app := o.application(t, o.project(t, "dev"))
	o.do(t, "POST", "/organization/projects/"+app.project+"/spend_limit", `{"threshold_amount":9223372036854775807,"currency":"USD","interval":"month"}`)
	app.do(t, "POST", chat, dear)
}
