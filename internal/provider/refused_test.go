package provider_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator"
)

// refusing is a backend that answers requests with this method and end of the
// path with an error, once it is switched on.
type refusing struct {
	*acctest.Backend
	method, suffix string
	status         int
	code           string
}

func startRefusing(t *testing.T) *refusing {
	r := &refusing{Backend: acctest.Start(t)}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if r.method == "" || req.Method != r.method || !strings.HasSuffix(req.URL.Path, r.suffix) {
			r.Emulator.ServeHTTP(w, req)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(r.status)
		_ = json.NewEncoder(w).Encode(map[string]map[string]any{"error": {"message": "Refused.", "type": "invalid_request_error", "code": r.code}})
	}))
	t.Cleanup(server.Close)
	r.URL = server.URL + "/v1"
	return r
}

func (r *refusing) refuse(status int, code, method, suffix string) {
	r.method, r.suffix, r.status, r.code = method, suffix, status, code
}

// An error of the API has the next step.
func TestAccErrors_sayWhatToDo(t *testing.T) {
	for name, test := range map[string]struct {
		status         int
		code           string
		method, suffix string
		config         string
		message        string
	}{
		"address":        {401, "ip_not_authorized", "POST", "/projects", `resource "openai_project" "test" { name = "a" }`, "The IP allowlist of the organization or the project does not have the address"},
		"client":         {401, "certificate_required", "POST", "/projects", `resource "openai_project" "test" { name = "a" }`, "The organization accepts only clients with a certificate"},
		"organization's": {429, "organization_spend_limit_exceeded", "POST", "/projects", `resource "openai_project" "test" { name = "a" }`, "openai_organization_spend_limit"},
		"tunnel's user":  {403, "tunnel_use_forbidden", "POST", "/tunnels", tunnelConfig("crm", ""), "Give the owner a role with api.organization.tunnel.read and api.organization.tunnel.write"},
		"tunnel's scope": {401, "tunnel_active_organization_required", "POST", "/tunnels", tunnelConfig("crm", ""), "Set organization in the provider block to its id"},
		"certificate":    {400, "mtls_certificate_invalid", "POST", "/certificates", certificateConfig(acctest.Certificate(t, "ca", acctest.NextYear()), ""), "Configure exactly one X.509 certificate in PEM"},
		"filter":         {400, "mtls_cel_policy_invalid", "POST", "/activate", certificateConfig(acctest.Certificate(t, "ca", acctest.NextYear()), "active = true"), "The filter (CEL expression) of the certificate is not valid"},
		"filter in project": {400, "mtls_cel_policy_invalid", "POST", "/activate", certificateConfig(acctest.Certificate(t, "ca", acctest.NextYear()), "") + `
resource "openai_project" "test" { name = "a" }
resource "openai_project_certificates" "test" {
  project_id      = openai_project.test.id
  certificate_ids = [openai_certificate.test.id]
}`, "The filter (CEL expression) of the certificate is not valid"},
	} {
		t.Run(name, func(t *testing.T) {
			b := startRefusing(t)
			b.refuse(test.status, test.code, test.method, test.suffix)
			acctest.Test(t, resource.TestStep{Config: strings.Replace(b.Config(test.config), "admin_api_key", "max_wait = \"1s\"\n  admin_api_key", 1), ExpectError: acctest.Message(test.message)})
		})
	}
}

func TestAccProject_externalKeyRefused(t *testing.T) {
	b := startRefusing(t)
	project := func(body string) string {
		return b.Config("resource \"openai_project\" \"test\" {\n  name = \"a\"\n  " + body + "\n}\n")
	}
	var id string
	acctest.Test(t,
		resource.TestStep{Config: project(""), Check: acctest.TakeID(projectAddress, &id)},
		resource.TestStep{
			PreConfig:   func() { b.refuse(400, "", "POST", id) },
			Config:      project(`external_key_id = "extkey_1"`),
			ExpectError: acctest.Message("OpenAI must enable the change of the external key of existing projects"),
		},
	)
}

