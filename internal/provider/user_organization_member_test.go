package provider_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
)

const memberAddress = "openai_organization_member.test"

func memberConfig(email, role, more string) string {
	return fmt.Sprintf("resource \"openai_organization_member\" \"test\" {\n  email = %q\n  role = %q\n  %s\n}\n", email, role, more)
}

// From invitation to role to removal.
func TestAccMember_lifecycle(t *testing.T) {
	b := acctest.Start(t)
	project := b.Project(t, "dev")
	joins := fmt.Sprintf("projects = [{ id = %q, role = \"member\" }]", project)
	var invite string
	acctest.Test(t,
		resource.TestStep{
			PreConfig: func() { b.Mark(t) },
			Config:    b.Config(memberConfig("ada@example.com", "reader", joins)),
			Check: resource.ComposeAggregateTestCheckFunc(
				resource.TestCheckResourceAttr(memberAddress, "status", "pending"),
				resource.TestCheckNoResourceAttr(memberAddress, "user_id"),
				resource.TestCheckResourceAttrSet(memberAddress, "invite_expires_at"),
				func(s *terraform.State) error {
					invite = acctest.Value(s, memberAddress, "invite_id")
					// The plan reads whether the person is there. The apply plans again,
					// and reads once more before it invites.
					b.Expect(t, 4, "GET", usersRoute)
					b.Expect(t, 1, "POST", invitesRoute)
					b.Expect(t, 2, "GET", invitesRoute)
					return nil
				},
			),
		},
		acctest.Import(memberAddress, []string{"email"}, "projects"),
		// Another role before the invitation is accepted is another invitation.
		resource.TestStep{
			Config:           b.Config(memberConfig("ada@example.com", "owner", joins)),
			ConfigPlanChecks: acctest.Action(memberAddress, plancheck.ResourceActionUpdate),
			Check: func(s *terraform.State) error {
				previous := invite
				if invite = acctest.Value(s, memberAddress, "invite_id"); invite == previous {
					return fmt.Errorf("the invitation is still %s", invite)
				}
				if status, _ := b.Try(t, "GET", "/organization/invites/"+previous, nil); status != 404 {
					return fmt.Errorf("the previous invitation answers %d", status)
				}
				return nil
			},
		},
		// The person accepts: nothing to do.
		resource.TestStep{
			PreConfig:        func() { b.Do(t, "POST", "/_emulator/invites/"+invite+"/accept", nil, nil) },
			Config:           b.Config(memberConfig("ada@example.com", "owner", joins)),
			ConfigPlanChecks: acctest.Action(memberAddress, plancheck.ResourceActionNoop),
		},
		resource.TestStep{RefreshState: true, Check: resource.ComposeAggregateTestCheckFunc(
			resource.TestCheckResourceAttr(memberAddress, "status", "active"),
			resource.TestCheckResourceAttrSet(memberAddress, "user_id"),
			resource.TestCheckResourceAttr(memberAddress, "name", "ada"),
		)},
		// The role changes in place; projects mean nothing any more.
		resource.TestStep{
			PreConfig:        func() { b.Mark(t) },
			Config:           b.Config(memberConfig("ada@example.com", "reader", "")),
			ConfigPlanChecks: acctest.Action(memberAddress, plancheck.ResourceActionUpdate),
			Check: func(*terraform.State) error {
				b.Expect(t, 1, "POST", userRoute)
				b.Expect(t, 0, "POST", invitesRoute)
				return userHasRole(t, b, "ada@example.com", "reader")
			},
		},
		acctest.Import(memberAddress, []string{"email"}, "invite_id", "invite_expires_at"),
		// Case means nothing.
		resource.TestStep{
			Config: b.Config(memberConfig("Ada@Example.com", "reader", "")),
			Check:  resource.TestCheckResourceAttr(memberAddress, "status", "active"),
		},
	)
	if u := findUser(t, b, "ada@example.com"); u != nil {
		t.Errorf("after destroy %s is still in the organization", u.ID)
	}
}

