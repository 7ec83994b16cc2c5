package provider_test

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
)

const (
	rateAddress = "openai_project_rate_limit.test"
	rateRoute   = "/v1/organization/projects/{project_id}/rate_limits"
)

// rateLimitProject is the project whose limits are changed.
type rateLimitProject struct{ id, path string }

func newRateLimitProject(t *testing.T, b *acctest.Backend) rateLimitProject {
	id := b.Project(t, "dev")
	return rateLimitProject{id, "/organization/projects/" + id}
}

func (p rateLimitProject) rate(body string) string {
	return projectResource("rate_limit", p.id, body)
}

// measures reads the rate limit of gpt-4o-mini as another client would.
func (p rateLimitProject) measures(t *testing.T, b *acctest.Backend) (requests, tokens int64) {
	t.Helper()
	var limits struct {
		Data []struct {
			Model    string
			Requests int64 `json:"max_requests_per_1_minute"`
			Tokens   int64 `json:"max_tokens_per_1_minute"`
		}
	}
	b.Do(t, "GET", p.path+"/rate_limits", nil, &limits)
	for _, l := range limits.Data {
		if l.Model == "gpt-4o-mini" {
			return l.Requests, l.Tokens
		}
	}
	t.Fatal("the project has no rate limit for gpt-4o-mini")
	return 0, 0
}

func TestAccRateLimit_lifecycle(t *testing.T) {
	b := acctest.Start(t)
	p := newRateLimitProject(t, b)
	are := func(requests, tokens int64) resource.TestCheckFunc {
		return func(*terraform.State) error {
			if r, tok := p.measures(t, b); r != requests || tok != tokens {
				return fmt.Errorf("the limits are %d requests and %d tokens, expected %d and %d", r, tok, requests, tokens)
			}
			return nil
		}
	}
	acctest.Test(t,
		resource.TestStep{
			PreConfig: func() { b.Mark(t) },
			Config:    b.Config(p.rate("model = \"gpt-4o-mini\"\nmax_requests_per_1_minute = 60\nmax_tokens_per_1_minute = 40000")),
			Check: resource.ComposeAggregateTestCheckFunc(
				func(*terraform.State) error {
					// One read of the present limits, one change.
					b.Expect(t, 1, "POST", rateRoute+"/{rate_limit_id}")
					return nil
				},
				resource.TestCheckResourceAttr(rateAddress, "rate_limit_id", "rl-gpt-4o-mini"),
				resource.TestCheckResourceAttr(rateAddress, "max_requests_per_1_day", "10000"),
				resource.TestCheckNoResourceAttr(rateAddress, "max_images_per_1_minute"),
				are(60, 40_000),
			),
		},
		resource.TestStep{
			Config:           b.Config(p.rate("model = \"gpt-4o-mini\"\nmax_requests_per_1_minute = 30\nmax_tokens_per_1_minute = 40000")),
			ConfigPlanChecks: acctest.Action(rateAddress, plancheck.ResourceActionUpdate),
			Check:            are(30, 40_000),
		},
		acctest.Import(rateAddress, []string{"project_id", "rate_limit_id"}, "restore_values"),
		// A measure that is no longer configured gets its previous value back.
		resource.TestStep{
			Config:           b.Config(p.rate("model = \"gpt-4o-mini\"\nmax_requests_per_1_minute = 30")),
			ConfigPlanChecks: acctest.Action(rateAddress, plancheck.ResourceActionUpdate),
			Check:            are(30, 200_000),
		},
		// The same limit under its other name is no change.
		resource.TestStep{
			Config:           b.Config(p.rate("rate_limit_id = \"rl-gpt-4o-mini\"\nmax_requests_per_1_minute = 30")),
			ConfigPlanChecks: acctest.Action(rateAddress, plancheck.ResourceActionNoop),
		},
	)
	if err := are(500, 200_000)(nil); err != nil {
		t.Errorf("after destroy: %v", err)
	}
}

