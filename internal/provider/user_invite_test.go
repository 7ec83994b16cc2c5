package provider_test

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
)

const inviteAddress = "openai_invite.test"

func inviteConfig(email, role, more string) string {
	return fmt.Sprintf("resource \"openai_invite\" \"test\" {\n  email = %q\n  role = %q\n  %s\n}\n", email, role, more)
}

func TestAccInvite_lifecycle(t *testing.T) {
	b := acctest.Start(t)
	project := b.Project(t, "dev")
	joins := fmt.Sprintf("projects = [{ id = %q, role = \"owner\" }]", project)
	var id string
	acctest.Test(t,
		resource.TestStep{
			PreConfig: func() { b.Mark(t) },
			Config:    b.Config(inviteConfig("ada@example.com", "reader", joins)),
			Check: resource.ComposeAggregateTestCheckFunc(
				acctest.TakeID(inviteAddress, &id),
				resource.TestCheckResourceAttr(inviteAddress, "status", "pending"),
				resource.TestCheckResourceAttrSet(inviteAddress, "expires_at"),
				resource.TestCheckNoResourceAttr(inviteAddress, "accepted_at"),
				func(*terraform.State) error {
					b.ExpectWrites(t, 1)
					b.Expect(t, 1, "POST", invitesRoute)
					return nil
				},
			),
		},
		acctest.Import(inviteAddress, []string{"invite_id"}),
		resource.TestStep{
			Config:           b.Config(inviteConfig("Ada@example.com", "reader", joins)), // the same person
			ConfigPlanChecks: acctest.Action(inviteAddress, plancheck.ResourceActionNoop),
			Check:            resource.TestCheckResourceAttrPtr(inviteAddress, "id", &id),
		},
		resource.TestStep{
			Config:           b.Config(inviteConfig("ada@example.com", "owner", joins)),
			ConfigPlanChecks: acctest.Action(inviteAddress, plancheck.ResourceActionReplace),
		},
		resource.TestStep{
			Config:           b.Config(inviteConfig("ada@example.com", "owner", "projects = []")),
			ConfigPlanChecks: acctest.Action(inviteAddress, plancheck.ResourceActionReplace),
			Check:            acctest.TakeID(inviteAddress, &id),
		},
	)
	if status, _ := b.Try(t, "GET", "/organization/invites/"+id, nil); status != 404 {
		t.Errorf("after destroy the invitation answers %d", status)
	}
}

func TestAccInvite_acceptedIsNoDifference(t *testing.T) {
	b := acctest.Start(t)
	config := b.Config(inviteConfig("ada@example.com", "reader", ""))
	var id string
	acctest.Test(t,
		resource.TestStep{Config: config, Check: acctest.TakeID(inviteAddress, &id)},
		resource.TestStep{
			PreConfig:        func() { b.Do(t, "POST", "/_emulator/invites/"+id+"/accept", nil, nil) },
			Config:           config,
			ConfigPlanChecks: acctest.Action(inviteAddress, plancheck.ResourceActionNoop),
		},
		resource.TestStep{RefreshState: true, Check: resource.ComposeAggregateTestCheckFunc(
			resource.TestCheckResourceAttr(inviteAddress, "status", "accepted"),
			resource.TestCheckResourceAttrSet(inviteAddress, "accepted_at"),
		)},
	)
	if err := userHasRole(t, b, "ada@example.com", "reader"); err != nil {
		t.Errorf("after destroy of the invitation: %v", err)
	}
}

func TestAccInvite_disappears(t *testing.T) {
	b := acctest.Start(t)
	config := b.Config(inviteConfig("ada@example.com", "reader", ""))
	var id string
	acctest.Test(t,
		resource.TestStep{Config: config, Check: acctest.TakeID(inviteAddress, &id)},
		resource.TestStep{
			PreConfig:        func() { b.Do(t, "DELETE", "/organization/invites/"+id, nil, nil) },
			Config:           config,
			ConfigPlanChecks: acctest.Action(inviteAddress, plancheck.ResourceActionCreate),
		},
		resource.TestStep{
			Config:           b.Config(inviteConfig("grace@example.com", "reader", "")),
			ConfigPlanChecks: acctest.Action(inviteAddress, plancheck.ResourceActionReplace),
		},
	)
}

func TestAccInvite_invalidConfiguration(t *testing.T) {
	b := acctest.Start(t)
	acctest.Refused(t, b, map[string]struct{ HCL, Message string }{
		"no address":   {inviteConfig("ada@localhost", "reader", ""), "must be an e-mail address"},
		"unknown role": {inviteConfig("ada@example.com", "member", ""), `role value must be one of: ["owner" "reader"]`},
	})
	acctest.Test(t, resource.TestStep{
		Config:      b.Config(inviteConfig("member@example.com", "reader", "")),
		ExpectError: acctest.Message("User member@example.com already exists in organization"),
	})
}