func TestAccMember_adoptsWhoIsThere(t *testing.T) {
	b := acctest.Start(t)
	id := joinOrganization(t, b, "ada@example.com", "reader")
	acctest.Test(t,
		resource.TestStep{
			PreConfig: func() { b.Mark(t) },
			Config:    b.Config(memberConfig("ADA@example.com", "owner", "")),
			Check: resource.ComposeAggregateTestCheckFunc(
				resource.TestCheckResourceAttr(memberAddress, "status", "active"),
				resource.TestCheckResourceAttr(memberAddress, "user_id", id),
				resource.TestCheckNoResourceAttr(memberAddress, "invite_id"),
				func(*terraform.State) error {
					b.Expect(t, 2, "GET", usersRoute) // in the plan and in the apply
					b.Expect(t, 1, "POST", userRoute)
					b.Expect(t, 0, "POST", invitesRoute)
					return userHasRole(t, b, "ada@example.com", "owner")
				},
			),
		},
		resource.TestStep{
			Config:           b.Config(memberConfig("grace@example.com", "reader", "")),
			ConfigPlanChecks: acctest.Action(memberAddress, plancheck.ResourceActionReplace),
			Check: func(*terraform.State) error {
				if findUser(t, b, "ada@example.com") != nil {
					return fmt.Errorf("the previous person is still in the organization")
				}
				return nil
			},
		},
	)
	var invites struct{ Data []struct{ ID string } }
	b.Do(t, "GET", "/organization/invites", nil, &invites)
	for _, i := range invites.Data {
		if status, _ := b.Try(t, "POST", "/_emulator/invites/"+i.ID+"/accept", nil); status == 200 {
			t.Errorf("after destroy the invitation %s can still be accepted", i.ID)
		}
	}
}

func TestAccMember_adoptsOpenInvitation(t *testing.T) {
	b := acctest.Start(t)
	var same, other struct{ ID string }
	b.Do(t, "POST", "/organization/invites", map[string]string{"email": "ada@example.com", "role": "reader"}, &same)
	b.Do(t, "POST", "/organization/invites", map[string]string{"email": "grace@example.com", "role": "reader"}, &other)
	acctest.Test(t,
		resource.TestStep{
			Config: b.Config(memberConfig("ada@example.com", "reader", "")),
			Check:  resource.TestCheckResourceAttr(memberAddress, "invite_id", same.ID),
		},
		resource.TestStep{
			Config: b.Config(memberConfig("grace@example.com", "owner", "")),
			Check: func(s *terraform.State) error {
				if acctest.Value(s, memberAddress, "invite_id") == other.ID {
					return fmt.Errorf("an invitation with another role was adopted")
				}
				return nil
			},
		},
	)
}

func TestAccMember_invitesAgainAfterExpiry(t *testing.T) {
	b := acctest.Start(t)
	config := b.Config(memberConfig("ada@example.com", "reader", ""))
	var invite string
	acctest.Test(t,
		resource.TestStep{Config: config, Check: func(s *terraform.State) error {
			invite = acctest.Value(s, memberAddress, "invite_id")
			return nil
		}},
		resource.TestStep{
			PreConfig:        func() { b.Do(t, "POST", "/_emulator/invites/"+invite+"/expire", nil, nil) },
			Config:           config,
			ConfigPlanChecks: acctest.Action(memberAddress, plancheck.ResourceActionUpdate),
			Check: resource.ComposeAggregateTestCheckFunc(
				resource.TestCheckResourceAttr(memberAddress, "status", "pending"),
				func(s *terraform.State) error {
					if acctest.Value(s, memberAddress, "invite_id") == invite {
						return fmt.Errorf("no new invitation was sent")
					}
					return nil
				},
			),
		},
	)
}

func TestAccMember_disappearsAndDrifts(t *testing.T) {
	b := acctest.Start(t)
	id := joinOrganization(t, b, "ada@example.com", "reader")
	config := b.Config(memberConfig("ada@example.com", "reader", ""))
	var invite string
	acctest.Test(t,
		resource.TestStep{Config: config},
		resource.TestStep{
			PreConfig:        func() { b.Do(t, "POST", "/organization/users/"+id, map[string]string{"role": "owner"}, nil) },
			Config:           config,
			ConfigPlanChecks: acctest.Action(memberAddress, plancheck.ResourceActionUpdate),
			Check:            func(*terraform.State) error { return userHasRole(t, b, "ada@example.com", "reader") },
		},
		resource.TestStep{
			PreConfig:        func() { b.Do(t, "DELETE", "/organization/users/"+id, nil, nil) },
			Config:           config,
			ConfigPlanChecks: acctest.Action(memberAddress, plancheck.ResourceActionCreate),
			Check: func(s *terraform.State) error {
				invite = acctest.Value(s, memberAddress, "invite_id")
				return resource.TestCheckResourceAttr(memberAddress, "status", "pending")(s)
			},
		},
		resource.TestStep{
			PreConfig:        func() { b.Do(t, "DELETE", "/organization/invites/"+invite, nil, nil) },
			Config:           config,
			ConfigPlanChecks: acctest.Action(memberAddress, plancheck.ResourceActionCreate),
		},
	)
}

