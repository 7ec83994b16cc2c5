package provider_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

// The guide lists the permissions that plans do not warn about.
func TestGuideListsThePermissions(t *testing.T) {
	guide, err := os.ReadFile("../../templates/guides/scopes-and-permissions.md")
	if err != nil {
		t.Fatal(err)
	}
	var listed []string
	for line := range strings.Lines(string(guide)) {
		if cell, _, ok := strings.Cut(strings.TrimPrefix(line, "| "), " | "); ok && strings.HasPrefix(line, "| `") {
			for name := range strings.SplitSeq(cell, ", ") {
				listed = append(listed, strings.Trim(name, "`"))
			}
		}
	}
	slices.Sort(listed)
	if !slices.Equal(listed, tfkit.Permissions) {
		t.Errorf("the guide lists %q, the provider knows %q", listed, tfkit.Permissions)
	}
}

// An unknown scope or permission warns, in every attribute for them.
func TestUnknownPermissionsWarn(t *testing.T) {
	d := acctest.NewDriver(t, "http://127.0.0.1:1/v1", "sk-admin-1", acctest.NewClock())
	for typeName, config := range map[string]map[string]any{
		"openai_project_api_key": {"project_id": "proj_1", "service_account_id": "svc_acct_1", "name": "a", "scopes": []string{"api.all.read", "api.pets.read"}},
		"openai_workload_identity_federation_rule": {
			"workload_identity_provider_id": "wip_1", "project_id": "proj_1", "service_account_id": "svc_acct_1", "enabled": true,
			"attribute_matchers": map[string]any{"type": []any{"object", map[string]string{"sub": "string"}}, "value": map[string]string{"sub": "a"}}, "scopes": []string{"api.all.read", "api.pets.read"},
		},
		"openai_role":         {"role_name": "a", "permissions": []string{"api.all.read", "api.pets.read"}},
		"openai_project_role": {"project_id": "proj_1", "role_name": "a", "permissions": []string{"api.all.read", "api.pets.read"}},
	} {
		diags := d.Validate(t, typeName, config)
		if len(diags) != 1 || diags[0].Summary != "Unknown value" || !strings.Contains(diags[0].Detail, "api.pets.read") {
			t.Errorf("%s: %+v", typeName, diags)
		}
	}
}
