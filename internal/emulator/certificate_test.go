package emulator_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator"
)

// A certificate must be valid for more than a day.
func TestCertificatesExpire(t *testing.T) {
	clock := newClock()
	o := start(t, emulator.Options{Now: clock.Now})
	upload := body(t, map[string]string{"certificate": authority})
	seconds, err := o.do(t, "POST", "/organization/certificates", upload).object("certificate_details")["expires_at"].(json.Number).Int64()
	if err != nil {
		t.Fatal(err)
	}
	expires := time.Unix(seconds, 0)
	clock.set(expires.Add(-25 * time.Hour))
	o.do(t, "POST", "/organization/certificates", upload)
	clock.set(expires.Add(-24 * time.Hour))
	expect(t, "code", o.refused(t, 400, "POST", "/organization/certificates", upload).text("code"), "expired_certificate")
}

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
	refused := o.refused(t, 400, "DELETE", path+"/"+id, "")
	contains(t, refused.text("message"), "is active for the organization, proj_")
	expect(t, "code", refused.text("code"), "certificate_in_use")
	o.do(t, "POST", path+"/deactivate", ids)
	// An archived project needs no certificate any more.
	o.do(t, "POST", project+"/archive", "")
	o.refused(t, 400, "POST", project+"/certificates/activate", ids)
	deleted := o.do(t, "DELETE", path+"/"+id, "")
	expect(t, "deletion", deleted.text("object")+deleted.text("deleted"), "certificate.deleted")
	o.refused(t, 404, "GET", path+"/"+id, "")
	expect(t, "events", fmt.Sprint(o.events(t, "certificate")), "[certificate.created certificate.updated certificates.activated certificates.activated certificates.activated certificates.deactivated certificate.deleted]")

	for _, asked := range []string{`{}`, `{"certificate":"x"}`} {
		refused := o.refused(t, 400, "POST", path, asked)
		expect(t, "param of "+asked, refused.text("param")+refused.text("code"), "certificatemtls_certificate_invalid")
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
