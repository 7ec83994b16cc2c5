package emulator_test

import (
	"fmt"
	"testing"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator"
)

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
	location := made["provider"].(map[string]any)
	expect(t, "account", fmt.Sprint(location["account_id"]), "123456789012")
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

	// A problem in the cloud shows at the next validation, and from then on.
	const cloud = "/external_storage"
	validate, status := path+"/"+id+"/validate", func() string { return o.do(t, "GET", path+"/"+id, "").text("status") }
	o.control(t, "POST", cloud, `{"name":"acme","status":"degraded"}`)
	expect(t, "status before a validation", status(), "pending")
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
