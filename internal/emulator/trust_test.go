package emulator_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"testing"
	"time"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/api"
)

// authority is a certificate of no importance, valid from 2026 to 2126.
const authority = `-----BEGIN CERTIFICATE-----
MIIBnjCCAUOgAwIBAgIUH/uhDCGfRoSbWkjDv/v2YMpt8oYwCgYIKoZIzj0EAwIw
IzEhMB8GA1UEAwwYRXhhbXBsZSBjbGllbnQgYXV0aG9yaXR5MCAXDTI2MTEyNTEx
Mjg0MFoYDzIxMjYxMTAxMTEyODQwWjAjMSEwHwYDVQQDDBhFeGFtcGxlIGNsaWVu
dCBhdXRob3JpdHkwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAReInaFl6LxVnMZ
d23MenpicUX981m5+2/nqp0RGj/fj7aEbGPzwjIjTZo8KXLTW6IY9tHmdS+cbzjw
JczqiYREo1MwUTAdBgNVHQ4EFgQUYW9J8031hcXvOaTBDgj5qkK//dUwHwYDVR0j
BBgwFoAUYW9J8031hcXvOaTBDgj5qkK//dUwDwYDVR0TAQH/BAUwAwEB/zAKBggq
hkjOPQQDAgNJADBGAiEAqWkmyHzhv8iUS+oCHZ1+Vw4wKY1LQ1/YGqOQ13PfL68C
IQDz4dpkIP/SO40TD86vKFs4OjY1iWHmFNNhmLlqDbUEHw==
-----END CERTIFICATE-----
`

