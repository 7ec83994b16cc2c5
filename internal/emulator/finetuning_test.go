package emulator_test

import (
	"fmt"
	"testing"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator"
)

func TestCheckpointPermissions(t *testing.T) {
	o := start(t, emulator.Options{})
	dev, prod := o.project(t, "dev"), o.project(t, "prod")
	// Names of checkpoints have colons, which a client may escape.
	const path, escaped = "/fine_tuning/checkpoints/ft:gpt-4o:acme::abc:ckpt-step-88/permissions", "/fine_tuning/checkpoints/ft%3Agpt-4o%3Aacme%3A%3Aabc%3Ackpt-step-88/permissions"
	made := o.do(t, "POST", path, fmt.Sprintf(`{"project_ids":[%q]}`, dev)).list("data")[0]
	expect(t, "object", made.text("object"), "checkpoint.permission")
	both := o.do(t, "POST", escaped, fmt.Sprintf(`{"project_ids":[%q,%q]}`, dev, prod)).list("data")
	expect(t, "the first", both[0].text("id"), made.text("id"))
	expect(t, "newest", o.do(t, "GET", path, "").list("data")[0].text("project_id"), prod)
	expect(t, "oldest", o.do(t, "GET", path+"?order=ascending&limit=1", "").text("last_id"), made.text("id"))
	expect(t, "after the oldest", o.do(t, "GET", path+"?order=ascending&after="+made.text("id"), "").list("data")[0].text("project_id"), prod)
	expect(t, "of dev", fmt.Sprint(len(o.do(t, "GET", path+"?project_id="+dev, "").list("data"))), "1")
	expect(t, "of another checkpoint", fmt.Sprint(len(o.do(t, "GET", "/fine_tuning/checkpoints/ft:other/permissions", "").list("data"))), "0")
	expect(t, "param", o.refused(t, 400, "GET", path+"?order=asc", "").text("param"), "order")
	expect(t, "param", o.refused(t, 400, "POST", path, `{}`).text("param"), "project_ids")
	o.refused(t, 404, "POST", path, `{"project_ids":["proj_none"]}`)
	o.refused(t, 404, "GET", "/fine_tuning/checkpoints/gpt-4o/permissions", "")
	expect(t, "deleted", o.do(t, "DELETE", path+"/"+made.text("id"), "").text("id"), made.text("id"))
	o.refused(t, 404, "DELETE", path+"/"+made.text("id"), "")
	o.do(t, "POST", "/organization/projects/"+dev+"/archive", "")
	expect(t, "code", o.refused(t, 400, "POST", path, fmt.Sprintf(`{"project_ids":[%q]}`, dev)).text("code"), "project_archived")
	expect(t, "events", fmt.Sprint(o.events(t, "checkpoint")), "[checkpoint.permission.created checkpoint.permission.created checkpoint.permission.deleted]")
}
