package provider_test

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
)

// roleScope is where roles belong: the organization or a project.
type roleScope struct {
	// kind is the resource, path where its objects are, route their list.
	kind, path, route string
	// argument names the project.
	argument     string
	importBy     []string
	owner        string
	resourceType string
}

func (p roleScope) role(body string) string { return resourceConfig(p.kind, p.argument+body) }

func (p roleScope) address() string { return "openai_" + p.kind + ".test" }

// forBothRoleScopes runs a test for the organization and for a project.
func forBothRoleScopes(t *testing.T, test func(t *testing.T, b *acctest.Backend, p roleScope)) {
	for _, p := range []roleScope{
		{"role", "/organization/roles", "/v1/organization/roles", "", []string{"role_id"}, "role-api-organization-owner", "api.organization"},
		{
			"project_role", "/projects/" + devProject + "/roles", "/v1/projects/{project_id}/roles", fmt.Sprintf("project_id = %q\n", devProject),
			[]string{"project_id", "role_id"}, "role-api-project-owner", "api.project",
		},
	} {
		t.Run(p.kind, func(t *testing.T) { test(t, startWithGroups(t), p) })
	}
}

func TestAccRole_lifecycle(t *testing.T) {
	forBothRoleScopes(t, func(t *testing.T, b *acctest.Backend, p roleScope) {
		address := p.address()
		var id string
		last := b.Config(p.role(`role_name = "Caller"` + "\npermissions = [\"api.model.request\"]"))
		acctest.Test(t,
			resource.TestStep{
				PreConfig: func() { b.Mark(t) },
				Config:    b.Config(p.role("role_name = \"Auditor\"\npermissions = [\"b\", \"a\"]\ndescription = \"Sees all.\"")),
				Check: resource.ComposeAggregateTestCheckFunc(
					acctest.TakeID(address, &id),
					resource.TestCheckResourceAttrPair(address, "id", address, "role_id"),
					resource.TestCheckResourceAttr(address, "permissions.#", "2"),
					resource.TestCheckResourceAttr(address, "predefined_role", "false"),
					resource.TestCheckResourceAttr(address, "resource_type", p.resourceType),
					func(*terraform.State) error {
						b.ExpectWrites(t, 1)
						// The search for orphans, in the plan and in the apply.
						b.Expect(t, 2, "GET", p.route)
						return nil
					},
				),
			},
			resource.TestStep{
				Config:           b.Config(p.role("role_name = \"Auditor\"\npermissions = [\"a\", \"b\"]\ndescription = \"Sees all.\"")),
				ConfigPlanChecks: acctest.Action(address, plancheck.ResourceActionNoop),
			},
			acctest.Import(address, p.importBy),
			resource.TestStep{
				Config:           last,
				ConfigPlanChecks: acctest.Action(address, plancheck.ResourceActionUpdate),
				Check: resource.ComposeAggregateTestCheckFunc(
					resource.TestCheckResourceAttrPtr(address, "id", &id),
					resource.TestCheckResourceAttr(address, "permissions.#", "1"),
					resource.TestCheckNoResourceAttr(address, "description"),
				),
			},
			resource.TestStep{
				PreConfig: func() {
					b.Do(t, "POST", p.path+"/"+id, map[string]any{"permissions": []string{}, "description": "x"}, nil)
				},
				Config:           last,
				ConfigPlanChecks: acctest.Action(address, plancheck.ResourceActionUpdate),
				Check:            resource.TestCheckResourceAttr(address, "permissions.#", "1"),
			},
			resource.TestStep{
				PreConfig:        func() { b.Do(t, "DELETE", p.path+"/"+id, nil, nil) },
				Config:           last,
				ConfigPlanChecks: acctest.Action(address, plancheck.ResourceActionCreate),
				Check:            acctest.TakeID(address, &id),
			},
			resource.TestStep{
				Config: b.Config(p.role("role_name = \"Nothing\"\npermissions = []")),
				Check:  resource.TestCheckResourceAttr(address, "permissions.#", "0"),
			},
		)
		expectNotFound(t, b, p.path+"/"+id)
	})
}

func TestAccRole_predefinedRolesStay(t *testing.T) {
	forBothRoleScopes(t, func(t *testing.T, b *acctest.Backend, p roleScope) {
		id := p.owner
		if p.argument != "" {
			id = devProject + "/" + id
		}
		var role struct {
			Description *string
			Permissions []string
		}
		b.Do(t, "GET", p.path+"/"+p.owner, nil, &role)
		b.Mark(t)
		acctest.Test(t,
			resource.TestStep{
				Config: b.Config(importBlock(p.address(), id, p.role(fmt.Sprintf("role_name = \"owner\"\npermissions = jsondecode(%q)\ndescription = jsondecode(%q)", asJSON(role.Permissions), asJSON(role.Description))))),
				Check:  resource.TestCheckResourceAttr(p.address(), "predefined_role", "true"),
			},
			resource.TestStep{Config: b.Config(p.role("role_name = \"owner\"\npermissions = []")), PlanOnly: true, ExpectError: acctest.Message(`OpenAI defines the role "owner"`)},
			resource.TestStep{Config: b.Config(""), PlanOnly: true, ExpectError: acctest.Message(`OpenAI defines the role "owner"`)},
			resource.TestStep{Config: b.Config(removedBlock(p.address()))},
		)
		b.ExpectWrites(t, 0)
	})
}

func TestAccRole_invalidConfiguration(t *testing.T) {
	forBothRoleScopes(t, func(t *testing.T, b *acctest.Backend, p roleScope) {
		acctest.Refused(t, b, map[string]struct{ HCL, Message string }{
			"no name":           {p.role("role_name = \"\"\npermissions = []"), "role_name must not be empty"},
			"empty permission":  {p.role("role_name = \"a\"\npermissions = [\"\"]"), "must not be empty"},
			"empty description": {p.role("role_name = \"a\"\npermissions = []\ndescription = \"\""), "string length must be at least 1"},
		})
		acctest.Test(t, resource.TestStep{Config: b.Config(p.role("role_name = \"owner\"\npermissions = []")), ExpectError: acctest.Message("already exists")})
	})
}
