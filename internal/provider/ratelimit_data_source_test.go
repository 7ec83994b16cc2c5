package provider_test

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/seed"
)

func TestAccRateLimitDataSources(t *testing.T) {
	const models = 130
	organization := seed.Default()
	organization.Models = nil
	for i := range models {
		organization.Models = append(organization.Models, seed.Model{Model: fmt.Sprintf("model-%03d", i), RequestsPerMinute: int64(i) + 1, TokensPerMinute: 10})
	}
	b := acctest.Start(t, func(o *emulator.Options) { o.Seed = organization })
	p := newRateLimitProject(t, b)
	one, all := "data.openai_project_rate_limit.test", "data.openai_project_rate_limits.test"
	acctest.Test(t,
		resource.TestStep{
			Config: b.Config(projectDataSource("rate_limits", p.id, "")),
			Check: resource.ComposeAggregateTestCheckFunc(
				resource.TestCheckResourceAttr(all, "rate_limits.#", fmt.Sprint(models)),
				resource.TestCheckResourceAttr(all, "rate_limits.0.model", "model-000"),
				resource.TestCheckResourceAttr(all, "rate_limits.129.max_requests_per_1_minute", "130"),
			),
		},
		resource.TestStep{Config: b.Config(projectDataSource("rate_limit", p.id, `model = "none"`)), ExpectError: acctest.Message("There is no rate limit of project")},
		resource.TestStep{Config: b.Config(projectDataSource("rate_limit", p.id, ``)), ExpectError: acctest.Message("No attribute specified")},
		resource.TestStep{
			Config: b.Config(projectDataSource("rate_limit", p.id, `model = "model-120"`)),
			Check: resource.ComposeAggregateTestCheckFunc(
				resource.TestCheckResourceAttr(one, "rate_limit_id", "rl-model-120"),
				resource.TestCheckResourceAttr(one, "max_requests_per_1_minute", "121"),
			),
		},
		resource.TestStep{Config: b.Config(projectDataSource("rate_limit", p.id, `rate_limit_id = "rl-model-007"`)), Check: resource.TestCheckResourceAttr(one, "model", "model-007")},
	)
}
