package rbac_test

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
	projectGroupAddress = "openai_project_group.test"
	projectGroupsPath   = "/organization/projects/" + project + "/groups"
	projectRolesPath    = "/projects/" + project + "/groups/" + support + "/roles"

	projectOwner, projectMember, projectViewer = "role-api-project-owner", "role-api-project-member", "role-api-project-viewer"
)

func projectGroup(group, role string) string {
	return hcl("project_group", fmt.Sprintf("project_id = %q\ngroup_id = %q\nrole = %q", project, group, role))
}

// hasRoles asserts the names of the roles of the group in the project.
func hasRoles(t *testing.T, b *acctest.Backend, names ...string) resource.TestCheckFunc {
	return func(*terraform.State) error {
		if found := listed(t, b, projectRolesPath, "name"); !slices.Equal(found, names) {
			return fmt.Errorf("the roles are %q, expected %q", found, names)
		}
		return nil
	}
}

func TestAccProjectGroup_lifecycle(t *testing.T) {
	b := start(t)
	asMember := b.Config(projectGroup(support, projectMember))
	take := func(role string) { b.Do(t, "DELETE", projectRolesPath+"/"+role, nil, nil) }
	give := func(role string) { b.Do(t, "POST", projectRolesPath, map[string]string{"role_id": role}, nil) }
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
			Config:           b.Config(projectGroup(support, projectMember+"__api-project__"+project)),
			ConfigPlanChecks: acctest.Action(projectGroupAddress, plancheck.ResourceActionNoop),
		},
		importProjectGroup("role"),
		importProjectGroup(""),
		// The new role comes before the former one goes.
		resource.TestStep{
			Config:           b.Config(projectGroup(support, projectOwner)),
			ConfigPlanChecks: acctest.Action(projectGroupAddress, plancheck.ResourceActionUpdate),
			Check: resource.ComposeAggregateTestCheckFunc(hasRoles(t, b, "owner"), func(*terraform.State) error {
				return lastIsRemoval(t, b)
			}),
		},
		// A role that was exchanged is changed back.
		resource.TestStep{
			PreConfig:        func() { give(projectViewer); take(projectOwner) },
			Config:           b.Config(projectGroup(support, projectOwner)),
			ConfigPlanChecks: acctest.Action(projectGroupAddress, plancheck.ResourceActionUpdate),
			Check:            hasRoles(t, b, "owner"),
		},
		// One that was lost is given again, and the others stay.
		resource.TestStep{
			PreConfig:        func() { give(projectViewer); give(projectMember); take(projectOwner) },
			Config:           b.Config(projectGroup(support, projectOwner)),
			ConfigPlanChecks: acctest.Action(projectGroupAddress, plancheck.ResourceActionUpdate),
			Check:            hasRoles(t, b, "viewer", "member", "owner"),
		},
		resource.TestStep{
			PreConfig:        func() { b.Do(t, "DELETE", projectGroupsPath+"/"+support, nil, nil) },
			Config:           asMember,
			ConfigPlanChecks: acctest.Action(projectGroupAddress, plancheck.ResourceActionCreate),
		},
		resource.TestStep{
			Config:           b.Config(projectGroup(crew, projectMember)),
			ConfigPlanChecks: acctest.Action(projectGroupAddress, plancheck.ResourceActionReplace),
		},
	)
	gone(t, b, projectGroupsPath+"/"+crew)
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
	b := start(t)
	b.Do(t, "POST", projectGroupsPath, map[string]string{"group_id": scim, "role": projectMember}, nil)
	acctest.Test(t, resource.TestStep{
		Config: b.Config(projectGroup(scim, projectOwner)),
		Check: resource.ComposeAggregateTestCheckFunc(
			resource.TestCheckResourceAttr(projectGroupAddress, "group_name", "Staff"),
			func(*terraform.State) error {
				b.Do(t, "GET", "/projects/"+project+"/groups/"+scim+"/roles/"+projectOwner, nil, nil)
				return nil
			},
		),
	})
}

func TestAccProjectGroup_badInput(t *testing.T) {
	b := start(t)
	acctest.Refused(t, b, map[string]struct{ HCL, Message string }{
		"no role": {projectGroup(support, ""), "role must not be empty"},
	})
	acctest.Test(t, resource.TestStep{Config: b.Config(projectGroup(support, "owner")), ExpectError: acctest.Message("No such role: owner")})
}
