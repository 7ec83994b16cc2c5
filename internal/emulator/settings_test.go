package emulator_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/api"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/seed"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/store"
)

func TestModelPermissions(t *testing.T) {
	o := start(t, emulator.Options{})
	project := o.project(t, "dev")
	path := "/organization/projects/" + project + "/model_permissions"
	o.refused(t, 404, "GET", path, "")
	o.refused(t, 404, "DELETE", path, "")
	set := o.do(t, "POST", path, `{"mode":"allow_list","model_ids":["a","b"]}`)
	expect(t, "object", set.text("object"), "project.model_permissions")
	expect(t, "mode", o.do(t, "POST", path, `{"mode":"deny_list","model_ids":["c"]}`).text("mode"), "deny_list")
	expect(t, "mode", o.do(t, "GET", path, "").text("mode"), "deny_list")
	for body, param := range map[string]string{
		`{"model_ids":[]}`:                      "mode",
		`{"mode":"grey_list","model_ids":[]}`:   "mode",
		`{"mode":"allow_list"}`:                 "model_ids",
		`{"mode":"allow_list","model_ids":"a"}`: "model_ids",
	} {
		expect(t, "param of "+body, o.refused(t, 400, "POST", path, body).text("param"), param)
	}

	// The store returns the models of a project for the inference endpoints.
	permissions := func() (got store.ModelPermissions, err error) {
		o.inside(t, func(r *api.Request) {
			got, err = r.Tx.ModelPermissions(project)
		})
		return got, err
	}
	if got, err := permissions(); err != nil || got.Mode != "deny_list" || !slices.Equal(got.ModelIDs, []string{"c"}) {
		t.Errorf("the store has %+v, %v", got, err)
	}
	o.do(t, "DELETE", path, "")
	o.refused(t, 404, "GET", path, "")
	if _, err := permissions(); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("after the deletion the store says %v", err)
	}
}

func TestHostedToolPermissions(t *testing.T) {
	o := start(t, emulator.Options{})
	path := "/organization/projects/" + o.project(t, "dev") + "/hosted_tool_permissions"
	state := func() string {
		got, all := o.do(t, "GET", path, ""), ""
		for _, tool := range []string{"code_interpreter", "file_search", "image_generation", "mcp", "web_search"} {
			all += map[string]string{"true": "1", "false": "0"}[got.object(tool).text("enabled")]
		}
		return all
	}
	expect(t, "a new project", state(), "11111")
	o.do(t, "POST", path, `{"mcp":{"enabled":false},"web_search":null}`)
	expect(t, "after one tool", state(), "11101")
	o.do(t, "POST", path, `{"code_interpreter":{"enabled":false}}`)
	expect(t, "after another", state(), "01101")
	expect(t, "param", o.refused(t, 400, "POST", path, `{"mcp":{}}`).text("param"), "mcp.enabled")
}

func TestServiceTierSettings(t *testing.T) {
	o := start(t, emulator.Options{})
	path := "/organization/projects/" + o.project(t, "dev") + "/service_tier_settings"
	is := func(standard, enabled string) {
		t.Helper()
		contains(t, o.send(t, "GET", "/v1"+path, "").body, `"default":"`+standard+`","enabled_tiers":`+enabled)
	}
	is("standard", `"all"`)
	o.do(t, "POST", path, `{"default":"fast"}`)
	is("fast", `"all"`)
	o.do(t, "POST", path, `{"enabled_tiers":["fast","flex"]}`)
	is("fast", `["fast","flex"]`)
	for body, param := range map[string]string{
		`{}`:                             "",
		`{"default":"ultrafast"}`:        "default",
		`{"enabled_tiers":["standard"]}`: "enabled_tiers",
		`{"enabled_tiers":[]}`:           "default",
	} {
		expect(t, "param of "+body, o.refused(t, 400, "POST", path, body).text("param"), param)
	}
	is("fast", `["fast","flex"]`)
	o.do(t, "POST", path, `{"default":"standard","enabled_tiers":[]}`)
	is("standard", `[]`)
}

func TestDataRetention(t *testing.T) {
	agreed := seed.Default()
	agreed.Organization.DataRetention = "zero_data_retention"
	o := start(t, emulator.Options{Seed: agreed})
	project := "/organization/projects/" + o.project(t, "dev") + "/data_retention"
	for path, initial := range map[string]string{"/organization/data_retention": "zero_data_retention", project: "organization_default"} {
		expect(t, "initial", o.do(t, "GET", path, "").text("type"), initial)
		o.do(t, "POST", path, `{"retention_type":"modified_abuse_monitoring"}`)
		expect(t, "changed", o.do(t, "GET", path, "").text("type"), "modified_abuse_monitoring")
		expect(t, "param", o.refused(t, 400, "POST", path, `{"type":"none"}`).text("param"), "retention_type")
	}
	// Only a project can have none, or do as the organization does.
	o.do(t, "POST", project, `{"retention_type":"none"}`)
	o.refused(t, 400, "POST", "/organization/data_retention", `{"retention_type":"none"}`)
	expect(t, "nothing agreed", start(t, emulator.Options{}).do(t, "GET", "/organization/data_retention", "").text("type"), "none")
}

func TestPoliciesOfAnArchivedProject(t *testing.T) {
	o := start(t, emulator.Options{})
	project := "/organization/projects/" + o.project(t, "dev")
	o.do(t, "POST", project+"/archive", "")
	for path, body := range map[string]string{
		"/model_permissions":       `{"mode":"allow_list","model_ids":[]}`,
		"/hosted_tool_permissions": `{"mcp":{"enabled":false}}`,
		"/service_tier_settings":   `{"default":"fast"}`,
		"/data_retention":          `{"retention_type":"none"}`,
	} {
		expect(t, "code of "+path, o.refused(t, 400, "POST", project+path, body).text("code"), "project_archived")
	}
}