func TestAccProjectAPIKey_deletionRefused(t *testing.T) {
	b := startRefusing(t)
	project := b.Project(t, "dev")
	account := newServiceAccount(t, b.Backend, project, "bot")
	config := b.Config(fmt.Sprintf("resource \"openai_project_api_key\" \"test\" {\n  project_id = %q\n  service_account_id = %q\n  name = \"a\"\n}\n", project, account))
	var id string
	acctest.Test(t,
		resource.TestStep{Config: config, Check: acctest.TakeID("openai_project_api_key.test", &id)},
		resource.TestStep{
			PreConfig:   func() { b.refuse(400, "", "DELETE", id) },
			Config:      b.Config(""),
			ExpectError: acctest.Message("delete the service account: this revokes all of its keys"),
		},
		resource.TestStep{PreConfig: func() { b.refuse(0, "", "", "") }, Config: b.Config("")},
	)
}

// An organization that allows a tool in all projects refuses to disable it.
func TestAccHostedTools_policyOfTheOrganization(t *testing.T) {
	b := acctest.Start(t)
	project := b.Project(t, "dev")
	path := "/organization/projects/" + project + "/hosted_tool_permissions"
	b.Do(t, "POST", path, map[string]hostedTool{"mcp": toolOff}, nil)
	allow := func(choice string) func() {
		return func() {
			var o emulator.Options
			if err := o.Behavior.Assume("A-44=" + choice); err != nil {
				t.Error(err)
			}
			b.Emulator.Behave(o.Behavior)
		}
	}
	acctest.Test(t,
		resource.TestStep{
			PreConfig:   allow("all"),
			Config:      b.Config(hostedToolsConfig(project, false, true, true, true, true)),
			ExpectError: acctest.Message(`only if the organization's policy for the tool is "selected projects"`),
		},
		resource.TestStep{Config: b.Config(hostedToolsConfig(project, true, true, true, true, true)), Check: settingIs(t, b, path, allToolsOn)},
		// It cannot be disabled again, which does not stand in the way.
		resource.TestStep{Config: b.Config(""), Check: settingIs(t, b, path, allToolsOn)},
	)
}

func TestHostedToolsAreNotRestoredAgainstThePolicy(t *testing.T) {
	clock := acctest.NewClock()
	b := acctest.StartAt(t, clock)
	project := b.Project(t, "dev")
	b.Do(t, "POST", "/organization/projects/"+project+"/hosted_tool_permissions", map[string]hostedTool{"mcp": toolOff}, nil)
	d := acctest.NewDriver(t, b.URL, b.AdminKey, clock)
	object, _ := d.Apply(t, "openai_project_hosted_tool_permissions", nil, map[string]any{
		"project_id": project, "code_interpreter_enabled": true, "file_search_enabled": true, "image_generation_enabled": true, "mcp_enabled": true, "web_search_enabled": true,
	})
	var o emulator.Options
	if err := o.Behavior.Assume("A-44=all"); err != nil {
		t.Fatal(err)
	}
	b.Emulator.Behave(o.Behavior)
	_, diags := d.Apply(t, "openai_project_hosted_tool_permissions", object, nil)
	if len(diags) != 1 || diags[0].Summary != "Setting was left unchanged" || !strings.Contains(diags[0].Detail, "the API refused to disable its tools again") {
		t.Errorf("the destroy says %+v", diags)
	}
}

