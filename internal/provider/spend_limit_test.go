package provider_test

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator"
)

// spendScope is the organization or a project: the tests run for both.
type spendScope struct {
	// kind begins the type names.
	kind string
	// path begins the API's paths, and route its routes.
	path, route string
	// argument names the project in the configuration.
	argument string
	importBy []string
}

func organizationSpendScope(*testing.T, *acctest.Backend) spendScope {
	return spendScope{kind: "organization", path: "/organization", route: "/v1/organization"}
}

func projectSpendScope(t *testing.T, b *acctest.Backend) spendScope {
	id := b.Project(t, "dev")
	return spendScope{
		kind: "project", path: "/organization/projects/" + id, route: "/v1/organization/projects/{project_id}",
		argument: fmt.Sprintf("project_id = %q", id), importBy: []string{"project_id"},
	}
}

func forBothSpendScopes(t *testing.T, test func(t *testing.T, b *acctest.Backend, s spendScope), options ...func(*emulator.Options)) {
	for name, start := range map[string]func(*testing.T, *acctest.Backend) spendScope{"organization": organizationSpendScope, "project": projectSpendScope} {
		t.Run(name, func(t *testing.T) {
			b := acctest.Start(t, options...)
			test(t, b, start(t, b))
		})
	}
}

func (s spendScope) limitAddress() string { return "openai_" + s.kind + "_spend_limit.test" }

func (s spendScope) limit(amount string) string {
	return fmt.Sprintf("resource \"openai_%s_spend_limit\" \"test\" {\n  %s\n  %s\n}\n", s.kind, s.argument, amount)
}

// cents reads the amount of the limit as another client would.
func (s spendScope) cents(t *testing.T, b *acctest.Backend) int64 {
	t.Helper()
	var limit struct {
		ThresholdAmount int64 `json:"threshold_amount"`
	}
	b.Do(t, "GET", s.path+"/spend_limit", nil, &limit)
	return limit.ThresholdAmount
}

func TestAccSpendLimit_lifecycle(t *testing.T) {
	forBothSpendScopes(t, func(t *testing.T, b *acctest.Backend, s spendScope) {
		address := s.limitAddress()
		importBy := s.importBy
		if importBy == nil {
			importBy = []string{"singleton_id"}
		}
		acctest.Test(t,
			resource.TestStep{
				PreConfig: func() { b.Mark(t) },
				Config:    b.Config(s.limit("threshold_usd = 25.5")),
				Check: resource.ComposeAggregateTestCheckFunc(
					resource.TestCheckResourceAttr(address, "threshold_amount", "2550"),
					resource.TestCheckResourceAttr(address, "threshold_usd", "25.5"),
					resource.TestCheckResourceAttr(address, "currency", "USD"),
					resource.TestCheckResourceAttr(address, "interval", "month"),
					resource.TestCheckResourceAttr(address, "enforcement_status", "inactive"),
					func(*terraform.State) error {
						b.Expect(t, 1, "POST", s.route+"/spend_limit")
						return nil
					},
				),
			},
			resource.TestStep{
				Config:           b.Config(s.limit("threshold_amount = 5000")),
				ConfigPlanChecks: acctest.Action(address, plancheck.ResourceActionUpdate),
				Check: func(state *terraform.State) error {
					if got := s.cents(t, b); got != 5000 {
						return fmt.Errorf("the limit is %d cents", got)
					}
					return resource.TestCheckResourceAttr(address, "threshold_usd", "50")(state)
				},
			},
			// The same money under the other name is no change.
			resource.TestStep{
				Config:           b.Config(s.limit("threshold_usd = 50")),
				ConfigPlanChecks: acctest.Action(address, plancheck.ResourceActionNoop),
			},
			acctest.Import(address, importBy),
		)
		if status, _ := b.Try(t, "GET", s.path+"/spend_limit", nil); status != 404 {
			t.Errorf("after destroy the limit answers %d", status)
		}
	})
}

func TestAccSpendLimit_disappears(t *testing.T) {
	forBothSpendScopes(t, func(t *testing.T, b *acctest.Backend, s spendScope) {
		acctest.Test(t,
			resource.TestStep{Config: b.Config(s.limit("threshold_usd = 10"))},
			resource.TestStep{
				PreConfig:        func() { b.Do(t, "DELETE", s.path+"/spend_limit", nil, nil) },
				Config:           b.Config(s.limit("threshold_usd = 10")),
				ConfigPlanChecks: acctest.Action(s.limitAddress(), plancheck.ResourceActionCreate),
			},
		)
	})
}

