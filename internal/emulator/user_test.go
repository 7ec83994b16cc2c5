package emulator_test

import (
	"testing"
	"time"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/seed"
)

func TestUsers(t *testing.T) {
	organization := seed.Default()
	organization.Members = append(organization.Members, seed.Member{Email: "scim@example.com", SCIMManaged: true})
	o := start(t, emulator.Options{Seed: organization})
	find := func(email string) string {
		users := o.do(t, "GET", "/organization/users?emails[]="+email, "").list("data")
		if len(users) != 1 {
			t.Fatalf("%d users with the address %s", len(users), email)
		}
		return "/organization/users/" + users[0].text("id")
	}
	if n := len(o.do(t, "GET", "/organization/users", "").list("data")); n != 3 {
		t.Errorf("%d users", n)
	}
	if n := len(o.do(t, "GET", "/organization/users?emails=member@example.com&emails=scim@example.com", "").list("data")); n != 2 {
		t.Errorf("%d users by two addresses", n)
	}
	member := find("MEMBER@example.com")
	changed := o.do(t, "POST", member, `{"role":"owner","technical_level":"high"}`)
	expect(t, "role", changed.text("role"), "owner")
	expect(t, "level", changed.text("technical_level"), "high")
	expect(t, "level", o.do(t, "POST", member, `{"technical_level":null}`).text("technical_level"), "")
	o.do(t, "POST", member, `{"role":"reader"}`)

	// The last owner stays.
	owner := find("owner@example.com")
	contains(t, o.refused(t, 400, "POST", owner, `{"role":"reader"}`).text("message"), "last owner")
	contains(t, o.refused(t, 400, "DELETE", owner, "").text("message"), "last owner")
	expect(t, "param", o.refused(t, 400, "POST", member, `{"role":"admin"}`).text("param"), "role")
	scim := find("scim@example.com")
	contains(t, o.refused(t, 400, "POST", scim, `{"role":"owner"}`).text("message"), "SCIM")
	contains(t, o.refused(t, 400, "DELETE", scim, "").text("message"), "SCIM")

	o.do(t, "DELETE", member, "")
	o.refused(t, 404, "GET", member, "")
	o.refused(t, 404, "DELETE", member, "")
}

func TestInvites(t *testing.T) {
	clock := newClock()
	o := start(t, emulator.Options{Now: clock.Now})
	project := o.project(t, "dev")
	invite := o.do(t, "POST", "/organization/invites", `{"email":"ada@example.com","role":"reader","projects":[{"id":"`+project+`","role":"owner"}]}`)
	path := "/organization/invites/" + invite.text("id")
	expect(t, "status", invite.text("status"), "pending")
	if invite["accepted_at"] != nil || invite.text("expires_at") == "" {
		t.Errorf("the invitation is %v", invite)
	}
	contains(t, o.refused(t, 400, "POST", "/organization/invites", `{"email":"Ada@example.com","role":"owner"}`).text("message"), "already exists")
	contains(t, o.refused(t, 400, "POST", "/organization/invites", `{"email":"member@example.com","role":"owner"}`).text("message"), "already exists")
	for _, body := range []string{`{"role":"reader"}`, `{"email":"x","role":"reader"}`, `{"email":"x@example.com","role":"member"}`,
		`{"email":"x@example.com","role":"reader","projects":[{"id":"proj_none","role":"member"}]}`,
		`{"email":"x@example.com","role":"reader","projects":[{"id":"` + project + `","role":"reader"}]}`} {
		o.refused(t, 400, "POST", "/organization/invites", body)
	}

	user := o.control(t, "POST", "/invites/"+invite.text("id")+"/accept", "")
	expect(t, "status", o.do(t, "GET", path, "").text("status"), "accepted")
	expect(t, "role in the project", o.do(t, "GET", "/organization/projects/"+project+"/users/"+user.text("id"), "").text("role"), "owner")
	o.refused(t, 400, "DELETE", path, "")

	// Left out means the default project, empty means none.
	expect(t, "projects", count(o.do(t, "POST", "/organization/invites", `{"email":"a@example.com","role":"reader"}`).list("projects")), "1")
	none := o.do(t, "POST", "/organization/invites", `{"email":"b@example.com","role":"reader","projects":[]}`)
	expect(t, "projects", count(none.list("projects")), "0")

	clock.advance(8 * 24 * time.Hour)
	expect(t, "status", o.do(t, "GET", "/organization/invites/"+none.text("id"), "").text("status"), "expired")
	if got := o.send(t, "POST", "/_emulator/invites/"+none.text("id")+"/accept", ""); got.status != 400 {
		t.Errorf("an expired invitation was accepted: %d", got.status)
	}
	again := o.do(t, "POST", "/organization/invites", `{"email":"b@example.com","role":"reader"}`)
	expect(t, "status", o.control(t, "POST", "/invites/"+again.text("id")+"/expire", "").text("status"), "expired")
	o.do(t, "DELETE", "/organization/invites/"+again.text("id"), "")
	o.refused(t, 404, "GET", "/organization/invites/"+again.text("id"), "")
}

func count(list []object) string {
	return string(rune('0' + len(list)))
}

func TestProjectUsers(t *testing.T) {
	o := start(t, emulator.Options{})
	users := "/organization/projects/" + o.project(t, "dev") + "/users"
	added := o.do(t, "POST", users, `{"email":"Member@example.com","role":"member"}`)
	path := users + "/" + added.text("id")
	expect(t, "name", added.text("name"), "Max Member")
	contains(t, o.refused(t, 400, "POST", users, `{"user_id":"`+added.text("id")+`","role":"owner"}`).text("message"), "already exists in project")
	for body, param := range map[string]string{
		`{"email":"unknown@example.com","role":"member"}`:             "user_id",
		`{"email":"member@example.com","user_id":"x","role":"owner"}`: "user_id",
		`{"role":"member"}`:                             "user_id",
		`{"email":"owner@example.com","role":"reader"}`: "role",
	} {
		expect(t, "param", o.refused(t, 400, "POST", users, body).text("param"), param)
	}
	expect(t, "role", o.do(t, "POST", path, `{"role":"owner"}`).text("role"), "owner")
	expect(t, "role", o.do(t, "POST", path, `{"role":null}`).text("role"), "owner")
	o.refused(t, 400, "POST", path, `{"role":"viewer"}`)
	o.do(t, "DELETE", path, "")
	o.refused(t, 404, "GET", path, "")
	// A person removed from the organization is removed from its projects.
	o.do(t, "POST", users, `{"email":"member@example.com","role":"member"}`)
	o.do(t, "DELETE", "/organization/users/"+added.text("id"), "")
	expect(t, "members", count(o.do(t, "GET", users, "").list("data")), "0")
}
