package settings_test

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
)

const toolsAddress = "openai_project_hosted_tool_permissions.test"

// tools are the switches as the API tells them.
type tools struct {
	CodeInterpreter enabled `json:"code_interpreter"`
	FileSearch      enabled `json:"file_search"`
	ImageGeneration enabled `json:"image_generation"`
	MCP             enabled `json:"mcp"`
	WebSearch       enabled `json:"web_search"`
}

type enabled struct {
	Enabled bool `json:"enabled"`
}

var (
	on, off  = enabled{true}, enabled{false}
	allTools = tools{on, on, on, on, on}
)

// switches is a configuration with every tool on but those given.
func switches(project string, code, files, images, mcp, web bool) string {
	return setting("hosted_tool_permissions", project, fmt.Sprintf(
		"code_interpreter_enabled = %t\n  file_search_enabled = %t\n  image_generation_enabled = %t\n  mcp_enabled = %t\n  web_search_enabled = %t",
		code, files, images, mcp, web))
}

func TestAccHostedTools_lifecycle(t *testing.T) {
	b := acctest.Start(t)
	project := b.Project(t, "dev")
	path := "/organization/projects/" + project + "/hosted_tool_permissions"
	acctest.Test(t,
		resource.TestStep{
			PreConfig: func() { b.Mark(t) },
			Config:    b.Config(switches(project, false, true, false, false, true)),
			Check: resource.ComposeAggregateTestCheckFunc(
				func(*terraform.State) error {
					// One change, after a look at what there was.
					b.ExpectWrites(t, 1)
					return nil
				},
				// The SDK drops switches that are off, so this is worth a look.
				holds(t, b, path, tools{off, on, off, off, on}),
			),
		},
		resource.TestStep{
			Config:           b.Config(switches(project, true, false, true, true, false)),
			ConfigPlanChecks: acctest.Action(toolsAddress, plancheck.ResourceActionUpdate),
			Check:            holds(t, b, path, tools{on, off, on, on, off}),
		},
		acctest.Import(toolsAddress, []string{"project_id"}, "restore_values"),
		resource.TestStep{
			PreConfig:        func() { b.Do(t, "POST", path, map[string]enabled{"web_search": on}, nil) },
			Config:           b.Config(switches(project, true, false, true, true, false)),
			ConfigPlanChecks: acctest.Action(toolsAddress, plancheck.ResourceActionUpdate),
			Check:            holds(t, b, path, tools{on, off, on, on, off}),
		},
	)
	if err := holds(t, b, path, allTools)(nil); err != nil {
		t.Errorf("after destroy: %v", err)
	}
}

// What is as wanted already is not written, and what was found is put back,
// also when it is not what a new project has.
func TestAccHostedTools_putsBackWhatItFound(t *testing.T) {
	b := acctest.Start(t)
	dev, prod := b.Project(t, "dev"), b.Project(t, "prod")
	path := "/organization/projects/" + dev + "/hosted_tool_permissions"
	b.Do(t, "POST", path, map[string]enabled{"mcp": off}, nil)
	acctest.Test(t,
		resource.TestStep{
			PreConfig: func() { b.Mark(t) },
			Config:    b.Config(switches(dev, true, true, true, false, true)),
			Check:     func(*terraform.State) error { b.ExpectWrites(t, 0); return nil },
		},
		resource.TestStep{Config: b.Config(switches(dev, false, false, false, false, false)), Check: holds(t, b, path, tools{})},
		resource.TestStep{
			Config:           b.Config(switches(prod, false, false, false, false, false)),
			ConfigPlanChecks: acctest.Action(toolsAddress, plancheck.ResourceActionReplace),
			Check:            holds(t, b, path, tools{on, on, on, off, on}),
		},
	)
}

// What an import found is not what was there before, so it stays.
func TestAccHostedTools_importedStays(t *testing.T) {
	b := acctest.Start(t)
	project := b.Project(t, "dev")
	path := "/organization/projects/" + project + "/hosted_tool_permissions"
	b.Do(t, "POST", path, map[string]enabled{"mcp": off}, nil)
	acctest.Test(t,
		resource.TestStep{
			Config:             b.Config(switches(project, true, true, true, false, true)),
			ResourceName:       toolsAddress,
			ImportState:        true,
			ImportStateId:      project,
			ImportStatePersist: true,
		},
		resource.TestStep{
			Config:           b.Config(switches(project, true, true, true, false, true)),
			ConfigPlanChecks: acctest.Action(toolsAddress, plancheck.ResourceActionNoop),
		},
	)
	if err := holds(t, b, path, tools{on, on, on, off, on})(nil); err != nil {
		t.Errorf("after destroy: %v", err)
	}
}

// A project that is archived is no obstacle to destroying its settings.
func TestAccHostedTools_archivedProject(t *testing.T) {
	b := acctest.Start(t)
	project := b.Project(t, "dev")
	acctest.Test(t,
		resource.TestStep{Config: b.Config(switches(project, false, false, false, false, false))},
		resource.TestStep{
			PreConfig: func() { b.Do(t, "POST", "/organization/projects/"+project+"/archive", nil, nil) },
			Config:    b.Config(""),
		},
	)
}

func TestAccHostedTools_badInput(t *testing.T) {
	b := acctest.Start(t)
	project := b.Project(t, "dev")
	acctest.Refused(t, b, map[string]struct{ HCL, Message string }{
		"a tool is missing": {setting("hosted_tool_permissions", project, "mcp_enabled = false"), `"web_search_enabled" is required`},
		"no truth value":    {setting("hosted_tool_permissions", project, `mcp_enabled = "perhaps"`), "a bool is required"},
		"no valid project":  {switches("a/b", true, true, true, true, true), "project_id is no valid id"},
	})
	acctest.Test(t, resource.TestStep{Config: b.Config(switches("proj_none", true, true, true, true, true)), ExpectError: acctest.Message("No such project: proj_none")})
}

func TestAccHostedToolsDataSource(t *testing.T) {
	b := acctest.Start(t)
	project := b.Project(t, "dev")
	const address = "data.openai_project_hosted_tool_permissions.test"
	b.Do(t, "POST", "/organization/projects/"+project+"/hosted_tool_permissions", map[string]enabled{"mcp": off}, nil)
	acctest.Test(t,
		resource.TestStep{
			Config: b.Config(data("hosted_tool_permissions", project)),
			Check: resource.ComposeAggregateTestCheckFunc(
				resource.TestCheckResourceAttr(address, "id", project),
				resource.TestCheckResourceAttr(address, "mcp_enabled", "false"),
				resource.TestCheckResourceAttr(address, "web_search_enabled", "true"),
			),
		},
		resource.TestStep{Config: b.Config(data("hosted_tool_permissions", "proj_none")), ExpectError: acctest.Message("No such project: proj_none")},
	)
}