func TestAccRateLimit_driftAndReplacement(t *testing.T) {
	b := acctest.Start(t)
	p := newRateLimitProject(t, b)
	mini := b.Config(p.rate("model = \"gpt-4o-mini\"\nmax_requests_per_1_minute = 60"))
	acctest.Test(t,
		resource.TestStep{Config: mini},
		resource.TestStep{
			PreConfig: func() {
				b.Do(t, "POST", p.path+"/rate_limits/rl-gpt-4o-mini", map[string]int{"max_requests_per_1_minute": 400}, nil)
			},
			Config:           mini,
			ConfigPlanChecks: acctest.Action(rateAddress, plancheck.ResourceActionUpdate),
			Check: func(*terraform.State) error {
				if requests, _ := p.measures(t, b); requests != 60 {
					return fmt.Errorf("%d requests a minute", requests)
				}
				return nil
			},
		},
		resource.TestStep{
			Config:           b.Config(p.rate("model = \"gpt-4o\"\nmax_requests_per_1_minute = 60")),
			ConfigPlanChecks: acctest.Action(rateAddress, plancheck.ResourceActionReplace),
			Check: func(*terraform.State) error {
				if requests, _ := p.measures(t, b); requests != 500 {
					return fmt.Errorf("the previous limit was not restored: %d requests a minute", requests)
				}
				return nil
			},
		},
	)
}

// A project that is archived has no rate limits any more.
func TestAccRateLimit_disappearsWithItsProject(t *testing.T) {
	b := acctest.Start(t)
	config := b.Config("resource \"openai_project\" \"test\" {\n  name = \"dev\"\n}\n" +
		"resource \"openai_project_rate_limit\" \"test\" {\n  project_id = openai_project.test.id\n  model = \"gpt-4o\"\n  max_requests_per_1_minute = 5\n}\n")
	var project string
	acctest.Test(t,
		resource.TestStep{Config: config, Check: acctest.TakeID("openai_project.test", &project)},
		resource.TestStep{
			PreConfig:        func() { b.Do(t, "POST", "/organization/projects/"+project+"/archive", nil, nil) },
			Config:           config,
			ConfigPlanChecks: acctest.Action("openai_project.test", plancheck.ResourceActionCreate),
			Check:            resource.TestCheckResourceAttr(rateAddress, "max_requests_per_1_minute", "5"),
		},
	)
}

func TestAccRateLimit_invalidConfiguration(t *testing.T) {
	b := acctest.Start(t)
	p := newRateLimitProject(t, b)
	acctest.Refused(t, b, map[string]struct{ HCL, Message string }{
		"negative": {p.rate("model = \"gpt-4o\"\nmax_requests_per_1_minute = -1"), "max_requests_per_1_minute value must be at least 0"},
		"neither":  {p.rate(""), "At least one attribute out of"},
	})
	acctest.Test(t,
		resource.TestStep{Config: b.Config(p.rate("model = \"gpt-4o\"\nrate_limit_id = \"rl-gpt-4o-mini\"")), ExpectError: acctest.Message("The rate limit rl-gpt-4o-mini is that of model gpt-4o-mini, and model is gpt-4o")},
		resource.TestStep{Config: b.Config(p.rate("model = \"gpt-99\"\nmax_requests_per_1_minute = 1")), ExpectError: acctest.Message("The project has rate limits for these models: gpt-4o, gpt-4o-mini")},
		resource.TestStep{Config: b.Config(p.rate("model = \"gpt-4o\"\nmax_requests_per_1_minute = 501")), ExpectError: acctest.Message("organization's limit of 500")},
		resource.TestStep{Config: b.Config(p.rate("model = \"gpt-4o\"\nmax_images_per_1_minute = 5")), ExpectError: acctest.Message("does not apply to model gpt-4o")},
		resource.TestStep{Config: b.Config(p.rate("model = \"gpt-4o\"\nmax_requests_per_1_minute = 999999999")), ExpectError: acctest.Message("A value cannot exceed the limit of the organization")},
	)
}
