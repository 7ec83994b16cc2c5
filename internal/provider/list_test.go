package provider_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	frameworkprovider "github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
)

// notListed are the resources without a list, and why.
var notListed = map[string]string{
	"openai_fine_tuning_checkpoint_permissions": "the API lists the checkpoints of fine-tuned models only for keys of projects",
}

func TestEveryResourceCanBeListed(t *testing.T) {
	listed := map[string]bool{}
	for _, factory := range newProvider().(frameworkprovider.ProviderWithListResources).ListResources(t.Context()) {
		var meta resource.MetadataResponse
		factory().Metadata(t.Context(), resource.MetadataRequest{ProviderTypeName: "openai"}, &meta)
		listed[meta.TypeName] = true
	}
	for name := range resources(t) {
		if reason := notListed[name]; listed[name] == (reason != "") {
			t.Errorf("%s: listed is %v, the reason not to be is %q", name, listed[name], reason)
		}
	}
}

func newDriver(t *testing.T, b *acctest.Backend) *acctest.Driver {
	settings := map[string]any{}
	if b.APIKey != "" {
		settings["api_key"] = b.APIKey
	}
	return acctest.NewDriver(t, b.URL, b.AdminKey, acctest.NewClock(), settings)
}

func expectNone(t *testing.T, what string, diags []*tfprotov6.Diagnostic) {
	t.Helper()
	for _, d := range diags {
		t.Errorf("%s: %s: %s", what, d.Summary, d.Detail)
	}
}

// A listed object is the same after an import, and the configuration that is
// generated for it is valid and changes nothing.
func TestWhatIsListedCanBeAdopted(t *testing.T) {
	b := acctest.StartAt(t, acctest.NewClock()) // on which the key in use is always used at the same time
	acctest.Populate(t, b, "shop", "lab")
	driver := newDriver(t, b)
	for name := range resources(t) {
		if notListed[name] != "" {
			continue
		}
		t.Run(name, func(t *testing.T) {
			found, diags := driver.List(t, name, nil, true, 0)
			expectNone(t, "list", diags)
			if len(found) == 0 {
				t.Fatal("nothing is listed: acctest.Populate makes no such object")
			}
			for _, listed := range found {
				if listed.Name == "" || strings.HasSuffix(listed.Name, "<null>") {
					t.Errorf("an object is called %q", listed.Name)
				}
				imported, diags := newDriver(t, b).Import(t, name, listed.Identity)
				for _, d := range diags {
					if d.Severity == tfprotov6.DiagnosticSeverityError {
						t.Errorf("import of %s: %s: %s", listed.Name, d.Summary, d.Detail)
					}
				}
				if imported == nil {
					t.Fatalf("%s is not in state after the import", listed.Name)
				}
				if differences := listed.Object.Differences(t, imported); len(differences) > 0 {
					t.Errorf("%s is listed with another %s than it is imported with", listed.Name, strings.Join(differences, ", "))
				}
				changed, diags := driver.Changes(t, imported, driver.Generate(t, listed.Object))
				expectNone(t, "generated configuration of "+listed.Name, diags)
				if len(changed) > 0 {
					t.Errorf("the generated configuration of %s changes %s", listed.Name, strings.Join(changed, ", "))
				}
			}
		})
	}
}

