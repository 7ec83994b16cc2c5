package provider_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/api"
)

// affected are the objects whose answers depend on an assumption. There are two
// of each kind, because every second one has an id in another form.
const affected = `
data "openai_organization_users" "all" {}

locals {
  owner = one([for u in data.openai_organization_users.all.users : u.id if u.role == "owner"])
}

resource "openai_project" "test" {
  count = 2
  name  = "project-${count.index}"
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
}

resource "openai_project_user" "test" {
  count      = 2
  project_id = openai_project.test[count.index].id
  user_id    = local.owner
  role       = "member"
}

resource "openai_project_service_account" "test" {
  count      = 2
  project_id = openai_project.test[count.index].id
  name       = "bot"
}

resource "openai_group" "test" {
  count = 2
  name  = "group-${count.index}"
}

resource "openai_group_user" "test" {
  count    = 2
  group_id = openai_group.test[count.index].id
  user_id  = openai_project_service_account.test[count.index].id
}

resource "openai_role" "test" {
  count       = 2
  role_name   = "role-${count.index}"
  permissions = ["api.threads.write", "api.assistants.read", "api.files.read"]
}

resource "openai_project_role" "test" {
  count       = 2
  project_id  = openai_project.test[count.index].id
  role_name   = "role"
  permissions = ["api.threads.write", "api.assistants.read", "api.files.read"]
}

resource "openai_project_group" "test" {
  count      = 2
  project_id = openai_project.test[count.index].id
  group_id   = openai_group.test[count.index].id
  role       = openai_project_role.test[count.index].id
}

resource "openai_project_user_role" "test" {
  count      = 2
  project_id = openai_project.test[count.index].id
  user_id    = openai_project_user.test[count.index].user_id
  role_id    = count.index == 0 ? "role-api-project-viewer" : openai_project_role.test[1].id
}

resource "openai_group_role" "test" {
  count    = 2
  group_id = openai_group.test[count.index].id
  role_id  = openai_role.test[count.index].id
}

resource "openai_workload_identity_provider" "test" {
  count    = 2
  name     = "provider-${count.index}"
  issuer   = "https://token.actions.githubusercontent.com"
  audience = "https://api.openai.com/v1"
}

resource "openai_workload_identity_federation_rule" "test" {
  count                         = 2
  workload_identity_provider_id = openai_workload_identity_provider.test[count.index].id
  project_id                    = openai_project.test[count.index].id
  service_account_id            = openai_project_service_account.test[count.index].id
  attribute_matchers            = { repository = "acme/*" }
}

resource "openai_project_hosted_tool_permissions" "test" {
  project_id               = openai_project.test[0].id
  code_interpreter_enabled = true
  file_search_enabled      = true
  image_generation_enabled = true
  mcp_enabled              = true
  web_search_enabled       = true
}

data "openai_project_roles" "test" {
  project_id = openai_project.test[0].id
  depends_on = [openai_project_role.test]
}

output "roles" {
  value = [for r in data.openai_project_roles.test.roles : r.name]
}
`

// For each answer to an open question, objects are created, read,
// imported and destroyed without a difference.
func TestAccAssumptions_lifecycle(t *testing.T) {
	for _, assumption := range api.Assumptions() {
		for _, answer := range assumption.Names() {
			t.Run(assumption.ID+"="+answer, func(t *testing.T) {
				b := acctest.Start(t, func(o *emulator.Options) {
					if err := o.Behavior.Assume(assumption.ID + "=" + answer); err != nil {
						t.Fatal(err)
					}
				})
				config := b.Config(affected)
				steps := []resource.TestStep{
					{Config: config},
					{Config: config, PreConfig: func() { b.Mark(t) }, Check: func(*terraform.State) error { b.ExpectWrites(t, 0); return nil }, ConfigPlanChecks: resource.ConfigPlanChecks{
						PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()},
					}},
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
					steps = append(steps, acctest.Import("openai_"+object.name+".test.1", object.by))
				}
				acctest.Test(t, steps...)
			})
		}
	}
}
