package emulator_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/api"
)

// auditLog returns the types of the entries, newest first.
func auditLog(t *testing.T, o *organization, query string) string {
	t.Helper()
	var types []string
	for _, entry := range o.do(t, "GET", "/organization/audit_logs?"+query, "").list("data") {
		types = append(types, entry.text("type"))
	}
	return strings.Join(types, " ")
}

// Every write that has an event of its own leaves an entry with the change and
// the actor, and without secrets.
func TestAuditLogShowsWrites(t *testing.T) {
	clock := newClock()
	o := start(t, emulator.Options{Now: clock.Now})
	project := o.project(t, "dev")
	account := o.newAccount(t, project, "app")
	base := "/organization/projects/" + project
	accountPath := base + "/service_accounts/" + account
	o.do(t, "POST", accountPath, `{"role":"member"}`)
	key := o.do(t, "POST", accountPath+"/api_keys", `{"scopes":["api.all.read"]}`)
	keyPath := base + "/api_keys/" + key.text("id")
	o.do(t, "POST", keyPath, `{"scopes":["model.request"],"expires_in_seconds":3600}`)
	o.do(t, "DELETE", keyPath, "")
	o.do(t, "DELETE", accountPath, "")
	member := o.newMember(t, "new@example.com", "reader")
	o.do(t, "POST", base+"/users", `{"user_id":"`+member+`","role":"member"}`)
	o.do(t, "POST", base+"/users/"+member, `{"role":"owner"}`)
	o.do(t, "DELETE", base+"/users/"+member, "")
	o.do(t, "POST", "/organization/users/"+member, `{"role":"owner"}`)
	o.do(t, "DELETE", "/organization/users/"+member, "")
	o.do(t, "DELETE", "/organization/invites/"+o.do(t, "POST", "/organization/invites", `{"email":"x@example.com","role":"reader"}`).text("id"), "")
	o.do(t, "POST", base+"/rate_limits/rl-gpt-4o", `{"max_requests_per_1_minute":1}`)
	o.do(t, "POST", base, `{"name":"development"}`)
	o.do(t, "POST", base+"/archive", "")

	// Reads, refused requests and calls with a project's key leave no entry.
	o.refused(t, 404, "POST", "/organization/projects/proj_none", `{"name":"x"}`)

	want := []string{
		"project.created", "service_account.created", "service_account.updated", "api_key.created", "api_key.updated", "api_key.deleted",
		"service_account.deleted", "invite.sent", "invite.accepted", "user.added", "user.added", "user.updated", "user.deleted", "user.updated",
		"user.deleted", "invite.sent", "invite.deleted", "rate_limit.updated", "project.updated", "project.archived",
	}
	entries := o.do(t, "GET", "/organization/audit_logs?limit=100", "").list("data")
	if len(entries) != len(want) {
		t.Fatalf("%d entries, expected %d", len(entries), len(want))
	}
	for i, kind := range want {
		entry := entries[len(entries)-1-i]
		expect(t, fmt.Sprintf("entry %d", i), entry.text("type"), kind)
		if entry.object(kind).text("id") == "" {
			t.Errorf("%s does not say what was changed", kind)
		}
		actor := entry.object("actor")
		if kind == "invite.accepted" {
			expect(t, "actor of "+kind, actor.object("session").object("user").text("email"), "new@example.com")
		} else if kind != "user.added" {
			expect(t, "actor of "+kind, actor.object("api_key").object("user").text("email"), "owner@example.com")
		}
	}
	expect(t, "scopes of the new key", fmt.Sprint(o.do(t, "GET", "/organization/audit_logs?event_types=api_key.created", "").list("data")[0].object("api_key.created").object("data")["scopes"]), "[api.all.read]")
	requested := o.do(t, "GET", "/organization/audit_logs?event_types=api_key.updated", "").list("data")[0].object("api_key.updated").object("changes_requested")
	expect(t, "changes of the key", fmt.Sprint(requested["scopes"], requested["expires_in_seconds"]), "[model.request]3600")
	if whole := o.send(t, "GET", "/v1/organization/audit_logs?limit=100", "").body; strings.Contains(whole, key.text("value")) || strings.Contains(whole, o.key) {
		t.Error("the audit log holds a secret")
	}
}

