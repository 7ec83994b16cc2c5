package emulator_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator"
)

func TestKeysAreReturnedOnce(t *testing.T) {
	clock := newClock()
	o := start(t, emulator.Options{Now: clock.Now})
	const path = "/organization/projects"

	failure := o.as("").refused(t, 401, "GET", path, "")
	contains(t, failure.text("message"), "You didn't provide an API key")
	failure = o.as("sk-admin-wrong").refused(t, 401, "GET", path, "")
	expect(t, "code", failure.text("code"), "invalid_api_key")

	// An ordinary key may not administer, and an admin key may do nothing else.
	project := o.project(t, "dev")
	ordinary := o.do(t, "POST", "/organization/projects/"+project+"/service_accounts", `{"name":"a"}`).object("api_key").text("value")
	contains(t, o.as(ordinary).refused(t, 401, "GET", path, "").text("message"), "Missing scopes: api.management.read")
	contains(t, o.as(ordinary).refused(t, 401, "POST", path, `{"name":"x"}`).text("message"), "Missing scopes: api.management.write")
	contains(t, o.refused(t, 401, "GET", "/models", "").text("message"), "Admin API keys can only be used with the Administration API")

	// A key that has expired.
	short := o.do(t, "POST", "/organization/admin_api_keys", `{"name":"short","expires_in_seconds":60}`).text("value")
	o.as(short).do(t, "GET", path, "")
	clock.advance(time.Minute)
	expect(t, "code", o.as(short).refused(t, 401, "GET", path, "").text("code"), "expired_api_key")
}

func TestReadersCannotWrite(t *testing.T) {
	o := start(t, emulator.Options{})
	o.newMember(t, "second@example.com", "owner")
	first := o.do(t, "GET", "/organization/users?emails=owner@example.com", "").list("data")[0].text("id")
	o.do(t, "POST", "/organization/users/"+first, `{"role":"reader"}`)
	o.do(t, "GET", "/organization/projects", "")
	for _, path := range []string{"/organization/projects", "/organization/invites", "/organization/users/" + first, "/organization/spend_limit"} {
		contains(t, o.refused(t, 401, "POST", path, `{}`).text("message"), "Missing scopes: api.management.write")
	}
	contains(t, o.refused(t, 401, "DELETE", "/organization/users/"+first, "").text("message"), "api.management.write")
}

func TestEveryAnswerIsAnEnvelope(t *testing.T) {
	o := start(t, emulator.Options{})
	got := o.send(t, "GET", "/v1/organization/projects/proj_none", "")
	expect(t, "status", fmt.Sprint(got.status), "404")
	if !strings.HasPrefix(got.header.Get("X-Request-Id"), "req_") {
		t.Errorf("the request id is %q", got.header.Get("X-Request-Id"))
	}
	failure := got.object(t).object("error")
	expect(t, "type", failure.text("type"), "invalid_request_error")
	contains(t, failure.text("message"), "No such project: proj_none")
	for _, field := range []string{"param", "code"} {
		if value, present := failure[field]; !present || value != nil {
			t.Errorf("%s is %v", field, value)
		}
	}
	expect(t, "param", o.refused(t, 400, "POST", "/organization/projects", `{"name":5}`).text("param"), "name")
	contains(t, o.refused(t, 400, "POST", "/organization/projects", `{"name":`).text("message"), "could not parse")
	expect(t, "type", o.refused(t, 501, "GET", "/organization/unheard_of", "").text("type"), "not_emulated")
	expect(t, "type", o.refused(t, 501, "GET", "/projects/proj_none/unheard_of", "").text("type"), "not_emulated")
	for _, key := range []string{o.key, "", "sk-wrong"} {
		failure := o.as(key).refused(t, 404, "GET", "/unheard_of/at?all=1", "")
		expect(t, "message", failure.text("message"), "Invalid URL (GET /v1/unheard_of/at)")
		expect(t, "type", failure.text("type"), "invalid_request_error")
	}
	contains(t, o.refused(t, 401, "GET", "/batches", "").text("message"), "Admin API keys can only be used with the Administration API")
	if got := o.send(t, "GET", "/organization/projects", ""); got.status != 404 {
		t.Errorf("a path without /v1 answers %d", got.status)
	}
}

