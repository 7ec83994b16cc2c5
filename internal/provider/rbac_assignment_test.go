package provider_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
)

func asJSON(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		panic(err) // only lists of texts come here
	}
	return string(text)
}

// assignee is who has roles where.
type assignee struct {
	// kind is the resource, path where the assignments are, route their list.
	kind, path, route string
	arguments         string
	importBy          []string
	// one and two are predefined roles, and suffix is the text that the API adds
	// to their ids.
	one, two, suffix string
}

func (a assignee) address() string { return "openai_" + a.kind + ".test" }

func (a assignee) has(role string) string {
	return resourceConfig(a.kind, fmt.Sprintf("%srole_id = %q", a.arguments, role))
}

// forEveryAssignee runs a test for users and groups, in the organization and
// in a project.
func forEveryAssignee(t *testing.T, test func(t *testing.T, b *acctest.Backend, a assignee)) {
	const inProject = "project_id = \"" + devProject + "\"\n"
	for _, a := range []assignee{
		{kind: "user_role", path: "/organization/users/" + memberID + "/roles", route: "/v1/organization/users/{user_id}/roles"},
		{kind: "group_role", path: "/organization/groups/" + supportGroup + "/roles", route: "/v1/organization/groups/{group_id}/roles"},
		{kind: "project_user_role", path: "/projects/" + devProject + "/users/" + memberID + "/roles", route: "/v1/projects/{project_id}/users/{user_id}/roles"},
		{kind: "project_group_role", path: "/projects/" + devProject + "/groups/" + supportGroup + "/roles", route: "/v1/projects/{project_id}/groups/{group_id}/roles"},
	} {
		if strings.HasPrefix(a.kind, "project_") {
			a.arguments, a.importBy = inProject, []string{"project_id"}
			a.one, a.two, a.suffix = "role-api-project-owner", "role-api-project-member", "__api-project__"+devProject
		} else {
			a.one, a.two, a.suffix = "role-api-organization-reader", "role-api-organization-owner", "__api-organization__org-emulator"
		}
		if strings.HasSuffix(a.kind, "user_role") {
			a.arguments += fmt.Sprintf("user_id = %q\n", memberID)
			a.importBy = append(a.importBy, "user_id", "role_id")
		} else {
			a.arguments += fmt.Sprintf("group_id = %q\n", supportGroup)
			a.importBy = append(a.importBy, "group_id", "role_id")
		}
		t.Run(a.kind, func(t *testing.T) { test(t, startWithGroups(t), a) })
	}
}

func TestAccAssignment_lifecycle(t *testing.T) {
	forEveryAssignee(t, func(t *testing.T, b *acctest.Backend, a assignee) {
		address := a.address()
		config := b.Config(a.has(a.one))
		acctest.Test(t,
			resource.TestStep{
				PreConfig: func() { b.Mark(t) },
				Config:    config,
				Check: resource.ComposeAggregateTestCheckFunc(
					resource.TestCheckResourceAttr(address, "role_id", a.one),
					resource.TestCheckResourceAttr(address, "name", a.one[strings.LastIndex(a.one, "-")+1:]),
					resource.TestCheckResourceAttr(address, "predefined_role", "true"),
					func(*terraform.State) error {
						b.ExpectWrites(t, 1)
						b.Expect(t, 0, "GET", a.route)
						return nil
					},
				),
			},
			acctest.Import(address, a.importBy),
			// The long form means the same role.
			resource.TestStep{
				Config:           b.Config(a.has(a.one + a.suffix)),
				ConfigPlanChecks: acctest.Action(address, plancheck.ResourceActionNoop),
			},
			resource.TestStep{
				PreConfig:        func() { b.Do(t, "DELETE", a.path+"/"+a.one, nil, nil) },
				Config:           config,
				ConfigPlanChecks: acctest.Action(address, plancheck.ResourceActionCreate),
			},
			resource.TestStep{
				Config:           b.Config(a.has(a.two + a.suffix)),
				ConfigPlanChecks: acctest.Action(address, plancheck.ResourceActionReplace),
				Check:            func(*terraform.State) error { expectNotFound(t, b, a.path+"/"+a.one); return nil },
			},
			resource.TestStep{Config: b.Config(a.has(a.two)), ConfigPlanChecks: acctest.Action(address, plancheck.ResourceActionNoop)},
		)
		expectNotFound(t, b, a.path+"/"+a.two)
	})
}

