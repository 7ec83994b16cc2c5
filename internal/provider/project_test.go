package provider_test

import (
	"fmt"
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
)

const (
	projectAddress = "openai_project.test"
	projectsRoute  = "/v1/organization/projects"
	projectRoute   = "/v1/organization/projects/{project_id}"
)

func projectConfig(name string) string {
	return fmt.Sprintf("resource \"openai_project\" \"test\" {\n  name = %q\n}\n", name)
}

func TestAccProject_lifecycle(t *testing.T) {
	b := acctest.Start(t)
	var id string
	acctest.Test(t,
		resource.TestStep{
			PreConfig: func() { b.Mark(t) },
			Config:    b.Config(projectConfig("dev")),
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue(projectAddress, tfjsonpath.New("name"), knownvalue.StringExact("dev")),
				statecheck.ExpectKnownValue(projectAddress, tfjsonpath.New("id"), knownvalue.StringRegexp(regexp.MustCompile(`^proj_`))),
				statecheck.ExpectKnownValue(projectAddress, tfjsonpath.New("status"), knownvalue.StringExact("active")),
				statecheck.ExpectKnownValue(projectAddress, tfjsonpath.New("created_at"), knownvalue.NotNull()),
				statecheck.ExpectKnownValue(projectAddress, tfjsonpath.New("archived_at"), knownvalue.Null()),
			},
			Check: func(s *terraform.State) error {
				id = s.RootModule().Resources[projectAddress].Primary.ID
				if posts := b.Count(t, "POST", projectsRoute); posts != 1 {
					return fmt.Errorf("%d requests to create one project", posts)
				}
				return resource.TestCheckResourceAttr(projectAddress, "project_id", id)(s)
			},
		},
		resource.TestStep{
			Config:           b.Config(projectConfig("development")),
			ConfigPlanChecks: acctest.Action(projectAddress, plancheck.ResourceActionUpdate),
			Check:            resource.TestCheckResourceAttrPtr(projectAddress, "id", &id),
		},
		resource.TestStep{
			ResourceName:      projectAddress,
			ImportState:       true,
			ImportStateVerify: true,
		},
	)
	var project struct{ Status string }
	b.Do(t, "GET", "/organization/projects/"+id, nil, &project)
	if project.Status != "archived" {
		t.Errorf("after destroy the project is %s", project.Status)
	}
}

func TestAccProject_residencyReplaces(t *testing.T) {
	b := acctest.Start(t)
	config := func(residency string) string {
		return b.Config(fmt.Sprintf("resource \"openai_project\" \"test\" {\n  name = \"eu\"\n  residency = %q\n}\n", residency))
	}
	acctest.Test(t,
		resource.TestStep{
			Config: config("EU_STORAGE_PROCESSING"),
			Check:  resource.TestCheckResourceAttr(projectAddress, "residency", "EU_STORAGE_PROCESSING"),
		},
		resource.TestStep{
			Config:           config("JP_STORAGE"),
			ConfigPlanChecks: acctest.Action(projectAddress, plancheck.ResourceActionReplace),
			Check:            resource.TestCheckResourceAttr(projectAddress, "residency", "JP_STORAGE"),
		},
	)
}

func TestAccProject_geographyReplaces(t *testing.T) {
	b := acctest.Start(t)
	config := func(geography string) string {
		return b.Config(fmt.Sprintf("resource \"openai_project\" \"test\" {\n  name = \"eu\"\n  geography = %q\n}\n", geography))
	}
	acctest.Test(t,
		resource.TestStep{Config: config("EU"), Check: resource.TestCheckResourceAttr(projectAddress, "geography", "EU")},
		resource.TestStep{Config: config("US"), ConfigPlanChecks: acctest.Action(projectAddress, plancheck.ResourceActionReplace)},
	)
}

func TestAccProject_externalKeyInPlace(t *testing.T) {
	b := acctest.Start(t)
	config := func(key string) string {
		return b.Config(fmt.Sprintf("resource \"openai_project\" \"test\" {\n  name = \"sealed\"\n  external_key_id = %q\n}\n", key))
	}
	acctest.Test(t,
		resource.TestStep{Config: config("extkey_one"), Check: resource.TestCheckResourceAttr(projectAddress, "external_key_id", "extkey_one")},
		resource.TestStep{
			Config:           config("extkey_two"),
			ConfigPlanChecks: acctest.Action(projectAddress, plancheck.ResourceActionUpdate),
			Check:            resource.TestCheckResourceAttr(projectAddress, "external_key_id", "extkey_two"),
		},
	)
}

func TestAccProject_archivedOutsideTerraform(t *testing.T) {
	b := acctest.Start(t)
	var id string
	acctest.Test(t,
		resource.TestStep{Config: b.Config(projectConfig("dev")), Check: acctest.TakeID(projectAddress, &id)},
		resource.TestStep{
			PreConfig:        func() { b.Do(t, "POST", "/organization/projects/"+id+"/archive", nil, nil) },
			Config:           b.Config(projectConfig("dev")),
			ConfigPlanChecks: acctest.Action(projectAddress, plancheck.ResourceActionCreate),
			Check: func(s *terraform.State) error {
				if now := s.RootModule().Resources[projectAddress].Primary.ID; now == id {
					return fmt.Errorf("%s is still in state although it is archived", now)
				}
				return nil
			},
		},
	)
}

