package emulator_test

import (
	"fmt"
	"net/url"
	"testing"
	"time"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/api"
)

func TestWorkloadIdentity(t *testing.T) {
	clock := newClock()
	o := start(t, emulator.Options{Now: clock.Now})
	const path = "/organization/workload_identity_providers"
	made := o.do(t, "POST", path, `{"type":"oidc","name":"ci","issuer":"https://a.example","audience":"x"}`)
	provider := path + "/" + made.text("id")
	expect(t, "object", made.text("object"), "organization.workload_identity_provider")
	expect(t, "enabled", made.text("enabled"), "true")
	expect(t, "verification", made.object("verification").text("type"), "discovery")
	verified := func(verification string) string {
		return `{"type":"oidc","name":"c","issuer":"i","audience":"x","verification":` + verification + `}`
	}
	for asked, param := range map[string]string{
		`{"name":"ci","issuer":"i","audience":"x"}`:                                                                              "type",
		`{"type":"oidc","issuer":"i","audience":"x"}`:                                                                            "name",
		`{"type":"oidc","name":"ci","audience":"x"}`:                                                                             "issuer",
		`{"type":"oidc","name":"ci","issuer":"i"}`:                                                                               "audience",
		`{"type":"oidc","name":"ci","issuer":"i","audience":"x","verification":{"type":"discovery"}}`:                            "verification.discovery_url",
		`{"type":"oidc","name":"ci","issuer":"i","audience":"x","verification":{"type":"uploaded_jwks"}}`:                        "verification.jwks",
		`{"type":"oidc","name":"ci","issuer":"i","audience":"x","verification":{"type":"x509"}}`:                                 "verification.type",
		`{"type":"oidc","name":"c","issuer":"i","audience":"x","attribute_transformations":[{"attribute":"a","expression":""}]}`: "attribute_transformations",
		`{"type":"oidc","name":"ci","issuer":"i","audience":"x"}`:                                                                "name", // that of another provider
		verified(`{"type":"uploaded_jwks","jwks":{"keys":[{"kty":"RSA"}]}}`):                                                     "verification.jwks",
		verified(`{"type":"uploaded_jwks","jwks":{"keys":[{"kid":"a"},{"kid":"a"}]}}`):                                           "verification.jwks",
		verified(`{"type":"discovery","discovery_url":"http://a.example"}`):                                                      "verification.discovery_url",
		verified(`{"type":"discovery","discovery_url":"https://a.example:8443/keys"}`):                                           "verification.discovery_url",
		verified(`{"type":"discovery","discovery_url":"https://a.example/keys?version=1"}`):                                      "verification.discovery_url",
		verified(`{"type":"discovery","discovery_url":"https://user:secret@a.example/keys"}`):                                    "verification.discovery_url",
		verified(`{"type":"discovery","discovery_url":"https://127.0.0.1/keys"}`):                                                "verification.discovery_url",
	} {
		expect(t, "param of "+asked, o.refused(t, 400, "POST", path, asked).text("param"), param)
	}
	clock.advance(time.Minute)
	changed := o.do(t, "POST", provider, `{"description":"d","enabled":false,"attribute_transformations":[{"attribute":"a","expression":"e"}]}`)
	expect(t, "name", changed.text("name"), "ci")
	if changed.text("updated_at") == changed.text("created_at") {
		t.Error("the change has no time")
	}
	changed = o.do(t, "POST", provider, `{"description":null}`)
	expect(t, "description", changed.text("description"), "")
	expect(t, "transformations", fmt.Sprint(len(changed.list("attribute_transformations"))), "1")

	project := o.project(t, "dev")
	account, other := o.newAccount(t, project, "ci"), o.newAccount(t, project, "other")
	rules := provider + "/federation_rules"
	rule := func(account, rest string) string {
		return fmt.Sprintf(`{"project_id":%q,"service_account_id":%q,%s}`, project, account, rest)
	}
	first := o.do(t, "POST", rules, rule(account, `"attribute_matchers":{"a":"b","c":true,"d":1}`))
	expect(t, "permissions", first.object("permissions").text("type"), "service_account_default")
	for asked, param := range map[string]string{
		rule(account, `"name":"n"`):                                                                                   "attribute_matchers",
		rule(account, `"attribute_matchers":{"a":null}`):                                                              "attribute_matchers",
		rule(account, `"attribute_matchers":{"a":[]}`):                                                                "attribute_matchers",
		rule(account, `"attribute_matchers":{},"permissions":{"type":"all"}`):                                         "permissions.type",
		rule(account, `"attribute_matchers":{},"permissions":{"type":"restricted"}`):                                  "permissions.scopes",
		rule(account, `"attribute_matchers":{"a":"*"}`):                                                               "attribute_matchers",
		rule(account, `"attribute_matchers":{"a":"repo:*:x"}`):                                                        "attribute_matchers",
		rule(account, `"attribute_matchers":{"a":"repo:**"}`):                                                         "attribute_matchers",
		rule(account, `"attribute_matchers":{},"permissions":{"type":"restricted","scopes":["api.management.read"]}`): "permissions.scopes",
		fmt.Sprintf(`{"attribute_matchers":{},"service_account_id":%q}`, account):                                     "project_id",
	} {
		expect(t, "param of "+asked, o.refused(t, 400, "POST", rules, asked).text("param"), param)
	}
	o.refused(t, 404, "POST", rules, rule("svc_acct_none", `"attribute_matchers":{}`))
	o.do(t, "POST", rules, rule(other, `"name":"n","attribute_matchers":{"a":"repo:acme/*"},"permissions":{"type":"restricted","scopes":["s"]}`))
	expect(t, "rules of the account", fmt.Sprint(len(o.do(t, "GET", rules+"?service_account_id="+url.QueryEscape(other), "").list("data"))), "1")
	expect(t, "after one", o.do(t, "GET", rules+"?limit=1&after="+first.text("id"), "").list("data")[0].text("name"), "n")
	expect(t, "param", o.refused(t, 400, "POST", rules+"/"+first.text("id"), `{"name":"n"}`).text("param"), "name")
	expect(t, "enabled", o.do(t, "POST", rules+"/"+first.text("id"), `{"enabled":false}`).text("enabled"), "false")
	contains(t, o.refused(t, 400, "DELETE", provider, "").text("message"), "still has 2 federation rules")
	// An account takes its rules along.
	o.do(t, "DELETE", "/organization/projects/"+project+"/service_accounts/"+other, "")
	o.do(t, "DELETE", rules+"/"+first.text("id"), "")
	o.refused(t, 404, "GET", rules+"/"+first.text("id"), "")
	o.do(t, "DELETE", provider, "")
	expect(t, "events", fmt.Sprint(o.events(t, "workload_identity")), "[workload_identity_provider.created workload_identity_provider.updated workload_identity_provider.updated "+
		"workload_identity_provider_mapping.created workload_identity_provider_mapping.created workload_identity_provider_mapping.updated workload_identity_provider_mapping.deleted workload_identity_provider.deleted]")
}

func TestWorkloadIdentityHasBounds(t *testing.T) {
	o := start(t, emulator.Options{Behavior: api.Behavior{AuditLogOff: true}})
	const path = "/organization/workload_identity_providers"
	var provider string
	for i := range 50 {
		provider = o.do(t, "POST", path, fmt.Sprintf(`{"type":"oidc","name":"ci%d","issuer":"https://a.example","audience":"x"}`, i)).text("id")
	}
	contains(t, o.refused(t, 400, "POST", path, `{"type":"oidc","name":"ci","issuer":"https://a.example","audience":"x"}`).text("message"), "up to 50")
	project := o.project(t, "dev")
	rule := fmt.Sprintf(`{"project_id":%q,"service_account_id":%q,"attribute_matchers":{"a":"b"}}`, project, o.newAccount(t, project, "ci"))
	for range 50 {
		o.do(t, "POST", path+"/"+provider+"/federation_rules", rule)
	}
	contains(t, o.refused(t, 400, "POST", path+"/"+provider+"/federation_rules", rule).text("message"), "up to 50")
}