// A key without scopes has none in the audit log, and no null, which the SDKs do
// not expect.
func TestAuditLogOmitsMissingScopes(t *testing.T) {
	o := start(t, emulator.Options{})
	project := o.project(t, "dev")
	o.do(t, "POST", "/organization/projects/"+project+"/service_accounts/"+o.newAccount(t, project, "app")+"/api_keys", `{}`)
	created := o.do(t, "GET", "/organization/audit_logs?event_types=api_key.created", "").list("data")[0].object("api_key.created")
	if scopes, ok := created.object("data")["scopes"]; ok || created.text("id") == "" {
		t.Errorf("the scopes of %s are %v", created.text("id"), scopes)
	}
}

func TestAuditLogIsFiltered(t *testing.T) {
	clock := newClock()
	o := start(t, emulator.Options{Now: clock.Now})
	first := o.project(t, "one")
	begun := clock.Now().Unix()
	clock.advance(time.Hour)
	o.do(t, "POST", "/organization/projects/"+first, `{"name":"uno"}`)
	clock.advance(time.Hour)
	second := o.project(t, "two")
	owner := o.do(t, "GET", "/organization/users?emails=owner@example.com", "").list("data")[0].text("id")
	for query, want := range map[string]string{
		"":                            "project.created project.updated project.created",
		"event_types=project.updated": "project.updated",
		"event_types[]=project.updated&event_types[]=invite.sent":                 "project.updated",
		"resource_ids=" + first:                                                   "project.updated project.created",
		"resource_ids=" + second:                                                  "project.created",
		"actor_ids=" + owner:                                                      "project.created project.updated project.created",
		"actor_ids=user-unknown":                                                  "",
		"actor_emails=owner@example.com&limit=1":                                  "project.created",
		"project_ids=proj_none":                                                   "",
		"tenant_only=true":                                                        "",
		fmt.Sprintf("effective_at[gt]=%d", begun):                                 "project.created project.updated",
		fmt.Sprintf("effective_at[gte]=%d", begun):                                "project.created project.updated project.created",
		fmt.Sprintf("effective_at[lt]=%d", begun+1):                               "project.created",
		fmt.Sprintf("effective_at[lte]=%d", begun-1):                              "",
		fmt.Sprintf("effective_at[gt]=%d&effective_at[lt]=%d", begun, begun+7200): "project.updated",
	} {
		expect(t, query, auditLog(t, o, query), want)
	}
	o.refused(t, 400, "GET", "/organization/audit_logs?effective_at[gt]=yesterday", "")
	o.refused(t, 400, "GET", "/organization/audit_logs?limit=101", "")
	page := o.do(t, "GET", "/organization/audit_logs?limit=2", "")
	expect(t, "has_more", page.text("has_more"), "true")
	expect(t, "second page", auditLog(t, o, "limit=2&after="+page.text("last_id")), "project.created")
}

func TestAuditLogThatIsOffOrLate(t *testing.T) {
	off := start(t, emulator.Options{Behavior: api.Behavior{AuditLogOff: true}})
	off.project(t, "dev")
	expect(t, "entries", auditLog(t, off, ""), "")
	clock := newClock()
	late := start(t, emulator.Options{Now: clock.Now, Behavior: api.Behavior{AuditLogDelay: time.Minute}})
	late.project(t, "dev")
	clock.advance(59 * time.Second)
	expect(t, "entries", auditLog(t, late, ""), "")
	clock.advance(time.Second)
	expect(t, "entries", auditLog(t, late, ""), "project.created")
}