func TestAccSpendLimit_driftIsCorrected(t *testing.T) {
	forBothSpendScopes(t, func(t *testing.T, b *acctest.Backend, s spendScope) {
		acctest.Test(t,
			resource.TestStep{Config: b.Config(s.limit("threshold_usd = 10"))},
			resource.TestStep{
				PreConfig: func() {
					body := struct {
						ThresholdAmount int    `json:"threshold_amount"`
						Currency        string `json:"currency"`
						Interval        string `json:"interval"`
					}{99_900, "USD", "month"}
					b.Do(t, "POST", s.path+"/spend_limit", body, nil)
				},
				Config:           b.Config(s.limit("threshold_usd = 10")),
				ConfigPlanChecks: acctest.Action(s.limitAddress(), plancheck.ResourceActionUpdate),
				Check: func(*terraform.State) error {
					if got := s.cents(t, b); got != 1000 {
						return fmt.Errorf("the limit is %d cents", got)
					}
					return nil
				},
			},
		)
	})
}

// The enforcement of a limit changes by itself and must not make a plan.
func TestAccSpendLimit_enforcementIsNoDifference(t *testing.T) {
	b := acctest.Start(t)
	s := projectSpendScope(t, b)
	acctest.Test(t,
		resource.TestStep{Config: b.Config(s.limit("threshold_usd = 1"))},
		resource.TestStep{
			PreConfig: func() {
				var project struct{ ID string }
				b.Do(t, "GET", s.path, nil, &project)
				b.Spend(t, project.ID, "2.00")
			},
			Config:           b.Config(s.limit("threshold_usd = 1")),
			ConfigPlanChecks: acctest.Action(s.limitAddress(), plancheck.ResourceActionNoop),
		},
		resource.TestStep{
			RefreshState: true,
			Check:        resource.TestCheckResourceAttr(s.limitAddress(), "enforcement_status", "enforcing"),
		},
	)
}

func TestAccProjectSpendLimit_otherProjectReplaces(t *testing.T) {
	b := acctest.Start(t)
	dev, prod := projectSpendScope(t, b), projectSpendScope(t, b)
	acctest.Test(t,
		resource.TestStep{Config: b.Config(dev.limit("threshold_usd = 10"))},
		resource.TestStep{
			Config:           b.Config(prod.limit("threshold_usd = 10")),
			ConfigPlanChecks: acctest.Action(dev.limitAddress(), plancheck.ResourceActionReplace),
			Check: func(*terraform.State) error {
				if status, _ := b.Try(t, "GET", dev.path+"/spend_limit", nil); status != 404 {
					return fmt.Errorf("the limit of the first project answers %d", status)
				}
				return nil
			},
		},
	)
}

func TestAccSpendLimit_unknownAmount(t *testing.T) {
	b := acctest.Start(t)
	s := projectSpendScope(t, b)
	config := func(amount string) string {
		return b.Config(fmt.Sprintf("resource \"terraform_data\" \"budget\" {\n  input = %s\n}\n", amount) + s.limit("threshold_usd = terraform_data.budget.output"))
	}
	acctest.Test(t,
		resource.TestStep{Config: config("12.5"), Check: resource.TestCheckResourceAttr(s.limitAddress(), "threshold_amount", "1250")},
		resource.TestStep{Config: config("12.75"), Check: resource.TestCheckResourceAttr(s.limitAddress(), "threshold_amount", "1275")},
	)
}

