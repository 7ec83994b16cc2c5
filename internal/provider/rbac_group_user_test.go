package provider_test

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
)

const groupUserAddress = "openai_group_user.test"

func groupUserConfig(group, user string) string {
	return resourceConfig("group_user", fmt.Sprintf("group_id = %q\nuser_id = %q", group, user))
}

func TestAccGroupUser_lifecycle(t *testing.T) {
	b := startWithGroups(t)
	path := groupsPath + "/" + supportGroup + "/users/"
	config := b.Config(groupUserConfig(supportGroup, memberID))
	acctest.Test(t,
		resource.TestStep{
			PreConfig: func() { b.Mark(t) },
			Config:    config,
			Check: func(*terraform.State) error {
				b.ExpectWrites(t, 1)
				b.Expect(t, 1, "POST", "/v1/organization/groups/{group_id}/users")
				return nil
			},
		},
		acctest.Import(groupUserAddress, []string{"group_id", "user_id"}),
		resource.TestStep{
			PreConfig:        func() { b.Do(t, "DELETE", path+memberID, nil, nil) },
			Config:           config,
			ConfigPlanChecks: acctest.Action(groupUserAddress, plancheck.ResourceActionCreate),
		},
		// A service account is a member as people are.
		resource.TestStep{
			Config:           b.Config(groupUserConfig(supportGroup, botAccount)),
			ConfigPlanChecks: acctest.Action(groupUserAddress, plancheck.ResourceActionReplace),
			Check:            func(*terraform.State) error { expectNotFound(t, b, path+memberID); return nil },
		},
		resource.TestStep{
			PreConfig:        func() { b.Do(t, "DELETE", groupsPath+"/"+supportGroup, nil, nil) },
			Config:           b.Config(groupUserConfig(crewGroup, botAccount)),
			ConfigPlanChecks: acctest.Action(groupUserAddress, plancheck.ResourceActionCreate),
		},
	)
	expectNotFound(t, b, groupsPath+"/"+crewGroup+"/users/"+botAccount)
}

func TestAccGroupUser_adoptsWhoIsThere(t *testing.T) {
	b := startWithGroups(t)
	b.Do(t, "POST", groupsPath+"/"+supportGroup+"/users", map[string]string{"user_id": memberID}, nil)
	acctest.Test(t, resource.TestStep{Config: b.Config(groupUserConfig(supportGroup, memberID)), Check: resource.TestCheckResourceAttr(groupUserAddress, "user_id", memberID)})
}

func TestAccGroupUser_managedByTheIdentityProvider(t *testing.T) {
	b := startWithGroups(t)
	const message = `Group "Staff" (group_scim) is managed through SCIM`
	b.Mark(t)
	acctest.Test(t,
		resource.TestStep{Config: b.Config(groupUserConfig(scimGroup, ownerID)), PlanOnly: true, ExpectError: acctest.Message(message)},
		resource.TestStep{Config: b.Config(importBlock(groupUserAddress, scimGroup+"/"+memberID, groupUserConfig(scimGroup, memberID)))},
		resource.TestStep{Config: b.Config(""), PlanOnly: true, ExpectError: acctest.Message(message)},
		resource.TestStep{Config: b.Config(groupUserConfig(supportGroup, memberID)), PlanOnly: true, ExpectError: acctest.Message(message)},
		resource.TestStep{Config: b.Config(removedBlock(groupUserAddress))},
	)
	b.ExpectWrites(t, 0)
}

func TestAccGroupUser_invalidConfiguration(t *testing.T) {
	b := startWithGroups(t)
	acctest.Refused(t, b, map[string]struct{ HCL, Message string }{
		"no group": {groupUserConfig("", memberID), "group_id must not be empty"},
		"a path":   {groupUserConfig(supportGroup, "a/b"), "user_id is no valid id"},
	})
	acctest.Test(t, resource.TestStep{Config: b.Config(groupUserConfig(supportGroup, "user-none")), ExpectError: acctest.Message("No such user: user-none")})
}