func TestAccProject_driftIsCorrected(t *testing.T) {
	b := acctest.Start(t)
	var id string
	acctest.Test(t,
		resource.TestStep{Config: b.Config(projectConfig("dev")), Check: acctest.TakeID(projectAddress, &id)},
		resource.TestStep{
			PreConfig: func() {
				b.Do(t, "POST", "/organization/projects/"+id, map[string]string{"name": "renamed by hand"}, nil)
			},
			Config:           b.Config(projectConfig("dev")),
			ConfigPlanChecks: acctest.Action(projectAddress, plancheck.ResourceActionUpdate),
			Check: func(*terraform.State) error {
				var project struct{ Name string }
				b.Do(t, "GET", "/organization/projects/"+id, nil, &project)
				if project.Name != "dev" {
					return fmt.Errorf("the name is %q", project.Name)
				}
				return nil
			},
		},
	)
}

func TestAccProject_invalidConfiguration(t *testing.T) {
	b := acctest.Start(t)
	project := func(body string) string { return "resource \"openai_project\" \"test\" {\n" + body + "\n}\n" }
	acctest.Refused(t, b, map[string]struct{ HCL, Message string }{
		"empty name":              {project(`name = ""`), `name must not be empty`},
		"white space":             {project(`name = " dev"`), `must not begin or end with white space`},
		"control characters":      {project(`name = "a\nb"`), `control characters`},
		"geography and residency": {project("name = \"a\"\n geography = \"EU\"\n residency = \"GLOBAL\""), `"residency" cannot be specified when "geography"`},
		"impossible key id":       {project("name = \"a\"\n external_key_id = \"a/b\""), `is no valid id`},
	})
}

func TestAccProject_defaultProjectIsNotArchived(t *testing.T) {
	b := acctest.Start(t)
	var projects struct{ Data []struct{ ID, Name string } }
	b.Do(t, "GET", "/organization/projects", nil, &projects)
	config := b.Config(fmt.Sprintf("import {\n  to = openai_project.test\n  id = %q\n}\n", projects.Data[0].ID) + projectConfig(projects.Data[0].Name))
	released := b.Config("removed {\n  from = openai_project.test\n  lifecycle {\n    destroy = false\n  }\n}\n")
	acctest.Test(t,
		resource.TestStep{Config: config, Check: resource.TestCheckResourceAttr(projectAddress, "status", "active")},
		resource.TestStep{Config: b.Config(""), ExpectError: acctest.Message("Cannot archive the default project")},
		resource.TestStep{Config: released},
	)
}

func TestAccProject_hundredProjectsTakeThreeReads(t *testing.T) {
	b := acctest.Start(t)
	config := b.Config("resource \"openai_project\" \"test\" {\n  count = 100\n  name = \"team-${count.index}\"\n}\n")
	acctest.Test(t,
		resource.TestStep{
			PreConfig: func() { b.Mark(t) },
			Config:    config,
			Check: func(*terraform.State) error {
				if posts := b.Count(t, "POST", projectsRoute); posts != 100 {
					return fmt.Errorf("%d requests to create 100 projects", posts)
				}
				return nil
			},
		},
		resource.TestStep{
			PreConfig:    func() { b.Mark(t) },
			RefreshState: true,
			Check: func(*terraform.State) error {
				singles, pages := b.Count(t, "GET", projectRoute), b.Count(t, "GET", projectsRoute)
				// The test framework refreshes and then plans, in two processes.
				if runs := 2; singles+pages > 3*runs {
					return fmt.Errorf("refreshing 100 projects took %d single reads and %d pages", singles, pages)
				}
				return nil
			},
		},
	)
}

// A protected project is not archived: neither by a destroy nor by a
// replacement.
func TestAccProject_deletionProtection(t *testing.T) {
	b := acctest.Start(t)
	config := func(attributes string) string {
		return b.Config(fmt.Sprintf("resource \"openai_project\" \"test\" {\n  name = \"prod\"\n  %s\n}\n", attributes))
	}
	refused := acctest.Message("would be archived, but deletion_protection is true")
	var id string
	acctest.Test(t,
		resource.TestStep{
			Config: config(`deletion_protection = true`),
			Check: func(s *terraform.State) error {
				id = s.RootModule().Resources[projectAddress].Primary.ID
				return nil
			},
		},
		resource.TestStep{Config: config(`deletion_protection = true`), Destroy: true, ExpectError: refused},
		resource.TestStep{Config: config("deletion_protection = true\n  residency = \"EU_STORAGE_PROCESSING\""), ExpectError: refused},
		resource.TestStep{Config: config("")},
		// The plan that introduces the protection is protected, too.
		resource.TestStep{Config: config("deletion_protection = true\n  residency = \"EU_STORAGE_PROCESSING\""), ExpectError: refused},
		resource.TestStep{
			// Nothing was archived meanwhile.
			Config: config(""),
			Check: func(*terraform.State) error {
				var project struct {
					Status string `json:"status"`
				}
				if b.Do(t, "GET", "/organization/projects/"+id, nil, &project); project.Status != "active" {
					return fmt.Errorf("the project is %s", project.Status)
				}
				return nil
			},
		},
	)
}

// The provider does not see -replace in the plan, so that the
// apply fails before the project is archived.
func TestProtectedProjectIsNotReplaced(t *testing.T) {
	b := acctest.Start(t)
	d := acctest.NewDriver(t, b.URL, b.AdminKey, acctest.NewClock())
	config := map[string]any{"name": "prod", "deletion_protection": true}
	object, diags := d.Apply(t, "openai_project", nil, config)
	if object == nil {
		t.Fatal(diags)
	}
	left, diags := d.Apply(t, "openai_project", object, config, acctest.ForceReplace)
	if left == nil || left.Attribute("id") != object.Attribute("id") || len(diags) == 0 || diags[0].Summary != "The project is protected" {
		t.Errorf("the replacement of a protected project leaves %v: %v", left, diags)
	}
}
