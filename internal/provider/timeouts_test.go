package provider_test

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
)

// timedConfig is one object that gets its id from the API, one that the caller
// names, and one that always exists, each with these times in its block.
func timedConfig(times string) string {
	block := ""
	if times != "" {
		block = "\n  timeouts {\n" + times + "\n  }\n"
	}
	return fmt.Sprintf(`
resource "openai_project" "test" {
  name = "shop"
%[1]s}

resource "openai_project_spend_limit" "test" {
  project_id    = openai_project.test.id
  threshold_usd = 100
%[1]s}

resource "openai_project_data_retention" "test" {
  project_id = openai_project.test.id
  type       = "zero_data_retention"
%[1]s}
`, block)
}

// Terraform plans a change of the timeouts alone in place, and applies it
// without a request that writes.
func TestAccTimeouts(t *testing.T) {
	b := acctest.Start(t)
	addresses := []string{"openai_project.test", "openai_project_spend_limit.test", "openai_project_data_retention.test"}
	step := func(times string, states map[string]string) resource.TestStep {
		var checks []resource.TestCheckFunc
		var plans []plancheck.PlanCheck
		for _, address := range addresses {
			plans = append(plans, plancheck.ExpectResourceAction(address, plancheck.ResourceActionUpdate))
			for _, name := range []string{"create", "read", "update", "delete"} {
				check := resource.TestCheckNoResourceAttr(address, "timeouts."+name)
				if text, ok := states[name]; ok {
					check = resource.TestCheckResourceAttr(address, "timeouts."+name, text)
				}
				checks = append(checks, check)
			}
		}
		checks = append(checks, func(*terraform.State) error {
			b.ExpectWrites(t, 0)
			return nil
		})
		return resource.TestStep{
			PreConfig:        func() { b.Mark(t) },
			Config:           b.Config(timedConfig(times)),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: plans},
			Check:            resource.ComposeAggregateTestCheckFunc(checks...),
		}
	}
	imported := func(address string) resource.TestStep {
		return resource.TestStep{ResourceName: address, ImportState: true, ImportStateVerify: true, ImportStateVerifyIgnore: []string{"timeouts", "restore_values"}}
	}
	spend := imported("openai_project_spend_limit.test")
	spend.ImportStateIdFunc = func(s *terraform.State) (string, error) { return acctest.Value(s, addresses[0], "id"), nil }
	spend.ImportStateVerifyIdentifierAttribute = "project_id"
	acctest.Test(t,
		resource.TestStep{Config: b.Config(timedConfig("    create = \"10m\"\n    delete = \"5m\"")), Check: resource.TestCheckResourceAttr(addresses[0], "timeouts.create", "10m")},
		step("    create = \"10m\"\n    read   = \"1d12h\"", map[string]string{"create": "10m", "read": "1d12h"}),
		imported("openai_project.test"),
		spend,
		step("", nil),
		step("    delete = \"1h30m\"", map[string]string{"delete": "1h30m"}),
	)
}

// A time that is none, or that no operation can keep to, is refused at its
// attribute.
func TestAccTimeouts_refused(t *testing.T) {
	b := acctest.Start(t)
	configs := map[string]struct{ HCL, Message string }{}
	for _, time := range []string{"10 minutes", "-1m", "0s"} {
		configs[time] = struct{ HCL, Message string }{
			fmt.Sprintf("resource \"openai_project\" \"test\" {\n  name = \"shop\"\n  timeouts {\n    create = %q\n  }\n}\n", time),
			fmt.Sprintf("timeouts.create must be a duration such as 30m, 12h or 7d, longer than 0s, got %q", time),
		}
	}
	acctest.Refused(t, b, configs)
}