func TestAccMember_lastOwnerStays(t *testing.T) {
	b := acctest.Start(t)
	owner := b.Config(memberConfig("owner@example.com", "owner", ""))
	released := b.Config("removed {\n  from = openai_organization_member.test\n  lifecycle {\n    destroy = false\n  }\n}\n")
	refusal := acctest.Message("owner@example.com is the only owner of the organization")
	acctest.Test(t,
		resource.TestStep{Config: owner},
		resource.TestStep{Config: b.Config(memberConfig("owner@example.com", "reader", "")), PlanOnly: true, ExpectError: refusal},
		resource.TestStep{Config: b.Config(""), PlanOnly: true, ExpectError: refusal},
		// A second owner makes it possible.
		resource.TestStep{
			PreConfig: func() { joinOrganization(t, b, "second@example.com", "owner") },
			Config:    b.Config(memberConfig("owner@example.com", "reader", "")),
			PlanOnly:  true, ExpectNonEmptyPlan: true,
		},
		resource.TestStep{Config: released},
	)
	if err := userHasRole(t, b, "owner@example.com", "owner"); err != nil {
		t.Error(err)
	}
}

func TestAccMember_managedByTheIdentityProvider(t *testing.T) {
	b := startWithSCIM(t)
	refusal := acctest.Message("scim@example.com is managed through SCIM")
	b.Mark(t)
	acctest.Test(t,
		resource.TestStep{Config: b.Config(memberConfig("scim@example.com", "owner", "")), ExpectError: refusal},
		resource.TestStep{Config: b.Config(memberConfig("scim@example.com", "reader", ""))},
		resource.TestStep{Config: b.Config(memberConfig("scim@example.com", "owner", "")), PlanOnly: true, ExpectError: refusal},
		resource.TestStep{Config: b.Config(memberConfig("member@example.com", "reader", "")), PlanOnly: true, ExpectError: refusal},
		resource.TestStep{Config: b.Config(""), PlanOnly: true, ExpectError: refusal},
		resource.TestStep{Config: b.Config("removed {\n  from = openai_organization_member.test\n  lifecycle {\n    destroy = false\n  }\n}\n")},
	)
	b.ExpectWrites(t, 0)
}

func TestAccMember_invalidConfiguration(t *testing.T) {
	b := acctest.Start(t)
	acctest.Refused(t, b, map[string]struct{ HCL, Message string }{
		"no address":   {memberConfig("ada", "reader", ""), `email must be an e-mail address such as ada@example.com, got "ada"`},
		"display name": {memberConfig("Ada <ada@example.com>", "reader", ""), "must be an e-mail address"},
		"unknown role": {memberConfig("ada@example.com", "admin", ""), `role value must be one of: ["owner" "reader"]`},
		"project role": {memberConfig("ada@example.com", "reader", `projects = [{ id = "proj_1", role = "reader" }]`), `value must be one of: ["member" "owner"]`},
	})
}

// The plan of a create says once what destroying the resource does.
func TestMember_adoptsPendingInvitation(t *testing.T) {
	b := acctest.Start(t)
	var pending struct{ ID string }
	b.Do(t, "POST", "/organization/invites", map[string]string{"email": "ada@example.com", "role": "reader"}, &pending)
	for role, detail := range map[string]string{
		"reader": "manages it.\n\nDestroying the resource withdraws the invitation, or removes the person once it was accepted.\n\n",
		"owner":  "The pending invitation " + pending.ID + " is withdrawn, and another one is sent. Destroying the resource withdraws the invitation, or removes the person once it was accepted.\n\n",
	} {
		d := acctest.NewDriver(t, b.URL, b.AdminKey, acctest.NewClock(), map[string]any{"suppress_warnings": []string{"owner_granted"}})
		found := d.Warnings(t, "openai_organization_member", nil, map[string]any{"email": "Ada@example.com", "role": role})
		if len(found) != 1 || !strings.Contains(found[0].Summary, "pending invitation of Ada@example.com") || !strings.Contains(found[0].Detail, detail) {
			t.Errorf("%s: %+v", role, found)
		}
	}
}
