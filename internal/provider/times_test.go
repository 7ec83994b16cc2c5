package provider_test

import (
	"fmt"
	"strconv"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
)

// Data sources have readable times as resources do; lists have seconds only.
func TestAccDataSourcesHaveReadableTimes(t *testing.T) {
	b := acctest.Start(t)
	acctest.Test(t, resource.TestStep{
		Config: b.Config(`
resource "openai_project" "dev" {
  name = "dev"
}

data "openai_project" "dev" {
  project_id = openai_project.dev.id
}
`),
		Check: func(s *terraform.State) error {
			for _, address := range []string{"openai_project.dev", "data.openai_project.dev"} {
				created, err := strconv.ParseInt(acctest.Value(s, address, "created_at"), 10, 64)
				if err != nil {
					return err
				}
				if got, expected := acctest.Value(s, address, "created_at_time"), time.Unix(created, 0).UTC().Format(time.RFC3339); got != expected {
					return fmt.Errorf("%s was created at %q, not %q", address, got, expected)
				}
			}
			return nil
		},
	})
}
