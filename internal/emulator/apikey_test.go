package emulator_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator"
)

func TestServiceAccounts(t *testing.T) {
	o := start(t, emulator.Options{})
	project := "/organization/projects/" + o.project(t, "dev")
	accounts := project + "/service_accounts"

	// By default a key is created, too, and its secret is returned this once.
	made := o.do(t, "POST", accounts, `{"name":"billing","expires_in_seconds":3600}`)
	key := made.object("api_key")
	expect(t, "role", made.text("role"), "member")
	if !strings.HasPrefix(key.text("value"), "sk-") || key.text("expires_at") == "" {
		t.Errorf("the key of the account is %v", key)
	}
	read := o.do(t, "GET", project+"/api_keys/"+key.text("id"), "")
	if _, ok := read["value"]; ok {
		t.Error("the secret is returned again")
	}
	if !strings.HasSuffix(read.text("redacted_value"), key.text("value")[len(key.text("value"))-3:]) {
		t.Errorf("the redacted value is %q", read.text("redacted_value"))
	}
	owner := read.object("owner")
	expect(t, "owner", owner.text("type")+" "+owner.object("service_account").text("id"), "service_account "+made.text("id"))

	only := o.do(t, "POST", accounts, `{"name":"idle","create_service_account_only":true}`)
	expect(t, "role", only.text("role"), "none")
	if value, present := only["api_key"]; !present || value != nil {
		t.Errorf("api_key is %v", value)
	}
	path := accounts + "/" + only.text("id")
	expect(t, "role", o.do(t, "POST", path, `{"role":"owner","name":"busy"}`).text("role"), "owner")
	expect(t, "name", o.do(t, "GET", path, "").text("name"), "busy")

	for body, param := range map[string]string{
		`{}`:                                  "name",
		`{"name":"a","expires_in_seconds":0}`: "expires_in_seconds",
		`{"name":"a","expires_in_seconds":31536001}`:                              "expires_in_seconds",
		`{"name":"a","create_service_account_only":true,"expires_in_seconds":60}`: "expires_in_seconds",
	} {
		expect(t, "param", o.refused(t, 400, "POST", accounts, body).text("param"), param)
	}
	// There is no way back to no role.
	expect(t, "param", o.refused(t, 400, "POST", path, `{"role":"none"}`).text("param"), "role")
	if n := len(o.do(t, "GET", accounts, "").list("data")); n != 2 {
		t.Errorf("%d accounts", n)
	}

	// An account takes its keys along.
	o.do(t, "DELETE", accounts+"/"+made.text("id"), "")
	o.refused(t, 404, "GET", project+"/api_keys/"+key.text("id"), "")
	o.refused(t, 404, "DELETE", accounts+"/"+made.text("id"), "")
}

func TestAPIKeys(t *testing.T) {
	clock := newClock()
	o := start(t, emulator.Options{Now: clock.Now})
	id := o.project(t, "dev")
	project := "/organization/projects/" + id
	account := o.newAccount(t, id, "billing")
	o.do(t, "POST", project+"/service_accounts/"+account, `{"role":"member"}`)
	made := o.do(t, "POST", project+"/service_accounts/"+account+"/api_keys", `{"name":"one","scopes":["api.all.read"]}`)
	key := project + "/api_keys/" + made.text("id")
	for _, answer := range []object{made, o.do(t, "GET", key, ""), o.do(t, "POST", key, `{"scopes":["model.request"]}`)} {
		if _, ok := answer["scopes"]; ok {
			t.Error("scopes are returned")
		}
	}
	moved := o.do(t, "POST", key, `{"expires_in_seconds":60}`)
	expect(t, "expires_at", moved.text("expires_at"), fmt.Sprint(clock.Now().Unix()+60))
	for body, param := range map[string]string{
		`{}`:                             "",
		`{"scopes":null}`:                "scopes",
		`{"expires_in_seconds":null}`:    "expires_in_seconds",
		`{"expires_in_seconds":0}`:       "expires_in_seconds",
		`{"expires_in_seconds":"never"}`: "expires_in_seconds",
	} {
		expect(t, "param of "+body, o.refused(t, 400, "POST", key, body).text("param"), param)
	}
	clock.advance(time.Minute)
	contains(t, o.refused(t, 400, "POST", key, `{"expires_in_seconds":60}`).text("message"), "has expired")
	o.do(t, "DELETE", key, "")
	o.refused(t, 404, "GET", key, "")
	o.refused(t, 404, "DELETE", key, "")
	o.do(t, "GET", project+"/service_accounts/"+account, "")
}