func body(t *testing.T, value any) string {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// events lists the kinds of the newest entries of the audit log, oldest first.
func (o *organization) events(t *testing.T, prefix string) (kinds []string) {
	t.Helper()
	log := o.do(t, "GET", "/organization/audit_logs?limit=100", "").list("data")
	for i := len(log) - 1; i >= 0; i-- {
		if kind := log[i].text("type"); len(kind) >= len(prefix) && kind[:len(prefix)] == prefix {
			kinds = append(kinds, kind)
		}
	}
	return kinds
}

func TestCertificates(t *testing.T) {
	o := start(t, emulator.Options{})
	const path = "/organization/certificates"
	project := "/organization/projects/" + o.project(t, "dev")
	upload := body(t, map[string]string{"certificate": authority, "name": "ca"})
	made := o.do(t, "POST", path, upload)
	id := made.text("id")
	expect(t, "object", made.text("object"), "certificate")
	expect(t, "activity of a new one", made.text("active"), "")
	expect(t, "content", o.do(t, "GET", path+"/"+id, "").object("certificate_details").text("content"), "")
	expect(t, "content", o.do(t, "GET", path+"/"+id+"?include[]=content", "").object("certificate_details").text("content"), authority)
	expect(t, "name", o.do(t, "POST", path+"/"+id, `{"name":"ca2"}`).text("name"), "ca2")

	ids := body(t, map[string][]string{"certificate_ids": {id}})
	expect(t, "answer", o.do(t, "POST", path+"/activate", ids).text("object"), "organization.certificate.activation")
	o.do(t, "POST", path+"/activate", ids) // as often as you like
	expect(t, "answer", o.do(t, "POST", project+"/certificates/activate", ids).text("object"), "organization.project.certificate.activation")
	for _, scope := range []string{path, project + "/certificates"} {
		expect(t, "activity in "+scope, o.do(t, "GET", scope, "").list("data")[0].text("active"), "true")
	}
	contains(t, o.refused(t, 400, "DELETE", path+"/"+id, "").text("message"), "is active for the organization, proj_")
	o.do(t, "POST", path+"/deactivate", ids)
	// An archived project needs no certificate any more.
	o.do(t, "POST", project+"/archive", "")
	o.refused(t, 400, "POST", project+"/certificates/activate", ids)
	gone := o.do(t, "DELETE", path+"/"+id, "")
	expect(t, "deletion", gone.text("object")+gone.text("deleted"), "certificate.deleted")
	o.refused(t, 404, "GET", path+"/"+id, "")
	expect(t, "events", fmt.Sprint(o.events(t, "certificate")), "[certificate.created certificate.updated certificates.activated certificates.activated certificates.activated certificates.deactivated certificate.deleted]")

	for asked, param := range map[string]string{`{}`: "certificate", `{"certificate":"x"}`: "certificate"} {
		expect(t, "param of "+asked, o.refused(t, 400, "POST", path, asked).text("param"), param)
	}
	for _, asked := range []string{`{}`, `{"certificate_ids":[]}`, body(t, map[string][]string{"certificate_ids": make([]string, 11)})} {
		expect(t, "param of "+asked, o.refused(t, 400, "POST", path+"/activate", asked).text("param"), "certificate_ids")
	}
	o.refused(t, 404, "POST", path+"/activate", `{"certificate_ids":["cert_none"]}`)
	for range 50 {
		o.do(t, "POST", path, upload)
	}
	contains(t, o.refused(t, 400, "POST", path, upload).text("message"), "up to 50 certificates")
	newest := o.do(t, "GET", path+"?limit=1", "").text("first_id")
	if oldest := o.do(t, "GET", path+"?limit=1&order=asc", "").text("first_id"); oldest == newest {
		t.Error("the list has no order")
	}
}

func TestWorkloadIdentity(t *testing.T) {
	clock := newClock()
	o := start(t, emulator.Options{Now: clock.Now})
	const path = "/organization/workload_identity_providers"
	made := o.do(t, "POST", path, `{"type":"oidc","name":"ci","issuer":"https://a.example","audience":"x"}`)
	provider := path + "/" + made.text("id")
	expect(t, "object", made.text("object"), "organization.workload_identity_provider")
	expect(t, "enabled", made.text("enabled"), "true")
	expect(t, "verification", made.object("verification").text("type"), "discovery")
	for asked, param := range map[string]string{
		`{"name":"ci","issuer":"i","audience":"x"}`:                                                                              "type",
		`{"type":"oidc","issuer":"i","audience":"x"}`:                                                                            "name",
		`{"type":"oidc","name":"ci","audience":"x"}`:                                                                             "issuer",
		`{"type":"oidc","name":"ci","issuer":"i"}`:                                                                               "audience",
		`{"type":"oidc","name":"ci","issuer":"i","audience":"x","verification":{"type":"discovery"}}`:                            "verification.discovery_url",
		`{"type":"oidc","name":"ci","issuer":"i","audience":"x","verification":{"type":"uploaded_jwks"}}`:                        "verification.jwks",
		`{"type":"oidc","name":"ci","issuer":"i","audience":"x","verification":{"type":"x509"}}`:                                 "verification.type",
		`{"type":"oidc","name":"c","issuer":"i","audience":"x","attribute_transformations":[{"attribute":"a","expression":""}]}`: "attribute_transformations",
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
		rule(account, `"name":"n"`):                                                  "attribute_matchers",
		rule(account, `"attribute_matchers":{"a":null}`):                             "attribute_matchers",
		rule(account, `"attribute_matchers":{"a":[]}`):                               "attribute_matchers",
		rule(account, `"attribute_matchers":{},"permissions":{"type":"all"}`):        "permissions.type",
		rule(account, `"attribute_matchers":{},"permissions":{"type":"restricted"}`): "permissions.scopes",
		fmt.Sprintf(`{"attribute_matchers":{},"service_account_id":%q}`, account):    "project_id",
	} {
		expect(t, "param of "+asked, o.refused(t, 400, "POST", rules, asked).text("param"), param)
	}
	o.refused(t, 404, "POST", rules, rule("svc_acct_none", `"attribute_matchers":{}`))
	o.do(t, "POST", rules, rule(other, `"name":"n","attribute_matchers":{"a":"b"},"permissions":{"type":"restricted","scopes":["s"]}`))
	expect(t, "rules of the account", fmt.Sprint(len(o.do(t, "GET", rules+"?service_account_id="+url.QueryEscape(other), "").list("data"))), "1")
	expect(t, "after one", o.do(t, "GET", rules+"?limit=1&after="+first.text("id"), "").list("data")[0].text("name"), "n")
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
	o := start(t, emulator.Options{Behaviour: api.Behaviour{AuditLogOff: true}})
	const path = "/organization/workload_identity_providers"
	var provider string
	for range 50 {
		provider = o.do(t, "POST", path, `{"type":"oidc","name":"ci","issuer":"https://a.example","audience":"x"}`).text("id")
	}
	contains(t, o.refused(t, 400, "POST", path, `{"type":"oidc","name":"ci","issuer":"https://a.example","audience":"x"}`).text("message"), "up to 50")
	project := o.project(t, "dev")
	rule := fmt.Sprintf(`{"project_id":%q,"service_account_id":%q,"attribute_matchers":{"a":"b"}}`, project, o.newAccount(t, project, "ci"))
	for range 50 {
		o.do(t, "POST", path+"/"+provider+"/federation_rules", rule)
	}
	contains(t, o.refused(t, 400, "POST", path+"/"+provider+"/federation_rules", rule).text("message"), "up to 50")
}

func TestExternalKeys(t *testing.T) {
	o := start(t, emulator.Options{})
	const path = "/organization/external_keys"
	project := o.project(t, "dev")
	key := func(rest string) string { return fmt.Sprintf(`{"name":"k","external_id":%q,%s}`, project, rest) }
	const aws = `"type":"aws","kms_arn":"arn:aws:kms:eu:1:key/a","role_arn":"arn:aws:iam::123456789012:role/r"`
	made := o.do(t, "POST", path, key(aws))
	id := made.text("id")
	expect(t, "purpose", made.text("purpose"), "ekm")
	expect(t, "role", made.text("role_arn"), "arn:aws:iam::123456789012:role/r")
	expect(t, "status", o.do(t, "POST", path+"/"+id+"/validate", "").text("status"), "valid")
	azure := o.do(t, "POST", path, `{"name":"k","type":"azure","purpose":"psp_decryption","tenant_id":"t","vault_uri":"u","key_name":"n","key_version":"1"}`)
	expect(t, "by purpose", o.do(t, "GET", path+"?purpose=psp_decryption", "").text("first_id"), azure.text("id"))
	expect(t, "after the first", o.do(t, "GET", path+"?limit=1&after="+id, "").text("first_id"), azure.text("id"))
	for asked, param := range map[string]string{
		`{"name":"k","type":"oci"}`:                         "type",
		`{"type":"aws"}`:                                    "name",
		key(`"type":"aws","kms_arn":"a"`):                   "role_arn",
		key(`"type":"aws","kms_arn":"a","role_arn":"r"`):    "role_arn",
		key(aws + `,"purpose":"love"`):                      "purpose",
		`{"name":"k",` + aws + `,"external_id":"org-none"}`: "external_id",
		`{"name":"k","type":"azure","tenant_id":"t","vault_uri":"u","key_name":"n","key_version":"1"}`:          "key_version",
		`{"name":"k","type":"azure","tenant_id":"t","vault_uri":"u","key_name":"n","purpose":"psp_decryption"}`: "key_version",
	} {
		expect(t, "param of "+asked, o.refused(t, 400, "POST", path, asked).text("param"), param)
	}
	o.do(t, "POST", "/organization/projects/"+project, body(t, map[string]string{"external_key_id": id}))
	contains(t, o.refused(t, 400, "DELETE", path+"/"+id, "").text("message"), "is used by project "+project)
	o.do(t, "POST", "/organization/projects/"+project+"/archive", "")
	expect(t, "what was there", o.do(t, "DELETE", path+"/"+id, "").text("id"), id)
	o.refused(t, 404, "GET", path+"/"+id, "")
	expect(t, "events", fmt.Sprint(o.events(t, "external_key")), "[external_key.registered external_key.registered external_key.removed]")
}

func TestExternalStorage(t *testing.T) {
	o := start(t, emulator.Options{})
	const path = "/organization/external_storage"
	project := o.project(t, "dev")
	storage := func(rest string) string { return fmt.Sprintf(`{"project_id":%q,"provider":{%s}}`, project, rest) }
	const (
		aws   = `"type":"aws","bucket":"acme","role_arn":"arn:aws:iam::123456789012:role/r"`
		oci   = `"type":"oci","bucket":"acme-eu","region":"eu-frankfurt-1","tenancy_ocid":"ocid1.tenancy.oc1..a"`
		azure = `"type":"azure","container":"acme","account_name":"acme","resource_group":"g","subscription_id":"s","tenant_id":"t"`
		gcp   = `"type":"gcp","bucket":"acme","workload_identity_pool_id":"p","workload_identity_provider_id":"o"`
	)
	made := o.do(t, "POST", path, storage(aws))
	id := made.text("id")
	expect(t, "status", made.text("status"), "pending")
	expect(t, "geography", made.text("geography"), "US")
	place := made["provider"].(map[string]any)
	expect(t, "account", fmt.Sprint(place["account_id"]), "123456789012")
	other := o.do(t, "POST", path, storage(oci))
	expect(t, "geography in Europe", other.text("geography"), "EU")
	expect(t, "after the first", o.do(t, "GET", path+"?limit=1&after="+id, "").text("first_id"), other.text("id"))
	expect(t, "of another project", fmt.Sprint(len(o.do(t, "GET", path+"?project_id=proj_none", "")["data"].([]any))), "0")
	for asked, param := range map[string]string{
		`{"provider":{` + aws + `}}`:                                "project_id",
		storage(`"type":"ftp"`):                                     "provider.type",
		storage(`"type":"aws","bucket":"a","role_arn":"r"`):         "provider.role_arn",
		storage(`"type":"azure","container":"c"`):                   "provider.account_name",
		storage(aws + `,"region":"eu"`):                             "provider.region",
		storage(gcp):                                                "provider.workload_identity_project_number",
		storage(gcp + `,"workload_identity_project_number":"acme"`): "provider.workload_identity_project_number",
	} {
		expect(t, "param of "+asked, o.refused(t, 400, "POST", path, asked).text("param"), param)
	}
	o.refused(t, 400, "GET", path+"?limit=0", "")
	o.refused(t, 404, "POST", path, `{"project_id":"proj_none","provider":{`+aws+`}}`)

	// What is wrong in the cloud shows when it is looked at, and from then on.
	const cloud = "/external_storage"
	validate, status := path+"/"+id+"/validate", func() string { return o.do(t, "GET", path+"/"+id, "").text("status") }
	o.control(t, "POST", cloud, `{"name":"acme","status":"degraded"}`)
	expect(t, "status before it is looked at", status(), "pending")
	expect(t, "status", o.do(t, "POST", validate, "").text("status"), "degraded")
	o.control(t, "POST", cloud, `{"name":"acme","code":"access_denied","message":"AssumeRole failed."}`)
	expect(t, "status of storage that is refused", status(), "unhealthy")
	expect(t, "refusal", o.refused(t, 400, "POST", validate, "").text("code"), "access_denied")
	o.control(t, "POST", cloud, `{"name":"acme","status":"validated"}`)
	expect(t, "status once mended", status(), "validated")
	expect(t, "status", o.do(t, "POST", validate, "").text("status"), "validated")
	expect(t, "status of the other", o.do(t, "GET", path+"/"+other.text("id"), "").text("status"), "pending")
	expect(t, "param of no name", o.refusedAt(t, 400, "POST", "/_emulator"+cloud, `{"status":"degraded"}`).text("param"), "name")
	expect(t, "param of no status", o.refusedAt(t, 400, "POST", "/_emulator"+cloud, `{"name":"acme","status":"bad"}`).text("param"), "status")

	expect(t, "object", o.do(t, "DELETE", path+"/"+id, "").text("object"), "organization.external_storage.deleted")
	for _, request := range [][2]string{{"GET", path + "/" + id}, {"DELETE", path + "/" + id}, {"POST", validate}} {
		o.refused(t, 404, request[0], request[1], "")
	}
	o.do(t, "POST", "/organization/projects/"+project+"/archive", "")
	expect(t, "code", o.refused(t, 400, "POST", path, storage(azure)).text("code"), "project_archived")
	expect(t, "events", fmt.Sprint(o.events(t, "external_storage")), "[external_storage.registered external_storage.registered external_storage.removed]")
}
