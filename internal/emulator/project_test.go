package emulator_test

import (
	"fmt"
	"testing"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/api"
)

func TestProjectPages(t *testing.T) {
	o := start(t, emulator.Options{})
	for i := range 24 {
		o.project(t, fmt.Sprintf("team-%d", i))
	}
	seen := map[string]bool{}
	after, pages := "", 0
	for {
		page := o.do(t, "GET", "/organization/projects?limit=10&after="+after, "")
		expect(t, "object", page.text("object"), "list")
		for _, p := range page.list("data") {
			if seen[p.text("id")] {
				t.Errorf("%s is on two pages", p.text("id"))
			}
			seen[p.text("id")] = true
		}
		pages++
		after = page.text("last_id")
		if page.text("has_more") != "true" {
			break
		}
	}
	if len(seen) != 25 || pages != 3 {
		t.Errorf("%d projects on %d pages", len(seen), pages)
	}
	if n := len(o.do(t, "GET", "/organization/projects", "").list("data")); n != 20 {
		t.Errorf("a page has %d projects by default", n)
	}
	empty := o.do(t, "GET", "/organization/projects?after="+after, "")
	if empty["first_id"] != nil || empty["last_id"] != nil || len(empty.list("data")) != 0 {
		t.Errorf("the page after the last is %v", empty)
	}
	for _, query := range []string{"limit=0", "limit=101", "limit=ten", "after=proj_none", "include_archived=perhaps"} {
		o.refused(t, 400, "GET", "/organization/projects?"+query, "")
	}
}

func TestProjectLife(t *testing.T) {
	o := start(t, emulator.Options{})
	made := o.do(t, "POST", "/organization/projects", `{"name":"eu","residency":"EU_STORAGE_PROCESSING","external_key_id":"extkey_1"}`)
	path := "/organization/projects/" + made.text("id")
	expect(t, "status", made.text("status"), "active")
	expect(t, "residency", made.text("residency"), "EU_STORAGE_PROCESSING")
	expect(t, "name", o.do(t, "POST", path, `{"name":"renamed"}`).text("name"), "renamed")
	expect(t, "external key", o.do(t, "POST", path, `{"external_key_id":"extkey_2"}`).text("external_key_id"), "extkey_2")
	for body, param := range map[string]string{
		`{"name":""}`:              "name",
		`{"external_key_id":null}`: "external_key_id",
	} {
		expect(t, "param", o.refused(t, 400, "POST", path, body).text("param"), param)
	}
	for body, param := range map[string]string{
		`{}`:                              "name",
		`{"name":"a","residency":"MARS"}`: "residency",
		`{"name":"a","residency":"GLOBAL","geography":"EU"}`: "residency",
	} {
		expect(t, "param", o.refused(t, 400, "POST", "/organization/projects", body).text("param"), param)
	}
	// Names are not unique.
	first, second := o.project(t, "twin"), o.project(t, "twin")
	if first == second {
		t.Error("two projects are one")
	}
	archived := o.do(t, "POST", path+"/archive", "")
	expect(t, "status", archived.text("status"), "archived")
	expect(t, "status", o.do(t, "GET", path, "").text("status"), "archived")
	if n := len(o.do(t, "GET", "/organization/projects", "").list("data")); n != 3 {
		t.Errorf("%d projects without the archived one", n)
	}
	if n := len(o.do(t, "GET", "/organization/projects?include_archived=true", "").list("data")); n != 4 {
		t.Errorf("%d projects with the archived one", n)
	}
}

func TestArchivedProjectsRefuseWrites(t *testing.T) {
	o := start(t, emulator.Options{})
	project := o.project(t, "old")
	path := "/organization/projects/" + project
	account := o.newAccount(t, project, "a")
	o.do(t, "POST", path+"/archive", "")
	const money = `{"threshold_amount":100,"currency":"USD","interval":"month","notification_channel":{"type":"email","recipients":["a@example.com"]}}`
	for _, request := range []struct{ method, path, body string }{
		{"POST", "", `{"name":"new"}`},
		{"POST", "/archive", ""},
		{"POST", "/service_accounts", `{"name":"a"}`},
		{"POST", "/service_accounts/" + account, `{"name":"b"}`},
		{"DELETE", "/service_accounts/" + account, ""},
		{"POST", "/service_accounts/" + account + "/api_keys", `{}`},
		{"DELETE", "/api_keys/key_1", ""},
		{"POST", "/users", `{"email":"member@example.com","role":"member"}`},
		{"DELETE", "/users/user-1", ""},
		{"POST", "/spend_limit", money},
		{"DELETE", "/spend_limit", ""},
		{"POST", "/spend_alerts", money},
		{"POST", "/spend_alerts/alert_1", money},
		{"DELETE", "/spend_alerts/alert_1", ""},
		{"POST", "/rate_limits/rl-gpt-4o", `{"max_requests_per_1_minute":1}`},
	} {
		t.Run(request.method+" "+request.path, func(t *testing.T) {
			expect(t, "code", o.refused(t, 400, request.method, path+request.path, request.body).text("code"), "project_archived")
		})
	}
}

func TestDefaultProject(t *testing.T) {
	o := start(t, emulator.Options{})
	path := "/organization/projects/" + o.do(t, "GET", "/organization/projects", "").list("data")[0].text("id")
	o.refused(t, 400, "POST", path+"/archive", "")
	o.refused(t, 400, "POST", path, `{"name":"other"}`)
	o.refused(t, 400, "POST", path+"/service_accounts", `{"name":"a"}`)
	o.refused(t, 400, "POST", path+"/users", `{"email":"member@example.com","role":"member"}`)
	o.do(t, "POST", path+"/spend_limit", `{"threshold_amount":100,"currency":"USD","interval":"month"}`)
	o.do(t, "POST", path+"/rate_limits/rl-gpt-4o", `{"max_requests_per_1_minute":1}`)
}

// A fault of the real API: the answer says no, and the project is archived.
func TestArchiveThatAnswersAnError(t *testing.T) {
	o := start(t, emulator.Options{Behavior: api.Behavior{ArchiveAnswersError: true}})
	path := "/organization/projects/" + o.project(t, "old")
	expect(t, "code", o.refused(t, 400, "POST", path+"/archive", "").text("code"), "project_archived")
	expect(t, "status", o.do(t, "GET", path, "").text("status"), "archived")
}