// Keys of an account without a role are there, and not shown unless asked for.
func TestHiddenAPIKeys(t *testing.T) {
	o := start(t, emulator.Options{})
	id := o.project(t, "dev")
	project := "/organization/projects/" + id
	o.do(t, "POST", project+"/service_accounts", `{"name":"busy"}`)
	idle := o.newAccount(t, id, "idle")
	o.do(t, "POST", project+"/service_accounts/"+idle+"/api_keys", `{"name":"hidden"}`)
	for access, want := range map[string]int{"": 1, "active": 1, "inactive": 1, "any": 2} {
		keys := o.do(t, "GET", project+"/api_keys?owner_project_access="+access, "").list("data")
		if len(keys) != want {
			t.Errorf("%d keys with access %q", len(keys), access)
		}
		if access == "inactive" {
			expect(t, "name", keys[0].text("name"), "hidden")
			expect(t, "access", keys[0].text("owner_project_access"), "inactive")
		}
	}
	o.refused(t, 400, "GET", project+"/api_keys?owner_project_access=all", "")
}

func TestAdminKeys(t *testing.T) {
	o := start(t, emulator.Options{})
	made := o.do(t, "POST", "/organization/admin_api_keys", `{"name":"ci"}`)
	path := "/organization/admin_api_keys/" + made.text("id")
	o.as(made.text("value")).do(t, "GET", "/organization/projects", "")
	read := o.do(t, "GET", path, "")
	if _, ok := read["value"]; ok || read["expires_at"] != nil {
		t.Errorf("the key reads %v", read)
	}
	expect(t, "owner", read.object("owner").text("role"), "owner")
	names := func(order string) (names []string) {
		for _, key := range o.do(t, "GET", "/organization/admin_api_keys?order="+order, "").list("data") {
			names = append(names, key.text("name"))
		}
		return names
	}
	expect(t, "order", strings.Join(names("asc"), " "), "emulator ci")
	expect(t, "order", strings.Join(names("desc"), " "), "ci emulator")
	o.refused(t, 400, "GET", "/organization/admin_api_keys?order=up", "")
	o.refused(t, 400, "POST", "/organization/admin_api_keys", `{}`)
	o.do(t, "DELETE", path, "")
	o.refused(t, 404, "GET", path, "")
	o.as(made.text("value")).refused(t, 401, "GET", "/organization/projects", "")
}

// A key works from its creation to its end, and not a moment longer.
func TestUseOfAPIKeys(t *testing.T) {
	clock := newClock()
	o := start(t, emulator.Options{Now: clock.Now})
	id := o.project(t, "dev")
	project := "/organization/projects/" + id
	account := o.newAccount(t, id, "billing")
	made := o.do(t, "POST", project+"/service_accounts/"+account+"/api_keys", `{"name":"one"}`)
	key, secret := project+"/api_keys/"+made.text("id"), `{"secret":"`+made.text("value")+`"}`
	use := func() object { return o.control(t, "POST", "/api_keys/use", secret) }
	refused := func(code string) {
		t.Helper()
		expect(t, "code", o.refusedAt(t, 401, "POST", "/_emulator/api_keys/use", secret).text("code"), code)
	}
	expect(t, "last use", o.do(t, "GET", key, "").text("last_used_at"), "")
	clock.advance(time.Minute)
	expect(t, "key", use().text("id"), made.text("id"))
	expect(t, "last use", o.do(t, "GET", key, "").text("last_used_at"), fmt.Sprint(clock.Now().Unix()))

	o.do(t, "POST", key, `{"expires_in_seconds":60}`)
	clock.advance(59 * time.Second)
	use()
	clock.advance(time.Second)
	refused("expired_api_key")
	o.do(t, "DELETE", key, "")
	refused("invalid_api_key")

	made = o.do(t, "POST", project+"/service_accounts/"+account+"/api_keys", `{"name":"two"}`)
	secret = `{"secret":"` + made.text("value") + `"}`
	use()
	o.do(t, "DELETE", project+"/service_accounts/"+account, "")
	refused("invalid_api_key")
	secret = `{"secret":"sk-svcacct-never"}`
	refused("invalid_api_key")
}

