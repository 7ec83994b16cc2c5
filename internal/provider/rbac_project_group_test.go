package provider_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
)

const (
	projectGroupAddress   = "openai_project_group.test"
	projectGroupsPath     = "/organization/projects/" + devProject + "/groups"
	projectGroupRolesPath = "/projects/" + devProject + "/groups/" + supportGroup + "/roles"

	projectOwnerRole, projectMemberRole, projectViewerRole = "role-api-project-owner", "role-api-project-member", "role-api-project-viewer"
)

func projectGroupConfig(group, role string) string {
	return resourceConfig("project_group", fmt.Sprintf("project_id = %q\ngroup_id = %q\nrole = %q", devProject, group, role))
}

// projectGroupHasRoles asserts the names of the group's roles in the project.
func projectGroupHasRoles(t *testing.T, b *acctest.Backend, names ...string) resource.TestCheckFunc {
	return func(*terraform.State) error {
		if found := listField(t, b, projectGroupRolesPath, "name"); !slices.Equal(found, names) {
			return fmt.Errorf("the roles are %q, expected %q", found, names)
		}
		return nil
	}
}

func TestAccProjectGroup_lifecycle(t *testing.T) {
	b := startWithGroups(t)
	asMember := b.Config(projectGroupConfig(supportGroup, projectMemberRole))
	remove := func(role string) { b.Do(t, "DELETE", projectGroupRolesPath+"/"+role, nil, nil) }
	give := func(role string) { b.Do(t, "POST", projectGroupRolesPath, map[string]string{"role_id": role}, nil) }
	acctest.Test(t,
		resource.TestStep{
			PreConfig: func() { b.Mark(t) },
			Config:    asMember,
			Check: resource.ComposeAggregateTestCheckFunc(
				resource.TestCheckResourceAttr(projectGroupAddress, "group_name", "Support"),
				resource.TestCheckResourceAttr(projectGroupAddress, "group_type", "group"),
				resource.TestCheckResourceAttrSet(projectGroupAddress, "created_at"),
				func(*terraform.State) error {
					b.ExpectWrites(t, 1)
					b.Expect(t, 1, "POST", "/v1/organization/projects/{project_id}/groups")
					return nil
				},
			),
		},
		resource.TestStep{
			Config:           b.Config(projectGroupConfig(supportGroup, projectMemberRole+"__api-project__"+devProject)),
			ConfigPlanChecks: acctest.Action(projectGroupAddress, plancheck.ResourceActionNoop),
		},
		importProjectGroup("role"),
		importProjectGroup(""),
		// The new role comes before the previous one goes.
		resource.TestStep{
			Config:           b.Config(projectGroupConfig(supportGroup, projectOwnerRole)),
			ConfigPlanChecks: acctest.Action(projectGroupAddress, plancheck.ResourceActionUpdate),
			Check: resource.ComposeAggregateTestCheckFunc(projectGroupHasRoles(t, b, "owner"), func(*terraform.State) error {
				return lastWriteIsDelete(t, b)
			}),
		},
		// A role that was exchanged is changed back.
		resource.TestStep{
			PreConfig:        func() { give(projectViewerRole); remove(projectOwnerRole) },
			Config:           b.Config(projectGroupConfig(supportGroup, projectOwnerRole)),
			ConfigPlanChecks: acctest.Action(projectGroupAddress, plancheck.ResourceActionUpdate),
			Check:            projectGroupHasRoles(t, b, "owner"),
		},
		// One that was lost is given again, and the others stay.
		resource.TestStep{
			PreConfig:        func() { give(projectViewerRole); give(projectMemberRole); remove(projectOwnerRole) },
			Config:           b.Config(projectGroupConfig(supportGroup, projectOwnerRole)),
			ConfigPlanChecks: acctest.Action(projectGroupAddress, plancheck.ResourceActionUpdate),
			Check:            projectGroupHasRoles(t, b, "viewer", "member", "owner"),
		},
		resource.TestStep{
			PreConfig:        func() { b.Do(t, "DELETE", projectGroupsPath+"/"+supportGroup, nil, nil) },
			Config:           asMember,
			ConfigPlanChecks: acctest.Action(projectGroupAddress, plancheck.ResourceActionCreate),
		},
		resource.TestStep{
			Config:           b.Config(projectGroupConfig(crewGroup, projectMemberRole)),
			ConfigPlanChecks: acctest.Action(projectGroupAddress, plancheck.ResourceActionReplace),
		},
	)
	expectNotFound(t, b, projectGroupsPath+"/"+crewGroup)
}

// importProjectGroup imports with the role in the id, or without.
func importProjectGroup(role string) resource.TestStep {
	attributes := []string{"project_id", "group_id"}
	if role != "" {
		attributes = append(attributes, role)
	}
	step := acctest.Import(projectGroupAddress, attributes)
	step.ImportStateVerifyIdentifierAttribute = "group_id"
	return step
}

// Also a group of the identity provider can be given work.
func TestAccProjectGroup_adoptsWhatIsThere(t *testing.T) {
	b := startWithGroups(t)
	b.Do(t, "POST", projectGroupsPath, map[string]string{"group_id": scimGroup, "role": projectMemberRole}, nil)
	acctest.Test(t, resource.TestStep{
		Config: b.Config(projectGroupConfig(scimGroup, projectOwnerRole)),
		Check: resource.ComposeAggregateTestCheckFunc(
			resource.TestCheckResourceAttr(projectGroupAddress, "group_name", "Staff"),
			func(*terraform.State) error {
				b.Do(t, "GET", "/projects/"+devProject+"/groups/"+scimGroup+"/roles/"+projectOwnerRole, nil, nil)
				return nil
			},
		),
	})
}

func TestAccProjectGroup_invalidConfiguration(t *testing.T) {
	b := startWithGroups(t)
	acctest.Refused(t, b, map[string]struct{ HCL, Message string }{
		"no role": {projectGroupConfig(supportGroup, ""), "role must not be empty"},
	})
	acctest.Test(t, resource.TestStep{Config: b.Config(projectGroupConfig(supportGroup, "owner")), ExpectError: acctest.Message("No such role: owner")})
}