func TestJournal(t *testing.T) {
	o := start(t, emulator.Options{})
	project := o.project(t, "dev")
	made := o.do(t, "POST", "/organization/projects/"+project+"/service_accounts", `{"name":"a"}`)
	o.refused(t, 404, "GET", "/organization/projects/proj_none?limit=1", "")
	entries := o.control(t, "GET", "/journal", "").list("data")
	if len(entries) != 3 {
		t.Fatalf("%d entries", len(entries))
	}
	last := entries[2]
	expect(t, "method", last.text("method"), "GET")
	expect(t, "path", last.text("path"), "/v1/organization/projects/proj_none")
	expect(t, "route", last.text("route"), "/v1/organization/projects/{project_id}")
	expect(t, "query", last.text("query"), "limit=1")
	expect(t, "status", last.text("status"), "404")
	if since := o.control(t, "GET", "/journal?since="+entries[1].text("seq"), "").list("data"); len(since) != 1 {
		t.Errorf("%d entries since the second", len(since))
	}
	whole := o.send(t, "GET", "/_emulator/journal", "").body
	for _, secret := range []string{o.key, made.object("api_key").text("value")} {
		if strings.Contains(whole, secret) {
			t.Error("the journal holds a secret")
		}
	}
	if got := o.as("").send(t, "GET", "/_emulator/journal", ""); got.status != 401 {
		t.Errorf("without a key the journal answers %d", got.status)
	}
}

func TestResetRestoresTheSeed(t *testing.T) {
	o := start(t, emulator.Options{})
	before := o.send(t, "GET", "/v1/organization/users", "").body
	o.project(t, "dev")
	o.newMember(t, "new@example.com", "reader")
	o.do(t, "POST", "/organization/spend_limit", `{"threshold_amount":1,"currency":"USD","interval":"month"}`)
	o.control(t, "POST", "/reset", "")
	if n := len(o.do(t, "GET", "/organization/projects", "").list("data")); n != 1 {
		t.Errorf("%d projects after the reset", n)
	}
	if n, was := len(o.do(t, "GET", "/organization/users", "").list("data")), strings.Count(before, `"email"`); n != was {
		t.Errorf("%d users after the reset, %d before", n, was)
	}
	o.refused(t, 404, "GET", "/organization/spend_limit", "")
}

func TestProfileOpenAIThrottles(t *testing.T) {
	clock := newClock()
	o := start(t, emulator.Options{Profile: emulator.ProfileOpenAI, Now: clock.Now})
	for range 7 {
		o.do(t, "GET", "/organization/projects", "")
		clock.advance(time.Second)
	}
	got := o.send(t, "GET", "/v1/organization/projects", "")
	if got.status != http.StatusTooManyRequests {
		t.Fatalf("the eighth request answers %d", got.status)
	}
	for name := range got.header {
		if strings.HasPrefix(strings.ToLower(name), "retry-after") || strings.HasPrefix(strings.ToLower(name), "x-ratelimit") {
			t.Errorf("the answer gives a hint: %s", name)
		}
	}
	// Each endpoint has a budget of its own.
	o.do(t, "GET", "/organization/users", "")
	o.project(t, "dev")
	clock.advance(53 * time.Second)
	o.do(t, "GET", "/organization/projects", "")
	if _, err := emulator.New(emulator.Options{Profile: "slow"}); err == nil {
		t.Error("an unknown profile was accepted")
	}
}

// Acknowledged writes are kept after a restart, and no secret is in the file.
func TestDataFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "organization.db")
	first, err := emulator.New(emulator.Options{Data: file, AdminKey: "sk-admin-given-by-the-user"})
	if err != nil {
		t.Fatal(err)
	}
	listener := httptest.NewServer(first)
	defer listener.Close()
	o := &organization{first, listener.URL, first.AdminKey()}
	project := o.project(t, "dev")
	secrets := []string{
		o.key,
		o.do(t, "POST", "/organization/projects/"+project+"/service_accounts", `{"name":"a"}`).object("api_key").text("value"),
		o.do(t, "POST", "/organization/admin_api_keys", `{"name":"a"}`).text("value"),
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	again := start(t, emulator.Options{Data: file, AdminKey: "sk-admin-another"})
	expect(t, "name", again.do(t, "GET", "/organization/projects/"+project, "").text("name"), "dev")
	again.as(secrets[0]).do(t, "GET", "/organization/projects", "")

	files, err := filepath.Glob(file + "*")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, secret := range secrets {
			if secret == "" || strings.Contains(string(content), secret) {
				t.Errorf("a secret is in %s", filepath.Base(name))
			}
		}
	}
}

func TestFixedClockGivesTheSameIDs(t *testing.T) {
	options := emulator.Options{Now: newClock().Now, Deterministic: true}
	one, two := start(t, options), start(t, options)
	if a, b := one.project(t, "dev"), two.project(t, "dev"); a != b || !strings.HasPrefix(a, "proj_") {
		t.Errorf("the ids are %s and %s", a, b)
	}
	if a, b := one.project(t, "dev"), two.project(t, "dev"); a != b {
		t.Errorf("the second ids are %s and %s", a, b)
	}
	if one.key == two.key {
		t.Error("secrets must differ")
	}
}