// A plan warns of the effects of an activation and a replacement of a
// certificate, and refuses one that expires too soon.
func TestCertificatePlans(t *testing.T) {
	clock := acctest.NewClock()
	b := acctest.StartAt(t, clock)
	d := acctest.NewDriver(t, b.URL, b.AdminKey, clock)
	config := func(days int, active bool) map[string]any {
		return map[string]any{"name": "ca", "active": active, "certificate": acctest.Certificate(t, "ca", clock.Now().Add(time.Duration(days)*24*time.Hour+time.Minute))}
	}
	summaries := func(diags []*tfprotov6.Diagnostic) string {
		var all []string
		for _, d := range diags {
			all = append(all, d.Summary)
		}
		return strings.Join(all, ", ")
	}
	first := config(60, false)
	object, diags := d.Apply(t, "openai_certificate", nil, first)
	if got := summaries(diags); got != "" {
		t.Errorf("a new certificate: %s", got)
	}
	first["active"] = true
	object, diags = d.Apply(t, "openai_certificate", object, first)
	if got := summaries(diags); got != "Calls need a client certificate" {
		t.Errorf("an activation: %s", got)
	}
	object, diags = d.Apply(t, "openai_certificate", object, config(90, true))
	if got := summaries(diags); !strings.Contains(got, "Filter of the certificate is lost") {
		t.Errorf("a replacement: %s", got)
	}
	if _, diags = d.Apply(t, "openai_certificate", object, config(0, true)); !strings.Contains(summaries(diags), "Certificate expires too soon") {
		t.Errorf("a short certificate: %s", summaries(diags))
	}
}

// Costs are grouped by key only since a day that the message names.
func TestAccCosts_byKeyOfAnEarlierTime(t *testing.T) {
	b := acctest.Start(t)
	config := func(start string) string {
		return b.Config(dataSource("costs", fmt.Sprintf("start_time = %q\nend_time = \"2025-12-10T00:00:00Z\"\ngroup_by = [\"api_key_id\"]", start)))
	}
	acctest.Test(t,
		resource.TestStep{Config: config("2025-12-05T00:00:00Z"), ExpectError: acctest.Message("groups costs by api_key_id only from 2025-12-06 (UTC) on")},
		resource.TestStep{Config: config("2025-12-06T00:00:00Z"), Check: resource.TestCheckResourceAttr("data.openai_costs.test", "buckets.#", "4")},
	)
}

// Ids in any form of the API are not taken for names.
func TestIDsInOtherForms(t *testing.T) {
	d := acctest.NewDriver(t, "http://127.0.0.1:1/v1", "sk-admin-1", acctest.NewClock())
	for id, warnings := range map[string]int{"group_abc": 0, "69fb0123456789abcdef0123456789ab": 0, "Support": 1} {
		if diags := d.Validate(t, "openai_group_user", map[string]any{"group_id": id, "user_id": "user-aBcDeF0123456789"}); len(diags) != warnings {
			t.Errorf("%s: %+v", id, diags)
		}
	}
	for _, provider := range []string{"wip_1", "idp_aBc1"} {
		if diags := d.Validate(t, "openai_workload_identity_federation_rule", map[string]any{
			"workload_identity_provider_id": provider, "project_id": "proj_aBc", "service_account_id": "user-aBc", "enabled": true,
			"attribute_matchers": map[string]any{"type": []any{"object", map[string]string{"sub": "string"}}, "value": map[string]string{"sub": "a*"}},
		}); len(diags) != 0 {
			t.Errorf("%s: %+v", provider, diags)
		}
	}
}

// A custom role with permissions that only owners have gets a warning.
func TestPermissionsOfOwnersWarn(t *testing.T) {
	d := acctest.NewDriver(t, "http://127.0.0.1:1/v1", "sk-admin-1", acctest.NewClock())
	for permission, want := range map[string]string{"api.mtls.read": "", "api.organization.tunnel.use": "", "api.management.write": "Permission may be refused", "api.external_keys.read": "Permission may be refused"} {
		diags := d.Validate(t, "openai_role", map[string]any{"role_name": "a", "permissions": []string{permission}})
		if len(diags) > 1 || (want == "") != (len(diags) == 0) || len(diags) == 1 && diags[0].Summary != want {
			t.Errorf("%s: %+v", permission, diags)
		}
	}
}
