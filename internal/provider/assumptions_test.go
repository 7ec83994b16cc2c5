package provider_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/api"
)

// affected are the objects whose answers depend on an assumption. BEFORE names
// the object of the type that is created before.
const affected = `
resource "openai_project" "NAME" {
  name = "project NAME"
  BEFORE
}

resource "openai_project_service_account" "NAME" {
  project_id = openai_project.NAME.id
  name       = "bot"
}

resource "openai_group" "NAME" {
  name = "group NAME"
  BEFORE
}

resource "openai_group_user" "NAME" {
  group_id = openai_group.NAME.id
  user_id  = openai_project_service_account.NAME.id
}

resource "openai_role" "NAME" {
  role_name   = "role NAME"
  permissions = ["api.threads.write", "api.assistants.read", "api.files.read"]
}

resource "openai_project_role" "NAME" {
  project_id  = openai_project.NAME.id
  role_name   = "role"
  permissions = ["api.threads.write", "api.assistants.read", "api.files.read"]
}

resource "openai_project_group" "NAME" {
  project_id = openai_project.NAME.id
  group_id   = openai_group.NAME.id
  role       = openai_project_role.NAME.id
}

resource "openai_project_user_role" "NAME" {
  project_id = openai_project.NAME.id
  user_id    = local.owner
  role_id    = "NAME" == "first" ? "role-api-project-viewer" : openai_project_role.NAME.id
}

resource "openai_group_role" "NAME" {
  group_id = openai_group.NAME.id
  role_id  = openai_role.NAME.id
}

resource "openai_workload_identity_provider" "NAME" {
  name     = "provider NAME"
  issuer   = "https://token.actions.githubusercontent.com"
  audience = "https://api.openai.com/v1"
  BEFORE
}

resource "openai_workload_identity_federation_rule" "NAME" {
  workload_identity_provider_id = openai_workload_identity_provider.NAME.id
  project_id                    = openai_project.NAME.id
  service_account_id            = openai_project_service_account.NAME.id
  attribute_matchers            = { repository = "acme/*" }
}
`

const affectedOnce = `
data "openai_organization_users" "all" {}

locals {
  owner = one([for u in data.openai_organization_users.all.users : u.id if u.role == "owner"])
}

resource "openai_external_key" "test" {
  name       = "sealed"
  region     = "eu-frankfurt-1"
  vault_ocid = "ocid1.vault.oc1.eu-frankfurt-1.aaa.bbb"
  key_ocid   = "ocid1.key.oc1.eu-frankfurt-1.aaa.bbb"
}

resource "openai_project" "sealed" {
  name            = "sealed"
  external_key_id = openai_external_key.test.external_key_id
  depends_on      = [openai_project.test]
}

resource "openai_project_user" "test" {
  project_id = openai_project.test.id
  user_id    = local.owner
  role       = "member"
}

resource "openai_project_hosted_tool_permissions" "test" {
  project_id               = openai_project.first.id
  code_interpreter_enabled = true
  file_search_enabled      = true
  image_generation_enabled = true
  mcp_enabled              = true
  web_search_enabled       = true
}

data "openai_project_roles" "test" {
  project_id = openai_project.first.id
  depends_on = [openai_project_role.first]
}
`

// twice are the affected objects, two of each kind: every second object has an
// id in another form.
func twice() string {
	config := affectedOnce + strings.NewReplacer("NAME", "first", "BEFORE", "").Replace(affected)
	for block := range strings.SplitSeq(affected, "\nresource \"") {
		if typeName, _, found := strings.Cut(block, "\""); found {
			config += strings.NewReplacer("NAME", "test", "BEFORE", "depends_on = ["+typeName+".first]").Replace("\nresource \"" + block)
		}
	}
	return config
}

// For each answer to an open question, objects are created, read, imported and
// destroyed without a difference.
func TestAccAssumptions_lifecycle(t *testing.T) {
	for _, assumption := range api.Assumptions() {
		for i, answer := range assumption.Names() {
			if i == 0 && assumption.ID != "A-4" {
				continue // all defaults are in one case
			}
			t.Run(assumption.ID+"="+answer, func(t *testing.T) {
				b := acctest.Start(t, func(o *emulator.Options) {
					if err := o.Behavior.Assume(assumption.ID + "=" + answer); err != nil {
						t.Fatal(err)
					}
				})
				config := b.Config(twice())
				steps := []resource.TestStep{
					{Config: config, Check: resource.TestCheckResourceAttr("data.openai_project_roles.test", "roles.#", "4")},
					{
						Config: config, PreConfig: func() { b.Mark(t) },
						Check: func(*terraform.State) error { b.ExpectWrites(t, 0); return nil },
						ConfigPlanChecks: resource.ConfigPlanChecks{
							PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()},
						},
					},
				}
				for _, object := range []struct {
					name string
					by   []string
				}{
					{"project", []string{"id"}},
					{"project_user", []string{"project_id", "user_id"}},
					{"project_service_account", []string{"project_id", "service_account_id"}},
					{"group", []string{"id"}},
					{"group_user", []string{"group_id", "user_id"}},
					{"role", []string{"id"}},
					{"project_role", []string{"project_id", "id"}},
					{"project_group", []string{"project_id", "group_id"}},
					{"project_user_role", []string{"project_id", "user_id", "role_id"}},
					{"group_role", []string{"group_id", "role_id"}},
					{"workload_identity_provider", []string{"id"}},
					{"workload_identity_federation_rule", []string{"workload_identity_provider_id", "id"}},
				} {
					steps = append(steps, acctest.Import("openai_"+object.name+".test", object.by))
				}
				acctest.Test(t, steps...)
			})
		}
	}
}
