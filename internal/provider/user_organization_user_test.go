package provider_test

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
)

const organizationUserAddress = "openai_organization_user.test"

func organizationUserConfig(body string) string {
	return "resource \"openai_organization_user\" \"test\" {\n" + body + "\n}\n"
}

func TestAccUser_lifecycle(t *testing.T) {
	b := acctest.Start(t)
	id := joinOrganization(t, b, "ada@example.com", "reader")
	acctest.Test(t,
		resource.TestStep{
			PreConfig: func() { b.Mark(t) },
			Config:    b.Config(organizationUserConfig(`email = "Ada@example.com"`)),
			Check: resource.ComposeAggregateTestCheckFunc(
				resource.TestCheckResourceAttr(organizationUserAddress, "user_id", id),
				resource.TestCheckResourceAttr(organizationUserAddress, "role", "reader"),
				resource.TestCheckResourceAttr(organizationUserAddress, "is_scim_managed", "false"),
				func(*terraform.State) error {
					// Adopting a member without changes sends nothing.
					// In the plan, which says that the person is adopted, and in the apply.
					b.Expect(t, 2, "GET", usersRoute)
					b.Expect(t, 0, "POST", userRoute)
					return nil
				},
			),
		},
		resource.TestStep{
			PreConfig:        func() { b.Mark(t) },
			Config:           b.Config(organizationUserConfig("email = \"Ada@example.com\"\nrole = \"owner\"\ntechnical_level = \"high\"")),
			ConfigPlanChecks: acctest.Action(organizationUserAddress, plancheck.ResourceActionUpdate),
			Check: func(s *terraform.State) error {
				b.Expect(t, 1, "POST", userRoute)
				if err := userHasRole(t, b, "ada@example.com", "owner"); err != nil {
					return err
				}
				return resource.TestCheckResourceAttr(organizationUserAddress, "technical_level", "high")(s)
			},
		},
		acctest.Import(organizationUserAddress, []string{"user_id"}, "email"),
		// The same person under the other name is no change.
		resource.TestStep{
			Config:           b.Config(organizationUserConfig(fmt.Sprintf("user_id = %q\nrole = \"owner\"", id))),
			ConfigPlanChecks: acctest.Action(organizationUserAddress, plancheck.ResourceActionNoop),
		},
	)
	if findUser(t, b, "ada@example.com") != nil {
		t.Error("after destroy the person is still in the organization")
	}
}

func TestAccUser_disappearsDriftsAndIsReplaced(t *testing.T) {
	b := acctest.Start(t)
	id := joinOrganization(t, b, "ada@example.com", "reader")
	config := b.Config(organizationUserConfig("email = \"ada@example.com\"\nrole = \"reader\""))
	acctest.Test(t,
		resource.TestStep{Config: config},
		resource.TestStep{
			PreConfig:        func() { b.Do(t, "POST", "/organization/users/"+id, map[string]string{"role": "owner"}, nil) },
			Config:           config,
			ConfigPlanChecks: acctest.Action(organizationUserAddress, plancheck.ResourceActionUpdate),
			Check:            func(*terraform.State) error { return userHasRole(t, b, "ada@example.com", "reader") },
		},
		resource.TestStep{
			PreConfig: func() { b.Do(t, "DELETE", "/organization/users/"+id, nil, nil) },
			Config:    config,
			// This resource invites no one.
			ExpectError: acctest.Message("ada@example.com is not a member of the organization"),
		},
		resource.TestStep{
			PreConfig:        func() { joinOrganization(t, b, "ada@example.com", "reader") },
			Config:           config,
			ConfigPlanChecks: acctest.Action(organizationUserAddress, plancheck.ResourceActionCreate),
		},
		resource.TestStep{
			Config:           b.Config(organizationUserConfig(`email = "member@example.com"`)),
			ConfigPlanChecks: acctest.Action(organizationUserAddress, plancheck.ResourceActionReplace),
		},
	)
}

func TestAccUser_lastOwnerStays(t *testing.T) {
	b := acctest.Start(t)
	refusal := acctest.Message("owner@example.com is the only owner of the organization")
	acctest.Test(t,
		resource.TestStep{Config: b.Config(organizationUserConfig(`email = "owner@example.com"`)), Check: resource.TestCheckResourceAttr(organizationUserAddress, "role", "owner")},
		resource.TestStep{Config: b.Config(organizationUserConfig("email = \"owner@example.com\"\nrole = \"reader\"")), PlanOnly: true, ExpectError: refusal},
		resource.TestStep{Config: b.Config(organizationUserConfig(`email = "member@example.com"`)), PlanOnly: true, ExpectError: refusal},
		resource.TestStep{Config: b.Config(""), PlanOnly: true, ExpectError: refusal},
		resource.TestStep{Config: b.Config("removed {\n  from = openai_organization_user.test\n  lifecycle {\n    destroy = false\n  }\n}\n")},
	)
}

func TestAccUser_managedByTheIdentityProvider(t *testing.T) {
	b := startWithSCIM(t)
	refusal := acctest.Message("scim@example.com is managed through SCIM")
	b.Mark(t)
	acctest.Test(t,
		resource.TestStep{Config: b.Config(organizationUserConfig("email = \"scim@example.com\"\nrole = \"owner\"")), ExpectError: refusal},
		resource.TestStep{Config: b.Config(organizationUserConfig(`email = "scim@example.com"`)), Check: resource.TestCheckResourceAttr(organizationUserAddress, "is_scim_managed", "true")},
		resource.TestStep{Config: b.Config(organizationUserConfig("email = \"scim@example.com\"\nrole = \"owner\"")), PlanOnly: true, ExpectError: refusal},
		resource.TestStep{Config: b.Config(organizationUserConfig(`email = "member@example.com"`)), PlanOnly: true, ExpectError: refusal},
		resource.TestStep{Config: b.Config(""), PlanOnly: true, ExpectError: refusal},
		resource.TestStep{Config: b.Config("removed {\n  from = openai_organization_user.test\n  lifecycle {\n    destroy = false\n  }\n}\n")},
	)
	b.ExpectWrites(t, 0)
}

func TestAccUser_invalidConfiguration(t *testing.T) {
	b := acctest.Start(t)
	acctest.Refused(t, b, map[string]struct{ HCL, Message string }{
		"no address":   {organizationUserConfig(`email = "@example.com"`), "must be an e-mail address"},
		"unknown role": {organizationUserConfig("email = \"ada@example.com\"\nrole = \"member\""), `role value must be one of: ["owner" "reader"]`},
		"neither":      {organizationUserConfig(`role = "owner"`), "Set user_id or email to name the member"},
	})
	acctest.Test(t, resource.TestStep{Config: b.Config(organizationUserConfig(`user_id = "user-none"`)), ExpectError: acctest.Message("user-none is not a member of the organization")})
}
