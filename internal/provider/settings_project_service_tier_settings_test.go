package provider_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
)

const serviceTiersAddress = "openai_project_service_tier_settings.test"

func serviceTiersConfig(project, standard, enabled string) string {
	return projectResource("service_tier_settings", project, "default = \""+standard+"\"\n  enabled_tiers = ["+enabled+"]")
}

// serviceTiers are the settings as the API returns them, the enabled tiers as JSON.
type serviceTiers struct {
	Default string   `json:"default"`
	Enabled jsonText `json:"enabled_tiers"`
}

func TestAccServiceTiers_lifecycle(t *testing.T) {
	b := acctest.Start(t)
	project := b.Project(t, "dev")
	path := "/organization/projects/" + project + "/service_tier_settings"
	acctest.Test(t,
		resource.TestStep{
			PreConfig: func() { b.Mark(t) },
			Config:    b.Config(serviceTiersConfig(project, "fast", `"fast"`)),
			Check: resource.ComposeAggregateTestCheckFunc(
				func(*terraform.State) error { b.ExpectWrites(t, 1); return nil },
				settingIs(t, b, path, serviceTiers{"fast", `["fast"]`}),
			),
		},
		resource.TestStep{
			Config:           b.Config(serviceTiersConfig(project, "scale", `"all"`)),
			ConfigPlanChecks: acctest.Action(serviceTiersAddress, plancheck.ResourceActionUpdate),
			Check:            settingIs(t, b, path, serviceTiers{"scale", `"all"`}),
		},
		acctest.Import(serviceTiersAddress, []string{"project_id"}, "restore_values"),
		resource.TestStep{
			Config:           b.Config(serviceTiersConfig(project, "standard", "")),
			ConfigPlanChecks: acctest.Action(serviceTiersAddress, plancheck.ResourceActionUpdate),
			Check:            settingIs(t, b, path, serviceTiers{"standard", `[]`}),
		},
		resource.TestStep{
			PreConfig:        func() { b.Do(t, "POST", path, map[string]string{"enabled_tiers": "all"}, nil) },
			Config:           b.Config(serviceTiersConfig(project, "standard", "")),
			ConfigPlanChecks: acctest.Action(serviceTiersAddress, plancheck.ResourceActionUpdate),
			Check:            settingIs(t, b, path, serviceTiers{"standard", `[]`}),
		},
	)
	if err := settingIs(t, b, path, serviceTiers{"standard", `"all"`})(nil); err != nil {
		t.Errorf("after destroy: %v", err)
	}
}

func TestAccServiceTiers_otherProjectReplaces(t *testing.T) {
	b := acctest.Start(t)
	dev, prod := b.Project(t, "dev"), b.Project(t, "prod")
	acctest.Test(t,
		resource.TestStep{
			PreConfig: func() { b.Mark(t) },
			Config:    b.Config(serviceTiersConfig(dev, "standard", `"all"`)),
			// It was like that already.
			Check: func(*terraform.State) error { b.ExpectWrites(t, 0); return nil },
		},
		resource.TestStep{
			Config:           b.Config(serviceTiersConfig(prod, "standard", `"flex"`)),
			ConfigPlanChecks: acctest.Action(serviceTiersAddress, plancheck.ResourceActionReplace),
			Check:            settingIs(t, b, "/organization/projects/"+prod+"/service_tier_settings", serviceTiers{"standard", `["flex"]`}),
		},
	)
}

func TestAccServiceTiers_invalidConfiguration(t *testing.T) {
	b := acctest.Start(t)
	project := b.Project(t, "dev")
	acctest.Refused(t, b, map[string]struct{ HCL, Message string }{
		"all and more":           {serviceTiersConfig(project, "standard", `"all", "flex"`), `enabled_tiers must contain either "all" or tiers by name`},
		"standard is always on":  {serviceTiersConfig(project, "standard", `"standard"`), `value must be none of: ["standard" "scale"]`},
		"ultrafast is no choice": {serviceTiersConfig(project, "ultrafast", `"all"`), `default value must be none of: ["flex" "ultrafast"]`},
		"no tiers":               {projectResource("service_tier_settings", project, `default = "standard"`), `"enabled_tiers" is required`},
	})
	acctest.Test(t, resource.TestStep{Config: b.Config(serviceTiersConfig(project, "fast", `"flex"`)), ExpectError: acctest.Message("The default tier 'fast' is not enabled")})
	if err := settingIs(t, b, "/organization/projects/"+project+"/service_tier_settings", serviceTiers{"standard", `"all"`})(nil); err != nil {
		t.Errorf("after the refusal: %v", err)
	}
}

func TestAccServiceTiersDataSource(t *testing.T) {
	b := acctest.Start(t)
	project := b.Project(t, "dev")
	const address = "data.openai_project_service_tier_settings.test"
	acctest.Test(t, resource.TestStep{
		Config: b.Config(projectDataSource("service_tier_settings", project, "")),
		Check: resource.ComposeAggregateTestCheckFunc(
			resource.TestCheckResourceAttr(address, "id", project),
			resource.TestCheckResourceAttr(address, "default", "standard"),
			resource.TestCheckTypeSetElemAttr(address, "enabled_tiers.*", "all"),
		),
	})
}
