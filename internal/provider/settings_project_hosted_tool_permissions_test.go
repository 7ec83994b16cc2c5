package provider_test

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
)

const hostedToolsAddress = "openai_project_hosted_tool_permissions.test"

// hostedTools are the switches as the API returns them.
type hostedTools struct {
	CodeInterpreter hostedTool `json:"code_interpreter"`
	FileSearch      hostedTool `json:"file_search"`
	ImageGeneration hostedTool `json:"image_generation"`
	MCP             hostedTool `json:"mcp"`
	WebSearch       hostedTool `json:"web_search"`
}

type hostedTool struct {
	Enabled bool `json:"enabled"`
}

var (
	toolOn, toolOff = hostedTool{true}, hostedTool{false}
	allToolsOn      = hostedTools{toolOn, toolOn, toolOn, toolOn, toolOn}
)

// hostedToolsConfig is a configuration with every tool on but those given.
func hostedToolsConfig(project string, code, files, images, mcp, web bool) string {
	return projectResource("hosted_tool_permissions", project, fmt.Sprintf(
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
			Config:    b.Config(hostedToolsConfig(project, false, true, false, false, true)),
			Check: resource.ComposeAggregateTestCheckFunc(
				func(*terraform.State) error {
					// One change, after a read of the present setting.
					b.ExpectWrites(t, 1)
					return nil
				},
				// The SDK drops switches that are off, so this is worth a look.
				settingIs(t, b, path, hostedTools{toolOff, toolOn, toolOff, toolOff, toolOn}),
			),
		},
		resource.TestStep{
			Config:           b.Config(hostedToolsConfig(project, true, false, true, true, false)),
			ConfigPlanChecks: acctest.Action(hostedToolsAddress, plancheck.ResourceActionUpdate),
			Check:            settingIs(t, b, path, hostedTools{toolOn, toolOff, toolOn, toolOn, toolOff}),
		},
		acctest.Import(hostedToolsAddress, []string{"project_id"}, "restore_values"),
		resource.TestStep{
			PreConfig:        func() { b.Do(t, "POST", path, map[string]hostedTool{"web_search": toolOn}, nil) },
			Config:           b.Config(hostedToolsConfig(project, true, false, true, true, false)),
			ConfigPlanChecks: acctest.Action(hostedToolsAddress, plancheck.ResourceActionUpdate),
			Check:            settingIs(t, b, path, hostedTools{toolOn, toolOff, toolOn, toolOn, toolOff}),
		},
	)
	if err := settingIs(t, b, path, allToolsOn)(nil); err != nil {
		t.Errorf("after destroy: %v", err)
	}
}

// An equal setting is not written. The previous setting is restored, also when it
// differs from that of a new project.
func TestAccHostedTools_restoresPreviousSetting(t *testing.T) {
	b := acctest.Start(t)
	dev, prod := b.Project(t, "dev"), b.Project(t, "prod")
	path := "/organization/projects/" + dev + "/hosted_tool_permissions"
	b.Do(t, "POST", path, map[string]hostedTool{"mcp": toolOff}, nil)
	acctest.Test(t,
		resource.TestStep{
			PreConfig: func() { b.Mark(t) },
			Config:    b.Config(hostedToolsConfig(dev, true, true, true, false, true)),
			Check:     func(*terraform.State) error { b.ExpectWrites(t, 0); return nil },
		},
		resource.TestStep{Config: b.Config(hostedToolsConfig(dev, false, false, false, false, false)), Check: settingIs(t, b, path, hostedTools{})},
		resource.TestStep{
			Config:           b.Config(hostedToolsConfig(prod, false, false, false, false, false)),
			ConfigPlanChecks: acctest.Action(hostedToolsAddress, plancheck.ResourceActionReplace),
			Check:            settingIs(t, b, path, hostedTools{toolOn, toolOn, toolOn, toolOff, toolOn}),
		},
	)
}

// The values at an import are not previous values, so that destroy keeps them.
func TestAccHostedTools_importedStays(t *testing.T) {
	b := acctest.Start(t)
	project := b.Project(t, "dev")
	path := "/organization/projects/" + project + "/hosted_tool_permissions"
	b.Do(t, "POST", path, map[string]hostedTool{"mcp": toolOff}, nil)
	acctest.Test(t,
		resource.TestStep{
			Config:             b.Config(hostedToolsConfig(project, true, true, true, false, true)),
			ResourceName:       hostedToolsAddress,
			ImportState:        true,
			ImportStateId:      project,
			ImportStatePersist: true,
		},
		resource.TestStep{
			Config:           b.Config(hostedToolsConfig(project, true, true, true, false, true)),
			ConfigPlanChecks: acctest.Action(hostedToolsAddress, plancheck.ResourceActionNoop),
		},
	)
	if err := settingIs(t, b, path, hostedTools{toolOn, toolOn, toolOn, toolOff, toolOn})(nil); err != nil {
		t.Errorf("after destroy: %v", err)
	}
}

// A project that is archived is no obstacle to destroying its settings.
func TestAccHostedTools_archivedProject(t *testing.T) {
	b := acctest.Start(t)
	project := b.Project(t, "dev")
	acctest.Test(t,
		resource.TestStep{Config: b.Config(hostedToolsConfig(project, false, false, false, false, false))},
		resource.TestStep{
			PreConfig: func() { b.Do(t, "POST", "/organization/projects/"+project+"/archive", nil, nil) },
			Config:    b.Config(""),
		},
	)
}

func TestAccHostedTools_invalidConfiguration(t *testing.T) {
	b := acctest.Start(t)
	project := b.Project(t, "dev")
	acctest.Refused(t, b, map[string]struct{ HCL, Message string }{
		"a tool is missing": {projectResource("hosted_tool_permissions", project, "mcp_enabled = false"), `"web_search_enabled" is required`},
		"no truth value":    {projectResource("hosted_tool_permissions", project, `mcp_enabled = "perhaps"`), "a bool is required"},
		"no valid project":  {hostedToolsConfig("a/b", true, true, true, true, true), "project_id is no valid id"},
	})
	acctest.Test(t, resource.TestStep{Config: b.Config(hostedToolsConfig("proj_none", true, true, true, true, true)), ExpectError: acctest.Message("No such project: proj_none")})
}

func TestAccHostedToolsDataSource(t *testing.T) {
	b := acctest.Start(t)
	project := b.Project(t, "dev")
	const address = "data.openai_project_hosted_tool_permissions.test"
	b.Do(t, "POST", "/organization/projects/"+project+"/hosted_tool_permissions", map[string]hostedTool{"mcp": toolOff}, nil)
	acctest.Test(t,
		resource.TestStep{
			Config: b.Config(projectDataSource("hosted_tool_permissions", project, "")),
			Check: resource.ComposeAggregateTestCheckFunc(
				resource.TestCheckResourceAttr(address, "id", project),
				resource.TestCheckResourceAttr(address, "mcp_enabled", "false"),
				resource.TestCheckResourceAttr(address, "web_search_enabled", "true"),
			),
		},
		resource.TestStep{Config: b.Config(projectDataSource("hosted_tool_permissions", "proj_none", "")), ExpectError: acctest.Message("No such project: proj_none")},
	)
}
