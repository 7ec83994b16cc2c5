package provider_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
	"github.com/allthingsai/terraform-provider-openai/internal/assumptions"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator"
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

resource "openai_admin_api_key" "test" {
  name           = "reports"
  age_recipients = ["age1spqt5nwkaeqsawjds3d5ktqf5seqqxa57hd5ru0dcfuxxyqd0y8s0zf6ku"]
}

resource "openai_project_api_key" "test" {
  project_id         = openai_project.test.id
  service_account_id = openai_project_service_account.test.id
  name               = "nightly"
  scopes             = ["api.model.read"]
  age_recipients     = ["age1spqt5nwkaeqsawjds3d5ktqf5seqqxa57hd5ru0dcfuxxyqd0y8s0zf6ku"]
}

resource "openai_invite" "test" {
  email    = "grace@example.com"
  role     = "reader"
  projects = []
}

resource "openai_project_spend_limit" "test" {
  project_id    = openai_project.test.id
  threshold_usd = 5000
}

resource "openai_project_spend_alert" "test" {
  project_id                      = openai_project.test.id
  threshold_usd                   = 40
  notification_channel_recipients = ["finops@example.com"]
}

resource "openai_project_model_permissions" "test" {
  project_id = openai_project.test.id
  mode       = "deny_list"
  model_ids  = ["gpt-4o"]
}

resource "openai_project_service_tier_settings" "test" {
  project_id    = openai_project.test.id
  default       = "fast"
  enabled_tiers = ["fast"]
}

resource "openai_project_data_retention" "test" {
  project_id = openai_project.test.id
  type       = "none"
}

resource "openai_project_rate_limit" "test" {
  project_id                = openai_project.test.id
  model                     = "gpt-4o"
  max_requests_per_1_minute = 10
}

data "openai_projects" "all" {
  depends_on = [openai_project.test]
}