// Roles that are not configured stay; an existing one is adopted.
func TestAccAssignment_leavesOthersAlone(t *testing.T) {
	forEveryAssignee(t, func(t *testing.T, b *acctest.Backend, a assignee) {
		for _, role := range []string{a.one, a.two} {
			b.Do(t, "POST", a.path, map[string]string{"role_id": role}, nil)
		}
		acctest.Test(t, resource.TestStep{Config: b.Config(a.has(a.one)), Check: resource.TestCheckResourceAttr(a.address(), "role_id", a.one)})
		expectNotFound(t, b, a.path+"/"+a.one)
		if roles := listField(t, b, a.path, "id"); len(roles) != 1 || roles[0] != a.two+a.suffix {
			t.Errorf("%q is left", roles)
		}
	})
}

func TestAccAssignment_invalidConfiguration(t *testing.T) {
	forEveryAssignee(t, func(t *testing.T, b *acctest.Backend, a assignee) {
		acctest.Refused(t, b, map[string]struct{ HCL, Message string }{"empty": {a.has(""), "role_id must not be empty"}})
		acctest.Test(t, resource.TestStep{Config: b.Config(a.has("role_none")), ExpectError: acctest.Message("No such role: role_none")})
	})
}

// A role that a user has through a group is neither drift nor enough.
func TestAccUserRole_inheritedRolesDoNotCount(t *testing.T) {
	b := startWithGroups(t)
	const reader = "role-api-organization-reader"
	b.Do(t, "POST", groupsPath+"/"+supportGroup+"/users", map[string]string{"user_id": memberID}, nil)
	b.Do(t, "POST", groupsPath+"/"+supportGroup+"/roles", map[string]string{"role_id": reader}, nil)
	own := "/organization/users/" + memberID + "/roles"
	config := b.Config(resourceConfig("user_role", fmt.Sprintf("user_id = %q\nrole_id = %q", memberID, reader)))
	acctest.Test(t,
		resource.TestStep{Config: b.Config(dataSource("user_roles", fmt.Sprintf("user_id = %q", memberID))), Check: resource.TestCheckResourceAttr("data.openai_user_roles.test", "roles.#", "0")},
		resource.TestStep{
			Config:      b.Config(dataSource("user_role", fmt.Sprintf("user_id = %q\nrole_id = %q", memberID, reader))),
			ExpectError: acctest.Message("only through a group"),
		},
		resource.TestStep{Config: config},
		resource.TestStep{
			PreConfig:        func() { b.Do(t, "DELETE", own+"/"+reader, nil, nil) },
			Config:           config,
			ConfigPlanChecks: acctest.Action("openai_user_role.test", plancheck.ResourceActionCreate),
		},
	)
	// It is still there, through the group.
	b.Do(t, "GET", own+"/"+reader, nil, nil)
}

func TestAccProjectUserRole_archivedProject(t *testing.T) {
	b := startWithGroups(t)
	config := b.Config(resourceConfig("project_user_role", fmt.Sprintf("project_id = %q\nuser_id = %q\nrole_id = \"role-api-project-viewer\"", devProject, memberID)))
	acctest.Test(t,
		resource.TestStep{Config: config},
		resource.TestStep{
			PreConfig:          func() { b.Do(t, "POST", "/organization/projects/"+devProject+"/archive", nil, nil) },
			Config:             config,
			PlanOnly:           true,
			ExpectNonEmptyPlan: true,
		},
	)
}
