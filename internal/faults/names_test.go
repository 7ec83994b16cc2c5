package faults_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
)

// A name that the provider refuses for a new object is no obstacle where the
// object has it already: it can be imported, and nothing is planned.
func TestUnusualNamesCanBeImported(t *testing.T) {
	t.Parallel()
	for typeName, c := range map[string]struct{ path, attribute, parent string }{
		"openai_project":                 {"/projects", "name", ""},
		"openai_group":                   {"/groups", "name", ""},
		"openai_role":                    {"/roles", "role_name", ""},
		"openai_project_service_account": {"/projects/proj_world/service_accounts", "name", "proj_world"},
	} {
		for _, name := range []string{" of others", "of\tothers"} {
			t.Run(typeName+name, func(t *testing.T) {
				t.Parallel()
				w := newWorld(t)
				body := map[string]any{"name": name}
				config := map[string]any{c.attribute: name}
				importID := ""
				if c.parent != "" {
					config["project_id"], importID = c.parent, c.parent+"/"
				}
				if typeName == "openai_role" {
					body["role_name"], body["permissions"] = name, []string{"api.files.read"}
					config["permissions"] = []string{"api.files.read"}
				}
				importID += w.make(t, c.path, body)
				d := w.driver(t)
				object, diags := d.ImportID(t, typeName, importID)
				if object == nil {
					t.Fatal(texts(diags))
				}
				if p := d.Plan(t, typeName, object, config); p.Failed() || p.Action != acctest.ActionNoOp {
					t.Errorf("an imported %s is planned to %q: %s", typeName, p.Action, texts(p.Diagnostics))
				}
				p := w.driver(t).Plan(t, typeName, nil, config)
				if !p.Failed() || !strings.Contains(errorAt(p.Diagnostics, c.attribute), "must not") {
					t.Errorf("a new %s of this name: %s", typeName, texts(p.Diagnostics))
				}
			})
		}
	}
}

// errorAt returns the first error at an attribute.
func errorAt(diags []*tfprotov6.Diagnostic, attribute string) string {
	for _, d := range diags {
		if d.Severity == tfprotov6.DiagnosticSeverityError && d.Attribute != nil && strings.Contains(d.Attribute.String(), `"`+attribute+`"`) {
			return d.Detail
		}
	}
	return ""
}

// A name in another Unicode form is found: Terraform composes the configured
// one, and the API stores the name as it was sent.
func TestDecomposedNamesAreFound(t *testing.T) {
	t.Parallel()
	const decomposed, composed = "Cafe\u0301", "Caf\u00e9"
	w := newWorld(t)
	project := w.make(t, "/projects", map[string]any{"name": decomposed})
	account := w.make(t, "/projects/proj_world/service_accounts", map[string]any{"name": decomposed})
	group := w.make(t, "/groups", map[string]any{"name": decomposed})
	role := w.make(t, "/roles", map[string]any{"role_name": decomposed, "permissions": []string{"api.files.read"}})
	w.make(t, "/projects/proj_world/service_accounts/"+account+"/api_keys", map[string]any{"name": decomposed})
	d := w.driver(t)
	for dataSource, configured := range map[string]map[string]any{
		"openai_project":                 {"name": composed},
		"openai_project_service_account": {"project_id": "proj_world", "name": composed},
		"openai_group":                   {"name": composed},
		"openai_role":                    {"role_name": composed},
		"openai_project_api_key":         {"project_id": "proj_world", "name": composed},
	} {
		if diags := d.ReadData(t, dataSource, configured); hasError(diags) {
			t.Errorf("%s does not find the object (one of %s, %s, %s, %s): %s", dataSource, project, account, group, role, texts(diags))
		}
	}
}