data "openai_usage" "test" {
  kind       = "completions"
  start_time = "2026-01-01T00:00:00Z"
  end_time   = "2026-01-08T00:00:00Z"
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

// imported are the objects of both configurations, and their import ids.
var imported = []struct {
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
	{"invite", []string{"id"}},
	{"project_spend_limit", []string{"project_id"}},
	{"project_spend_alert", []string{"project_id", "id"}},
	{"project_model_permissions", []string{"project_id"}},
}

// assume chooses an answer to an open question.
func assume(t *testing.T, id, answer string) func(*emulator.Options) {
	return func(o *emulator.Options) {
		if err := o.Behavior.Assume(id + "=" + answer); err != nil {
			t.Error(err)
		}
	}
}

// With the assumed answers to all open questions, with the second of each, and
// with the third where there is one, objects are created, read, imported and
// destroyed without a difference.
func TestAccAssumptions_lifecycle(t *testing.T) {
	most := 0
	for _, a := range assumptions.Switched() {
		most = max(most, len(a.Answers))
	}
	for nth := range most {
		t.Run(fmt.Sprintf("answers %d", nth+1), func(t *testing.T) {
			var choices []func(*emulator.Options)
			for _, a := range assumptions.Switched() {
				choices = append(choices, assume(t, a.ID, a.Answers[min(nth, len(a.Answers)-1)]))
			}
			b := acctest.Start(t, choices...)
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
			for _, object := range imported {
				steps = append(steps, acctest.Import("openai_"+object.name+".test", object.by))
			}
			acctest.Test(t, steps...)
		})
	}
}

// provocation is a configuration whose outcome depends on an assumption.
type provocation struct {
	// before is what other clients do, before the configuration is applied.
	before func(t *testing.T, b *acctest.Backend)
	// first is applied before config, if there is one.
	first, config string
	// refused are the answers with which the API refuses, and its message.
	refused map[string]string
}

const oneProject = `
resource "openai_project" "test" {
  name = "dev"
}

resource "openai_project_service_account" "test" {
  project_id = openai_project.test.id
  name       = "bot"
}
`

const externalKeys = `
resource "openai_external_key" "test" {
  count      = 2
  name       = "key ${count.index}"
  region     = "eu-frankfurt-1"
  vault_ocid = "ocid1.vault.oc1.eu-frankfurt-1.aaa.bbb"
  key_ocid   = "ocid1.key.oc1.eu-frankfurt-1.aaa.bbb${count.index}"
}
`

func sealedBy(index int) string {
	return fmt.Sprintf("%s\nresource \"openai_project\" \"test\" {\n  name = \"sealed\"\n  external_key_id = openai_external_key.test[%d].external_key_id\n}\n", externalKeys, index)
}

// provocations are by the number of the assumption. Those without one concern
// no configuration, or every one.
var provocations = map[string]provocation{
	"A-6": {
		first:  resourceConfig("role", `role_name = "r"`+"\n"+`permissions = []`+"\n"+`description = "d"`),
		config: resourceConfig("role", `role_name = "r"`+"\n"+`permissions = []`),
	},
	"A-11": {
		config:  oneProject + resourceConfig("project_user_role", "project_id = openai_project.test.id\nuser_id = openai_project_service_account.test.id\nrole_id = \"role-api-project-viewer\""),
		refused: map[string]string{"refused": "Roles cannot be assigned to service account"},
	},
	"A-13": {
		config: oneProject + resourceConfig("project_api_key", "project_id = openai_project.test.id\nservice_account_id = openai_project_service_account.test.id\n"+
			"name = \"k\"\nscopes = [\"api.new.read\"]\nage_recipients = [\"age1spqt5nwkaeqsawjds3d5ktqf5seqqxa57hd5ru0dcfuxxyqd0y8s0zf6ku\"]"),
		refused: map[string]string{"refused": "Invalid scope"},
	},
	"A-22": {
		before: func(t *testing.T, b *acctest.Backend) {
			t.Helper()
			var owner struct{ Data []struct{ ID string } }
			b.Do(t, "GET", "/organization/users?emails=owner@example.com", nil, &owner)
			b.Do(t, "POST", "/organization/users/"+owner.Data[0].ID+"/roles", map[string]string{"role_id": "role-api-organization-reader"}, nil)
		},
		config: `
data "openai_organization_user" "owner" {
  email = "owner@example.com"
}

resource "openai_user_role" "test" {
  user_id = data.openai_organization_user.owner.id
  role_id = "role-api-organization-reader"
}
`,
	},
	"A-26": {
		config: oneProject + `
resource "openai_project_spend_alert" "test" {
  count                           = 2
  project_id                      = openai_project.test.id
  threshold_usd                   = 40
  notification_channel_recipients = ["finops@example.com"]
}
`,
		refused: map[string]string{"refused": "An equal spend alert already exists"},
	},
	"A-28": {
		config:  oneProject + resourceConfig("project_model_permissions", "project_id = openai_project.test.id\nmode = \"deny_list\"\nmodel_ids = []"),
		refused: map[string]string{"refused": "must have at least one item"},
	},
	"A-29": {
		config:  oneProject + resourceConfig("project_service_tier_settings", "project_id = openai_project.test.id\ndefault = \"fast\"\nenabled_tiers = []"),
		refused: map[string]string{"refused": "is not enabled for this project"},
	},
	"A-30": {
		config:  resourceConfig("organization_data_retention", `type = "zero_data_retention"`),
		refused: map[string]string{"refused": "not enabled for this organization"},
	},
	"A-40": {
		config:  resourceConfig("role", `role_name = "r"`+"\n"+`permissions = ["api.groups.read"]`),
		refused: map[string]string{"refused": "not available for custom roles"},
	},
	"A-44": {
		config: oneProject + resourceConfig("project_hosted_tool_permissions", "project_id = openai_project.test.id\ncode_interpreter_enabled = false\n"+
			"file_search_enabled = true\nimage_generation_enabled = true\nmcp_enabled = true\nweb_search_enabled = true"),
		refused: map[string]string{"all": "cannot be disabled for a project"},
	},
	"A-45": {
		first: sealedBy(0), config: sealedBy(1),
		refused: map[string]string{"fixed": "cannot be changed for an existing project"},
	},
}

// A configuration that asks an open question gets what the API answers: it is
// applied and planned again without a difference, or the API's reason is shown.
func TestAccAssumptions_provoked(t *testing.T) {
	for _, a := range assumptions.Switched() {
		p, found := provocations[a.ID]
		for _, answer := range a.Answers {
			if !found {
				continue
			}
			t.Run(a.ID+"="+answer, func(t *testing.T) {
				b := acctest.Start(t, assume(t, a.ID, answer))
				if p.before != nil {
					p.before(t, b)
				}
				var steps []resource.TestStep
				if p.first != "" {
					steps = append(steps, resource.TestStep{Config: b.Config(p.first)})
				}
				step := resource.TestStep{Config: b.Config(p.config)}
				if message, isRefused := p.refused[answer]; isRefused {
					step.ExpectError = acctest.Message(message)
				}
				acctest.Test(t, append(steps, step)...)
			})
		}
	}
}
