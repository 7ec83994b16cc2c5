package emulator_test

import (
	"fmt"
	"regexp"
	"testing"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator"
)

func TestTunnels(t *testing.T) {
	o := start(t, emulator.Options{})
	const path = "/tunnels"
	made := o.do(t, "POST", path, `{"name":"crm","description":"Customers"}`)
	id := made.text("id")
	if !regexp.MustCompile(`^tunnel_[0-9a-f]{32}$`).MatchString(id) {
		t.Errorf("the id is %q", id)
	}
	if made.text("creator") == "" {
		t.Error("the tunnel has no creator")
	}
	expect(t, "scopes", fmt.Sprint(made["organization_ids"], made["workspace_ids"], made["tenant_ids"]), "[org-emulator] [] []")
	expect(t, "description", o.do(t, "POST", path, `{"name":"n"}`).text("description"), "")
	for asked, param := range map[string]string{
		`{"description":"d"}`:             "name",
		`{"name":"","description":"d"}`:   "name",
		`{"name":"n","description":null}`: "description",
	} {
		expect(t, "param of "+asked, o.refused(t, 400, "POST", path, asked).text("param"), param)
	}
	expect(t, "description", o.do(t, "POST", path+"/"+id, `{"description":""}`).text("description"), "")
	expect(t, "name", o.do(t, "POST", path+"/"+id, `{"name":"erp"}`).text("name"), "erp")
	expect(t, "param", o.refused(t, 400, "POST", path+"/"+id, `{"name":""}`).text("param"), "name")
	expect(t, "listed", o.do(t, "GET", path+"?organization_id=org-emulator", "").list("tunnels")[0].text("name"), "erp")
	for query, count := range map[string]int{"organization_id=org-other": 0, "workspace_id=w": 0, "tenant_id=t": 0, "organization_id=org-emulator": 2} {
		expect(t, query, fmt.Sprint(len(o.do(t, "GET", path+"?"+query, "").list("tunnels"))), fmt.Sprint(count))
	}
	for _, query := range []string{"", "?organization_id=org-emulator&workspace_id=w"} {
		contains(t, o.refused(t, 400, "GET", path+query, "").text("message"), "exactly one")
	}
	expect(t, "removed", o.do(t, "DELETE", path+"/"+id, "").text("id"), id)
	for _, method := range []string{"GET", "POST", "DELETE"} {
		expect(t, "message", o.refused(t, 404, method, path+"/"+id, `{"name":"n"}`).text("message"), "Tunnel not found")
	}
}
