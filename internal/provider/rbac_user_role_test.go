package provider_test

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
)

const (
	userRoleAddress = "openai_user_role.test"
	ownerRole       = "role-api-organization-owner"
	readerRole      = "role-api-organization-reader"
)

func userRoleConfig(user, role string) string {
	return resourceConfig("user_role", fmt.Sprintf("user_id = %q\nrole_id = %q", user, role))
}

func userRolesPath(user string) string { return "/organization/users/" + user + "/roles" }

func TestAccUserRole_lastOwnerStays(t *testing.T) {
	b := startWithGroups(t)
	const long = ownerRole + "__api-organization__org-emulator"
	refusal := acctest.Message(ownerID + " is the only owner of the organization")
	acctest.Test(t,
		resource.TestStep{Config: b.Config(userRoleConfig(ownerID, long))},
		resource.TestStep{PreConfig: func() { b.Mark(t) }, Config: b.Config(userRoleConfig(ownerID, readerRole)), PlanOnly: true, ExpectError: refusal},
		resource.TestStep{Config: b.Config(userRoleConfig(memberID, ownerRole)), PlanOnly: true, ExpectError: refusal},
		resource.TestStep{Config: b.Config(""), PlanOnly: true, ExpectError: refusal},
		// A replacement that is forced is no change of the configuration, so that
		// only the apply can refuse it.
		resource.TestStep{Taint: []string{userRoleAddress}, Config: b.Config(userRoleConfig(ownerID, long)), ExpectError: refusal},
		resource.TestStep{
			PreConfig: func() {
				b.ExpectWrites(t, 0)
				b.Do(t, "POST", "/organization/users/"+memberID, map[string]string{"role": "owner"}, nil)
			},
			Config:           b.Config(userRoleConfig(ownerID, readerRole)),
			ConfigPlanChecks: acctest.Action(userRoleAddress, plancheck.ResourceActionReplace),
		},
		// A reader comes and goes.
		resource.TestStep{Config: b.Config("")},
	)
	expectNotFound(t, b, userRolesPath(ownerID)+"/"+ownerRole)
}

// Two owners who leave in one run do not rely on each other.
func TestAccUserRole_lastOwnersStayTogether(t *testing.T) {
	b := startWithGroups(t)
	b.Do(t, "POST", "/organization/users/"+memberID, map[string]string{"role": "owner"}, nil)
	both := fmt.Sprintf("resource \"openai_user_role\" \"test\" {\n  for_each = toset([%q, %q])\n  user_id  = each.key\n  role_id  = %q\n}\n", ownerID, memberID, ownerRole)
	acctest.Test(t,
		resource.TestStep{Config: b.Config(both)},
		resource.TestStep{Config: b.Config(""), ExpectError: acctest.Message("is the only owner of the organization")},
		resource.TestStep{
			PreConfig: func() {
				if left := len(listField(t, b, userRolesPath(ownerID), "id")) + len(listField(t, b, userRolesPath(memberID), "id")); left != 1 {
					t.Errorf("%d owners are left", left)
				}
			},
			Config: b.Config(removedBlock("openai_user_role.test")),
		},
	)
}

// The organization role of a user of the identity provider stays; other roles are
// not restricted.
func TestAccUserRole_managedByTheIdentityProvider(t *testing.T) {
	b := startWithGroups(t)
	refusal := acctest.Message("scim@example.com is managed through SCIM")
	b.Do(t, "POST", userRolesPath(scimUser), map[string]string{"role_id": readerRole}, nil)
	var custom struct{ ID string }
	b.Do(t, "POST", "/organization/roles", map[string]any{"role_name": "Caller", "permissions": []string{"api.model.request"}}, &custom)
	b.Mark(t)
	acctest.Test(t,
		resource.TestStep{Config: b.Config(userRoleConfig(scimUser, ownerRole)), PlanOnly: true, ExpectError: refusal},
		resource.TestStep{Config: b.Config(importBlock(userRoleAddress, scimUser+"/"+readerRole, userRoleConfig(scimUser, readerRole)))},
		resource.TestStep{Config: b.Config(userRoleConfig(scimUser, custom.ID)), PlanOnly: true, ExpectError: refusal},
		resource.TestStep{Config: b.Config(userRoleConfig(memberID, readerRole)), PlanOnly: true, ExpectError: refusal},
		resource.TestStep{Config: b.Config(""), PlanOnly: true, ExpectError: refusal},
		resource.TestStep{Config: b.Config(removedBlock(userRoleAddress))},
		resource.TestStep{PreConfig: func() { b.ExpectWrites(t, 0) }, Config: b.Config(userRoleConfig(scimUser, custom.ID))},
	)
	b.ExpectWrites(t, 2)
}

// Groups of the identity provider are there to be given roles, in the
// organization and in projects; that changes nothing of them.
func TestAccGroupsOfTheIdentityProvider_areGivenRoles(t *testing.T) {
	b := startWithGroups(t)
	inProject := fmt.Sprintf("project_id = %q\ngroup_id = %q\n", devProject, scimGroup)
	b.Mark(t)
	acctest.Test(t, resource.TestStep{
		Config: b.Config(resourceConfig("group_role", fmt.Sprintf("group_id = %q\nrole_id = %q", scimGroup, readerRole)) +
			resourceConfig("project_group", inProject+`role = "role-api-project-member"`) +
			resourceConfig("project_group_role", inProject+"role_id = \"role-api-project-viewer\"\ndepends_on = [openai_project_group.test]") +
			resourceConfig("project_user_role", fmt.Sprintf("project_id = %q\nuser_id = %q\nrole_id = \"role-api-project-viewer\"", devProject, scimUser))),
		Check: resource.TestCheckResourceAttr("openai_project_group.test", "group_name", "Staff"),
	})
	b.ExpectWrites(t, 8)
}
