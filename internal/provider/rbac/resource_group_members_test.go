package rbac_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/store"
)

const membersAddress = "openai_group_members.test"

func groupMembers(group string, members ...string) string {
	quoted := make([]string, len(members))
	for i, m := range members {
		quoted[i] = fmt.Sprintf("%q", m)
	}
	return hcl("group_members", fmt.Sprintf("group_id = %q\nmembers = [%s]", group, strings.Join(quoted, ", ")))
}

// holds asserts who is in the group.
func holds(t *testing.T, b *acctest.Backend, group string, ids ...string) resource.TestCheckFunc {
	return func(*terraform.State) error {
		found := listed(t, b, groupsPath+"/"+group+"/users?order=asc", "id")
		slices.Sort(found)
		slices.Sort(ids)
		if !slices.Equal(found, ids) {
			return fmt.Errorf("the group holds %q, expected %q", found, ids)
		}
		return nil
	}
}

func TestAccGroupMembers_lifecycle(t *testing.T) {
	b := start(t)
	users := groupsPath + "/" + support + "/users"
	b.Do(t, "POST", users, map[string]string{"user_id": bot}, nil)
	both := b.Config(groupMembers(support, "Member@example.com", owner))
	acctest.Test(t,
		// A create only adds; the next plan shows who will be removed.
		resource.TestStep{
			PreConfig:          func() { b.Mark(t) },
			Config:             both,
			ExpectNonEmptyPlan: true,
			Check: resource.ComposeAggregateTestCheckFunc(holds(t, b, support, member, owner, bot), func(*terraform.State) error {
				b.ExpectWrites(t, 2)
				return nil
			}),
		},
		resource.TestStep{
			PreConfig:        func() { b.Mark(t) },
			Config:           both,
			ConfigPlanChecks: acctest.Action(membersAddress, plancheck.ResourceActionUpdate),
			Check: resource.ComposeAggregateTestCheckFunc(holds(t, b, support, member, owner), func(*terraform.State) error {
				b.ExpectWrites(t, 1)
				return nil
			}),
		},
		// The same people under other names are no change.
		resource.TestStep{
			Config:           b.Config(groupMembers(support, "member@example.com", "owner@example.com")),
			ConfigPlanChecks: acctest.Action(membersAddress, plancheck.ResourceActionNoop),
		},
		resource.TestStep{
			PreConfig:        func() { b.Do(t, "POST", users, map[string]string{"user_id": bot}, nil) },
			Config:           both,
			ConfigPlanChecks: acctest.Action(membersAddress, plancheck.ResourceActionUpdate),
			Check:            holds(t, b, support, member, owner),
		},
		resource.TestStep{
			PreConfig:        func() { b.Do(t, "DELETE", users+"/"+owner, nil, nil) },
			Config:           both,
			ConfigPlanChecks: acctest.Action(membersAddress, plancheck.ResourceActionUpdate),
			Check:            holds(t, b, support, member, owner),
		},
		// A member is added before others are removed.
		resource.TestStep{Config: b.Config(groupMembers(support, bot)), Check: resource.ComposeAggregateTestCheckFunc(
			holds(t, b, support, bot), func(*terraform.State) error { return lastIsRemoval(t, b) })},
		acctest.Import(membersAddress, []string{"group_id"}),
		resource.TestStep{Config: b.Config(groupMembers(support)), Check: holds(t, b, support)},
		resource.TestStep{
			Config:           b.Config(groupMembers(crew, bot)),
			ConfigPlanChecks: acctest.Action(membersAddress, plancheck.ResourceActionReplace),
			Check:            holds(t, b, crew, bot),
		},
	)
	if err := holds(t, b, crew)(nil); err != nil {
		t.Errorf("after destroy: %v", err)
	}
}

// lastIsRemoval asserts that the last write took somebody out of a group.
func lastIsRemoval(t *testing.T, b *acctest.Backend) error {
	entries, err := b.Emulator.Journal(0)
	if err != nil {
		t.Fatal(err)
	}
	entries = slices.DeleteFunc(entries, func(e store.JournalEntry) bool { return e.Method == http.MethodGet })
	if last := entries[len(entries)-1]; last.Method != http.MethodDelete {
		return fmt.Errorf("the last write is %s %s", last.Method, last.Path)
	}
	return nil
}

func TestAccGroupMembers_disappears(t *testing.T) {
	b := start(t)
	acctest.Test(t,
		resource.TestStep{Config: b.Config(groupMembers(support, bot))},
		resource.TestStep{
			PreConfig:          func() { b.Do(t, "DELETE", groupsPath+"/"+support, nil, nil) },
			Config:             b.Config(groupMembers(support, bot)),
			PlanOnly:           true,
			ExpectNonEmptyPlan: true,
		},
	)
}

func TestAccGroupMembers_managedByTheIdentityProvider(t *testing.T) {
	b := start(t)
	const message = `Group "Staff" (group_scim) is managed through SCIM`
	b.Mark(t)
	acctest.Test(t,
		resource.TestStep{Config: b.Config(groupMembers(scim, "owner@example.com")), PlanOnly: true, ExpectError: acctest.Message(message)},
		resource.TestStep{
			Config: b.Config(imported(membersAddress, scim, groupMembers(scim, "member@example.com"))),
			Check:  resource.TestCheckTypeSetElemAttr(membersAddress, "members.*", "member@example.com"),
		},
		resource.TestStep{Config: b.Config(groupMembers(scim)), PlanOnly: true, ExpectError: acctest.Message(message)},
		resource.TestStep{Config: b.Config(released(membersAddress))},
	)
	b.ExpectWrites(t, 0)
}

func TestAccGroupMembers_badInput(t *testing.T) {
	b := start(t)
	acctest.Refused(t, b, map[string]struct{ HCL, Message string }{
		"no address": {groupMembers(support, "ada@"), "must be an e-mail address"},
		"no id":      {groupMembers(support, "a/b"), "is no valid id"},
		"empty":      {groupMembers(support, ""), "must not be empty"},
	})
	b.Mark(t)
	acctest.Test(t, resource.TestStep{
		Config:      b.Config(groupMembers(support, "member@example.com", "nobody@example.com")),
		ExpectError: acctest.Message("nobody@example.com is not a member of the organization, so nothing was changed"),
	})
	b.ExpectWrites(t, 0)
}