func TestListsAreFilteredAndLimited(t *testing.T) {
	b := acctest.Start(t)
	ids := acctest.Populate(t, b, "one", "two", "three")
	archived := b.Project(t, "archived")
	b.Do(t, "POST", "/organization/projects/"+archived+"/archive", nil, nil)
	for name := range resources(t) {
		if notListed[name] != "" {
			continue
		}
		t.Run(name, func(t *testing.T) {
			all, diags := newDriver(t, b).List(t, name, nil, false, 0)
			expectNone(t, "list", diags)
			limited, diags := newDriver(t, b).List(t, name, nil, false, 1)
			expectNone(t, "limited list", diags)
			if len(limited) != 1 || limited[0].Name != all[0].Name {
				t.Errorf("with a limit of 1, %d of %d are listed", len(limited), len(all))
			}
			if !slices.Contains(identityOf(t, resources(t)[name]), "project_id") {
				return
			}
			var parts int
			for _, id := range ids {
				part, diags := newDriver(t, b).List(t, name, map[string]any{"project_id": id}, false, 0)
				expectNone(t, "filtered list", diags)
				if len(part) == 0 {
					t.Errorf("nothing is listed of project %s", id)
				}
				parts += len(part)
			}
			def, diags := newDriver(t, b).List(t, name, map[string]any{"project_id": defaultProject(t, b)}, false, 0)
			expectNone(t, "list of the default project", diags)
			if parts+len(def) != len(all) {
				t.Errorf("the projects have %d and %d, all together %d", parts, len(def), len(all))
			}
			_, diags = newDriver(t, b).List(t, name, map[string]any{"project_id": "a/b"}, false, 0)
			if len(diags) != 1 || !strings.Contains(diags[0].Detail, "is no valid id") {
				t.Errorf("a bad project id is answered with %v", diags)
			}
			_, diags = newDriver(t, b).List(t, name, map[string]any{"project_id": "proj_none"}, false, 0)
			if len(diags) != 1 || !strings.Contains(diags[0].Detail, "project proj_none") {
				t.Errorf("a project that is not there is answered with %v", diags)
			}
			found, diags := newDriver(t, b).List(t, name, map[string]any{"project_id": archived}, false, 0)
			if len(found) > 0 || len(diags) != 1 || diags[0].Summary != "Project is archived" {
				t.Errorf("of an archived project, %d are listed, with %v", len(found), diags)
			}
		})
	}
}

func defaultProject(t *testing.T, b *acctest.Backend) string {
	t.Helper()
	var projects struct{ Data []struct{ ID, Name string } }
	b.Do(t, "GET", "/organization/projects?limit=100", nil, &projects)
	for _, p := range projects.Data {
		if p.Name == "Default project" {
			return p.ID
		}
	}
	t.Fatal("there is no default project")
	return ""
}

// A limit stops the reading, too: one project is asked, not all of them.
func TestListsReadNoMoreThanAsked(t *testing.T) {
	b := acctest.Start(t)
	acctest.Populate(t, b, acctest.ManyProjects(20)...)
	const accounts = "/v1/organization/projects/{project_id}/service_accounts"
	b.Mark(t)
	if found, _ := newDriver(t, b).List(t, "openai_project_service_account", nil, true, 3); len(found) != 3 {
		t.Errorf("%d accounts are listed", len(found))
	}
	b.Expect(t, 1, "GET", "/v1/organization/projects")
	if asked := b.Count(t, "GET", accounts); asked > 3 { // two in each, none in the default project
		t.Errorf("%d projects are asked for 3 accounts", asked)
	}
	b.Mark(t)
	if found, _ := newDriver(t, b).List(t, "openai_project_service_account", nil, true, 0); len(found) != 40 {
		t.Errorf("%d accounts are listed", len(found))
	}
	b.Expect(t, 1, "GET", "/v1/organization/projects")
	b.Expect(t, 21, "GET", accounts)
}

func TestListsReportErrors(t *testing.T) {
	b := acctest.Start(t)
	driver := acctest.NewDriver(t, b.URL, "sk-admin-wrong", acctest.NewClock(), map[string]any{"api_key": "sk-proj-wrong"})
	for name := range resources(t) {
		if notListed[name] != "" {
			continue
		}
		_, diags := driver.List(t, name, nil, false, 0)
		if len(diags) != 1 || !strings.Contains(diags[0].Detail, "401 Unauthorized") || !regexp.MustCompile("of the organization|of the project of the API key").MatchString(diags[0].Detail) {
			t.Errorf("%s: a wrong key is answered with %v", name, diags)
		}
	}
}
