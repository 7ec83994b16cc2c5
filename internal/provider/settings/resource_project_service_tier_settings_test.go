package settings_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
)

const tiersAddress = "openai_project_service_tier_settings.test"

func tierConfig(project, standard, enabled string) string {
	return setting("service_tier_settings", project, "default = \""+standard+"\"\n  enabled_tiers = ["+enabled+"]")
}

// tiers are the settings as the API tells them, the enabled tiers as JSON.
type tiers struct {
	Default string `json:"default"`
	Enabled text   `json:"enabled_tiers"`
}

// text is a piece of JSON.
type text string

func (x *text) UnmarshalJSON(data []byte) error { *x = text(data); return nil }

func TestAccServiceTiers_lifecycle(t *testing.T) {
	b := acctest.Start(t)
	project := b.Project(t, "dev")
	path := "/organization/projects/" + project + "/service_tier_settings"
	acctest.Test(t,
		resource.TestStep{
			PreConfig: func() { b.Mark(t) },
			Config:    b.Config(tierConfig(project, "fast", `"fast"`)),
			Check: resource.ComposeAggregateTestCheckFunc(
				func(*terraform.State) error { b.ExpectWrites(t, 1); return nil },
				holds(t, b, path, tiers{"fast", `["fast"]`}),
			),
		},
		resource.TestStep{
			Config:           b.Config(tierConfig(project, "scale", `"all"`)),
			ConfigPlanChecks: acctest.Action(tiersAddress, plancheck.ResourceActionUpdate),
			Check:            holds(t, b, path, tiers{"scale", `"all"`}),
		},
		acctest.Import(tiersAddress, []string{"project_id"}, "restore_values"),
		resource.TestStep{
			Config:           b.Config(tierConfig(project, "standard", "")),
			ConfigPlanChecks: acctest.Action(tiersAddress, plancheck.ResourceActionUpdate),
			Check:            holds(t, b, path, tiers{"standard", `[]`}),
		},
		resource.TestStep{
			PreConfig:        func() { b.Do(t, "POST", path, map[string]string{"enabled_tiers": "all"}, nil) },
			Config:           b.Config(tierConfig(project, "standard", "")),
			ConfigPlanChecks: acctest.Action(tiersAddress, plancheck.ResourceActionUpdate),
			Check:            holds(t, b, path, tiers{"standard", `[]`}),
		},
	)
	if err := holds(t, b, path, tiers{"standard", `"all"`})(nil); err != nil {
		t.Errorf("after destroy: %v", err)
	}
}

func TestAccServiceTiers_otherProjectReplaces(t *testing.T) {
	b := acctest.Start(t)
	dev, prod := b.Project(t, "dev"), b.Project(t, "prod")
	acctest.Test(t,
		resource.TestStep{
			PreConfig: func() { b.Mark(t) },
			Config:    b.Config(tierConfig(dev, "standard", `"all"`)),
			// It was like that already.
			Check: func(*terraform.State) error { b.ExpectWrites(t, 0); return nil },
		},
		resource.TestStep{
			Config:           b.Config(tierConfig(prod, "standard", `"flex"`)),
			ConfigPlanChecks: acctest.Action(tiersAddress, plancheck.ResourceActionReplace),
			Check:            holds(t, b, "/organization/projects/"+prod+"/service_tier_settings", tiers{"standard", `["flex"]`}),
		},
	)
}

func TestAccServiceTiers_badInput(t *testing.T) {
	b := acctest.Start(t)
	project := b.Project(t, "dev")
	acctest.Refused(t, b, map[string]struct{ HCL, Message string }{
		"all and more":           {tierConfig(project, "standard", `"all", "flex"`), `enabled_tiers must hold either "all" or tiers by name`},
		"standard is always on":  {tierConfig(project, "standard", `"standard"`), `value must be none of: ["standard" "scale"]`},
		"ultrafast is no choice": {tierConfig(project, "ultrafast", `"all"`), `default value must be none of: ["flex" "ultrafast"]`},
		"no tiers":               {setting("service_tier_settings", project, `default = "standard"`), `"enabled_tiers" is required`},
	})
	acctest.Test(t, resource.TestStep{Config: b.Config(tierConfig(project, "fast", `"flex"`)), ExpectError: acctest.Message("The default tier 'fast' is not enabled")})
	if err := holds(t, b, "/organization/projects/"+project+"/service_tier_settings", tiers{"standard", `"all"`})(nil); err != nil {
		t.Errorf("after the refusal: %v", err)
	}
}

func TestAccServiceTiersDataSource(t *testing.T) {
	b := acctest.Start(t)
	project := b.Project(t, "dev")
	const address = "data.openai_project_service_tier_settings.test"
	acctest.Test(t, resource.TestStep{
		Config: b.Config(data("service_tier_settings", project)),
		Check: resource.ComposeAggregateTestCheckFunc(
			resource.TestCheckResourceAttr(address, "id", project),
			resource.TestCheckResourceAttr(address, "default", "standard"),
			resource.TestCheckTypeSetElemAttr(address, "enabled_tiers.*", "all"),
		),
	})
}
