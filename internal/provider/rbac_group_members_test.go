package provider_test

import (
	"fmt"
	"net/http"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/store"
)

const groupMembersAddress = "openai_group_members.test"

func groupMembersConfig(group string, members ...string) string {
	return resourceConfig("group_members", fmt.Sprintf("group_id = %q\nmembers = [%s]", group, quoted(members)))
}

// groupHasMembers asserts who is in the group.
func groupHasMembers(t *testing.T, b *acctest.Backend, group string, ids ...string) resource.TestCheckFunc {
	return func(*terraform.State) error {
		found := listField(t, b, groupsPath+"/"+group+"/users?order=asc", "id")
		slices.Sort(found)
		slices.Sort(ids)
		if !slices.Equal(found, ids) {
			return fmt.Errorf("the group holds %q, expected %q", found, ids)
		}
		return nil
	}
}

func TestAccGroupMembers_lifecycle(t *testing.T) {
	b := startWithGroups(t)
	users := groupsPath + "/" + supportGroup + "/users"
	b.Do(t, "POST", users, map[string]string{"user_id": botAccount}, nil)
	both := b.Config(groupMembersConfig(supportGroup, "Member@example.com", ownerID))
	acctest.Test(t,
		// A create only adds; the next plan shows who will be removed.
		resource.TestStep{
			PreConfig:          func() { b.Mark(t) },
			Config:             both,
			ExpectNonEmptyPlan: true,
			Check: resource.ComposeAggregateTestCheckFunc(groupHasMembers(t, b, supportGroup, memberID, ownerID, botAccount), func(*terraform.State) error {
				b.ExpectWrites(t, 2)
				return nil
			}),
		},
		resource.TestStep{
			PreConfig:        func() { b.Mark(t) },
			Config:           both,
			ConfigPlanChecks: acctest.Action(groupMembersAddress, plancheck.ResourceActionUpdate),
			Check: resource.ComposeAggregateTestCheckFunc(groupHasMembers(t, b, supportGroup, memberID, ownerID), func(*terraform.State) error {
				b.ExpectWrites(t, 1)
				return nil
			}),
		},
		// The same people under other names are no change.
		resource.TestStep{
			Config:           b.Config(groupMembersConfig(supportGroup, "member@example.com", "owner@example.com")),
			ConfigPlanChecks: acctest.Action(groupMembersAddress, plancheck.ResourceActionNoop),
		},
		resource.TestStep{
			PreConfig:        func() { b.Do(t, "POST", users, map[string]string{"user_id": botAccount}, nil) },
			Config:           both,
			ConfigPlanChecks: acctest.Action(groupMembersAddress, plancheck.ResourceActionUpdate),
			Check:            groupHasMembers(t, b, supportGroup, memberID, ownerID),
		},
		resource.TestStep{
			PreConfig:        func() { b.Do(t, "DELETE", users+"/"+ownerID, nil, nil) },
			Config:           both,
			ConfigPlanChecks: acctest.Action(groupMembersAddress, plancheck.ResourceActionUpdate),
			Check:            groupHasMembers(t, b, supportGroup, memberID, ownerID),
		},
		// A member is added before others are removed.
		resource.TestStep{Config: b.Config(groupMembersConfig(supportGroup, botAccount)), Check: resource.ComposeAggregateTestCheckFunc(
			groupHasMembers(t, b, supportGroup, botAccount), func(*terraform.State) error { return lastWriteIsDelete(t, b) })},
		acctest.Import(groupMembersAddress, []string{"group_id"}),
		resource.TestStep{Config: b.Config(groupMembersConfig(supportGroup)), Check: groupHasMembers(t, b, supportGroup)},
		resource.TestStep{
			Config:           b.Config(groupMembersConfig(crewGroup, botAccount)),
			ConfigPlanChecks: acctest.Action(groupMembersAddress, plancheck.ResourceActionReplace),
			Check:            groupHasMembers(t, b, crewGroup, botAccount),
		},
	)
	if err := groupHasMembers(t, b, crewGroup)(nil); err != nil {
		t.Errorf("after destroy: %v", err)
	}
}

// lastWriteIsDelete asserts that the last write removed a user from a group.
func lastWriteIsDelete(t *testing.T, b *acctest.Backend) error {
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
	b := startWithGroups(t)
	acctest.Test(t,
		resource.TestStep{Config: b.Config(groupMembersConfig(supportGroup, botAccount))},
		resource.TestStep{
			PreConfig:          func() { b.Do(t, "DELETE", groupsPath+"/"+supportGroup, nil, nil) },
			Config:             b.Config(groupMembersConfig(supportGroup, botAccount)),
			PlanOnly:           true,
			ExpectNonEmptyPlan: true,
		},
	)
}

func TestAccGroupMembers_managedByTheIdentityProvider(t *testing.T) {
	b := startWithGroups(t)
	const message = `Group "Staff" (group_scim) is managed through SCIM`
	b.Mark(t)
	acctest.Test(t,
		resource.TestStep{Config: b.Config(groupMembersConfig(scimGroup, "owner@example.com")), PlanOnly: true, ExpectError: acctest.Message(message)},
		resource.TestStep{
			Config: b.Config(importBlock(groupMembersAddress, scimGroup, groupMembersConfig(scimGroup, "member@example.com"))),
			Check:  resource.TestCheckTypeSetElemAttr(groupMembersAddress, "members.*", "member@example.com"),
		},
		resource.TestStep{Config: b.Config(groupMembersConfig(scimGroup)), PlanOnly: true, ExpectError: acctest.Message(message)},
		resource.TestStep{Config: b.Config(removedBlock(groupMembersAddress))},
	)
	b.ExpectWrites(t, 0)
}

func TestAccGroupMembers_invalidConfiguration(t *testing.T) {
	b := startWithGroups(t)
	acctest.Refused(t, b, map[string]struct{ HCL, Message string }{
		"no address": {groupMembersConfig(supportGroup, "ada@"), "must be an e-mail address"},
		"no id":      {groupMembersConfig(supportGroup, "a/b"), "is no valid id"},
		"empty":      {groupMembersConfig(supportGroup, ""), "must not be empty"},
	})
	b.Mark(t)
	acctest.Test(t, resource.TestStep{
		Config:      b.Config(groupMembersConfig(supportGroup, "member@example.com", "unknown@example.com")),
		ExpectError: acctest.Message("unknown@example.com is not a member of the organization, so nothing was changed"),
	})
	b.ExpectWrites(t, 0)
}
