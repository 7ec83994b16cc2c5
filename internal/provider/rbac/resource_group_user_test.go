package rbac_test

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
)

const groupUserAddress = "openai_group_user.test"

func groupUser(group, user string) string {
	return hcl("group_user", fmt.Sprintf("group_id = %q\nuser_id = %q", group, user))
}

func TestAccGroupUser_lifecycle(t *testing.T) {
	b := start(t)
	path := groupsPath + "/" + support + "/users/"
	config := b.Config(groupUser(support, member))
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
			PreConfig:        func() { b.Do(t, "DELETE", path+member, nil, nil) },
			Config:           config,
			ConfigPlanChecks: acctest.Action(groupUserAddress, plancheck.ResourceActionCreate),
		},
		// A service account is a member as people are.
		resource.TestStep{
			Config:           b.Config(groupUser(support, bot)),
			ConfigPlanChecks: acctest.Action(groupUserAddress, plancheck.ResourceActionReplace),
			Check:            func(*terraform.State) error { gone(t, b, path+member); return nil },
		},
		resource.TestStep{
			PreConfig:        func() { b.Do(t, "DELETE", groupsPath+"/"+support, nil, nil) },
			Config:           b.Config(groupUser(crew, bot)),
			ConfigPlanChecks: acctest.Action(groupUserAddress, plancheck.ResourceActionCreate),
		},
	)
	gone(t, b, groupsPath+"/"+crew+"/users/"+bot)
}

func TestAccGroupUser_adoptsWhoIsThere(t *testing.T) {
	b := start(t)
	b.Do(t, "POST", groupsPath+"/"+support+"/users", map[string]string{"user_id": member}, nil)
	acctest.Test(t, resource.TestStep{Config: b.Config(groupUser(support, member)), Check: resource.TestCheckResourceAttr(groupUserAddress, "user_id", member)})
}

func TestAccGroupUser_managedByTheIdentityProvider(t *testing.T) {
	b := start(t)
	const message = `Group "Staff" (group_scim) is managed through SCIM`
	b.Mark(t)
	acctest.Test(t,
		resource.TestStep{Config: b.Config(groupUser(scim, owner)), PlanOnly: true, ExpectError: acctest.Message(message)},
		resource.TestStep{Config: b.Config(imported(groupUserAddress, scim+"/"+member, groupUser(scim, member)))},
		resource.TestStep{Config: b.Config(""), PlanOnly: true, ExpectError: acctest.Message(message)},
		resource.TestStep{Config: b.Config(groupUser(support, member)), PlanOnly: true, ExpectError: acctest.Message(message)},
		resource.TestStep{Config: b.Config(released(groupUserAddress))},
	)
	b.ExpectWrites(t, 0)
}

func TestAccGroupUser_badInput(t *testing.T) {
	b := start(t)
	acctest.Refused(t, b, map[string]struct{ HCL, Message string }{
		"no group": {groupUser("", member), "group_id must not be empty"},
		"a path":   {groupUser(support, "a/b"), "user_id is no valid id"},
	})
	acctest.Test(t, resource.TestStep{Config: b.Config(groupUser(support, "user-none")), ExpectError: acctest.Message("No such user: user-none")})
}
