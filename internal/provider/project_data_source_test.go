package provider_test

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
)

func TestAccProjectDataSource(t *testing.T) {
	b := acctest.Start(t)
	id := b.Project(t, "dev")
	b.Project(t, "twin")
	b.Project(t, "twin")
	archived := b.Project(t, "old")
	b.Do(t, "POST", "/organization/projects/"+archived+"/archive", nil, nil)
	const address = "data.openai_project.test"
	config := func(body string) string { return b.Config("data \"openai_project\" \"test\" {\n" + body + "\n}\n") }
	acctest.Test(t,
		resource.TestStep{
			Config: config(`name = "dev"`),
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue(address, tfjsonpath.New("id"), knownvalue.StringExact(id)),
				statecheck.ExpectKnownValue(address, tfjsonpath.New("project_id"), knownvalue.StringExact(id)),
				statecheck.ExpectKnownValue(address, tfjsonpath.New("status"), knownvalue.StringExact("active")),
			},
		},
		resource.TestStep{
			Config: config(fmt.Sprintf("project_id = %q", archived)),
			Check: resource.ComposeAggregateTestCheckFunc(
				resource.TestCheckResourceAttr(address, "status", "archived"),
				resource.TestCheckResourceAttrSet(address, "archived_at"),
			),
		},
		resource.TestStep{Config: config(`name = "none"`), ExpectError: acctest.Message(`There is no active project named "none"`)},
		resource.TestStep{Config: config(`name = "old"`), ExpectError: acctest.Message(`There is no active project named "old"`)},
		resource.TestStep{Config: config(`name = "twin"`), ExpectError: acctest.Message("There is more than one active project")},
		resource.TestStep{Config: config(`project_id = "proj_none"`), ExpectError: acctest.Message("404 Not Found")},
		resource.TestStep{Config: config(``), ExpectError: acctest.Message("one (and only one) of [project_id,name] is required")},
		resource.TestStep{Config: config("name = \"dev\"\n project_id = \"x\""), ExpectError: acctest.Message("one (and only one) of [project_id,name] is required")},
		resource.TestStep{Config: config(fmt.Sprintf("project_id = %q", id)), Check: resource.TestCheckResourceAttr(address, "name", "dev")},
	)
}

func TestAccProjectsDataSource(t *testing.T) {
	b := acctest.Start(t)
	const more = 120 // two pages, with the default project
	for i := range more {
		b.Project(t, fmt.Sprintf("team-%d", i))
	}
	b.Project(t, "team-0")
	archived := b.Project(t, "old")
	b.Do(t, "POST", "/organization/projects/"+archived+"/archive", nil, nil)
	const address = "data.openai_projects.test"
	projects := tfjsonpath.New("projects")
	config := func(body string) string { return b.Config("data \"openai_projects\" \"test\" {\n" + body + "\n}\n") }
	size := func(n int) []statecheck.StateCheck {
		return []statecheck.StateCheck{statecheck.ExpectKnownValue(address, projects, knownvalue.ListSizeExact(n))}
	}
	acctest.Test(t,
		resource.TestStep{Config: config(``), ConfigStateChecks: size(more + 2)},
		resource.TestStep{Config: config(`name = "Default project"`), ConfigStateChecks: append(size(1),
			statecheck.ExpectKnownValue(address, projects.AtSliceIndex(0).AtMapKey("status"), knownvalue.StringExact("active")))},
		resource.TestStep{Config: config(`include_archived = true`), ConfigStateChecks: size(more + 3)},
		resource.TestStep{Config: config(`name = "team-0"`), ConfigStateChecks: size(2)},
		resource.TestStep{Config: config("name = \"old\"\n include_archived = true"), ConfigStateChecks: size(1)},
		resource.TestStep{Config: config(`name = "none"`), ConfigStateChecks: size(0)},
	)
}
