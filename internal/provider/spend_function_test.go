package provider_test

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
)

func TestAccFunctions_money(t *testing.T) {
	b := acctest.Start(t)
	config, checks := "", []resource.TestCheckFunc{}
	for i, test := range []struct{ call, want string }{
		{"usd_to_cents(12.5)", "1250"},
		{"usd_to_cents(0.01)", "1"},
		{"usd_to_cents(100)", "10000"},
		{"usd_to_cents(100.00)", "10000"},
		{"usd_to_cents(0.1 * 3)", "30"}, // not 0.3 in binary
		{"usd_to_cents(90071992547409.91)", "9007199254740991"},
		{"cents_to_usd(1250)", "12.5"},
		{"cents_to_usd(1)", "0.01"},
		{"cents_to_usd(10000)", "100"},
		{"cents_to_usd(9007199254740991)", "90071992547409.91"},
		{"limit_with_headroom(40)", "80"},
		{"limit_with_headroom(40, 1.25)", "50"},
		{"limit_with_headroom(0.005)", "0.01"},
		{"limit_with_headroom(33.333, 1)", "33.34"}, // rounded up, never below the expected spend
		{"limit_with_headroom(100 / 3)", "66.67"},
		{"limit_with_headroom(0.1 * 3, 1)", "0.3"},
		{"limit_with_headroom(19.99, 1.1)", "21.99"},
	} {
		config += fmt.Sprintf("output \"o%d\" {\n  value = provider::openai::%s\n}\n", i, test.call)
		checks = append(checks, resource.TestCheckOutput(fmt.Sprintf("o%d", i), test.want))
	}
	config += "output \"back\" {\n  value = provider::openai::cents_to_usd(provider::openai::usd_to_cents(1234.56))\n}\n"
	checks = append(checks, resource.TestCheckOutput("back", "1234.56"))
	acctest.Test(t, resource.TestStep{Config: b.Config(config), Check: resource.ComposeAggregateTestCheckFunc(checks...)})
}

// A limit that a function computes is known in the plan before anything exists.
func TestAccFunctions_inALimit(t *testing.T) {
	b := acctest.Start(t)
	config := b.Config(`
resource "openai_organization_spend_limit" "this" {
  threshold_usd = provider::openai::limit_with_headroom(40.1)
}
`)
	acctest.Test(t,
		resource.TestStep{Config: config, Check: resource.TestCheckResourceAttr("openai_organization_spend_limit.this", "threshold_amount", "8020")},
		resource.TestStep{Config: config, PlanOnly: true},
	)
}

func TestAccFunctions_moneyRefused(t *testing.T) {
	b := acctest.Start(t)
	cases := map[string]struct{ HCL, Message string }{}
	for call, message := range map[string]string{
		"usd_to_cents(0.005)":          "must have two decimals at most, got 0.005",
		"usd_to_cents(0)":              "must be at least 0.01, got 0",
		"usd_to_cents(-1)":             "must be at least 0.01, got -1",
		"usd_to_cents(1e30)":           "is too large",
		"cents_to_usd(0)":              "must be a whole number between 1 and 9007199254740991 cents, got 0",
		"cents_to_usd(12.5)":           "must be a whole number between 1 and 9007199254740991 cents, got 12.5",
		"limit_with_headroom(0)":       "must be more than 0, got 0",
		"limit_with_headroom(1, 0.5)":  "The factor must be at least 1, got 0.5",
		"limit_with_headroom(1, 2, 3)": "At most one factor is allowed",
		"limit_with_headroom(1e30)":    "would be too large",
	} {
		cases[call] = struct{ HCL, Message string }{fmt.Sprintf("output \"x\" {\n  value = provider::openai::%s\n}\n", call), message}
	}
	acctest.Refused(t, b, cases)
}