func TestKeyPolicies(t *testing.T) {
	o := start(t, emulator.Options{})
	id := o.project(t, "dev")
	project := "/organization/projects/" + id
	account := o.newAccount(t, id, "billing")
	keys := project + "/service_accounts/" + account + "/api_keys"
	user := o.newMember(t, "ada@example.com", "reader")
	old := o.do(t, "POST", keys, `{"name":"old"}`).text("id")
	mine := o.control(t, "POST", "/projects/"+id+"/user_keys", `{"user_id":"`+user+`","name":"mine"}`)
	if !strings.HasPrefix(mine.text("value"), "sk-proj-") {
		t.Error("the key of a person looks like that of a program")
	}
	expect(t, "owner", o.do(t, "GET", project+"/api_keys/"+mine.text("id"), "").object("owner").object("user").text("id"), user)

	// A project limits the life of its keys; those that exist stay as they are.
	o.control(t, "POST", "/key_policies", `{"project_id":"`+id+`","max_lifetime_seconds":3600}`)
	for _, body := range []string{`{"name":"a"}`, `{"name":"a","expires_in_seconds":3601}`} {
		refusal := o.refused(t, 400, "POST", keys, body)
		expect(t, "param", refusal.text("param"), "expires_in_seconds")
		contains(t, refusal.text("message"), "at most 3600")
	}
	o.do(t, "POST", keys, `{"name":"a","expires_in_seconds":3600}`)
	o.do(t, "POST", project+"/api_keys/"+old, `{"scopes":["api.all.read"]}`)
	o.refused(t, 400, "POST", project+"/api_keys/"+old, `{"expires_in_seconds":3601}`)
	expect(t, "expires_at", o.do(t, "GET", project+"/api_keys/"+old, "").text("expires_at"), "")

	// The organization's policy takes precedence.
	o.control(t, "POST", "/key_policies", `{"max_lifetime_seconds":60,"creation":"service_accounts"}`)
	contains(t, o.refused(t, 400, "POST", keys, `{"name":"a","expires_in_seconds":61}`).text("message"), "at most 60")
	o.do(t, "POST", keys, `{"name":"a","expires_in_seconds":60}`)
	body := `{"user_id":"` + user + `","name":"mine","expires_in_seconds":60}`
	contains(t, o.refusedAt(t, 400, "POST", "/_emulator/projects/"+id+"/user_keys", body).text("message"), "does not allow new API keys of users")
	o.control(t, "POST", "/key_policies", `{"creation":"users"}`)
	contains(t, o.refused(t, 400, "POST", keys, `{"name":"a","expires_in_seconds":60}`).text("message"), "does not allow new API keys of service accounts")
	o.control(t, "POST", "/projects/"+id+"/user_keys", body)
	o.control(t, "POST", "/key_policies", `{"creation":"off"}`)
	o.refusedAt(t, 400, "POST", "/_emulator/projects/"+id+"/user_keys", body)
	o.refused(t, 400, "POST", keys, `{"name":"a","expires_in_seconds":60}`)

	for _, body := range []string{`{"creation":"some"}`, `{"max_lifetime_seconds":0}`} {
		o.refusedAt(t, 400, "POST", "/_emulator/key_policies", body)
	}
	o.refusedAt(t, 404, "POST", "/_emulator/key_policies", `{"project_id":"proj_none"}`)
}