func TestAccSpendLimit_invalidConfiguration(t *testing.T) {
	forBothSpendScopes(t, func(t *testing.T, b *acctest.Backend, s spendScope) {
		acctest.Refused(t, b, map[string]struct{ HCL, Message string }{
			"zero cents":         {s.limit("threshold_amount = 0"), "threshold_amount value must be between 1"},
			"negative cents":     {s.limit("threshold_amount = -5"), "threshold_amount value must be between 1"},
			"zero dollars":       {s.limit("threshold_usd = 0"), "threshold_usd must be at least 0.01"},
			"negative dollars":   {s.limit("threshold_usd = -1"), "threshold_usd must be at least 0.01"},
			"a tenth of a cent":  {s.limit("threshold_usd = 1.005"), "threshold_usd must have two decimals at most"},
			"both amounts":       {s.limit("threshold_usd = 1\nthreshold_amount = 101"), "threshold_usd is 1.00 USD and threshold_amount is 1.01 USD"},
			"neither amount":     {s.limit(""), "At least one attribute out of"},
			"another currency":   {s.limit("threshold_usd = 1\ncurrency = \"EUR\""), `currency value must be one of: ["USD"]`},
			"another interval":   {s.limit("threshold_usd = 1\ninterval = \"day\""), `interval value must be one of: ["month"]`},
			"a fraction of cent": {s.limit("threshold_amount = 1.5"), "threshold_amount must be a whole number, got 1.5"},
			"too many cents":     {s.limit("threshold_amount = 9223372036854775808"), "threshold_amount is too large: 9223372036854775808"},
		})
	})
}

// Amounts are compared to the cent: Terraform computes 33.3 * 3 as a little less
// than 99.90.
func TestAccSpendLimit_arithmetic(t *testing.T) {
	forBothSpendScopes(t, func(t *testing.T, b *acctest.Backend, s spendScope) {
		acctest.Test(t,
			resource.TestStep{
				Config: b.Config(s.limit("threshold_usd = 33.3 * 3")),
				Check: func(*terraform.State) error {
					if got := s.cents(t, b); got != 9990 {
						return fmt.Errorf("the limit is %d cents", got)
					}
					return nil
				},
			},
			// The same cents written another way are no change.
			resource.TestStep{Config: b.Config(s.limit("threshold_usd = 99.9")), PlanOnly: true},
			resource.TestStep{Config: b.Config(s.limit("threshold_usd = 11.1 * 3")), Check: resource.TestCheckResourceAttr(s.limitAddress(), "threshold_amount", "3330")},
		)
	})
}

// ignore_changes with one of the two amounts would keep the other from the API.
func TestAccSpendLimit_halfIgnored(t *testing.T) {
	b := acctest.Start(t)
	s := projectSpendScope(t, b)
	config := func(amount, ignored string) string {
		return b.Config(s.limit(amount + "\n  lifecycle {\n    ignore_changes = [" + ignored + "]\n  }"))
	}
	refused := acctest.Message("If ignore_changes has one of them, add the other, or remove it")
	acctest.Test(t,
		resource.TestStep{Config: config("threshold_usd = 50", "threshold_amount")},
		resource.TestStep{Config: config("threshold_usd = 60", "threshold_amount"), ExpectError: refused},
		resource.TestStep{Config: config("threshold_amount = 6000", "threshold_usd"), ExpectError: refused},
		resource.TestStep{Config: config("threshold_usd = 60", "threshold_amount, threshold_usd"), PlanOnly: true},
	)
}

// Both units may be configured, as generated configuration does, and are compared
// as soon as both are known.
func TestAccSpendLimit_bothUnits(t *testing.T) {
	forBothSpendScopes(t, func(t *testing.T, b *acctest.Backend, s spendScope) {
		config := func(usd int, inCents string) string {
			return b.Config(fmt.Sprintf("resource \"terraform_data\" \"budget\" {\n  input = %d\n}\n", usd) +
				s.limit("threshold_usd = terraform_data.budget.output\n  threshold_amount = "+inCents))
		}
		check := func(want int64) resource.TestCheckFunc {
			return func(*terraform.State) error {
				if got := s.cents(t, b); got != want {
					return fmt.Errorf("the limit is %d", got)
				}
				return nil
			}
		}
		acctest.Test(t,
			resource.TestStep{Config: config(50, "5001"), ExpectError: acctest.Message("threshold_usd is 50.00 USD and threshold_amount is 50.01 USD")},
			resource.TestStep{Config: config(50, "5000"), Check: check(5000)},
			resource.TestStep{Config: config(60, "5000"), ExpectError: acctest.Message("threshold_usd is 60.00 USD and threshold_amount is 50.00 USD")},
			resource.TestStep{Config: config(60, "6000"), Check: check(6000)},
		)
	})
}
