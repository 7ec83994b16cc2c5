package provider_test

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/seed"
)

// More groups, and more members, than fit on a page.
func TestAccGroupDataSources(t *testing.T) {
	organization := seed.Default()
	big := seed.Group{ID: "group_big", Name: "big"}
	for i := range 1005 {
		organization.Groups = append(organization.Groups, seed.Group{Name: fmt.Sprintf("group-%d", i), SCIMManaged: i == 0})
		email := fmt.Sprintf("person-%d@example.com", i)
		organization.Members = append(organization.Members, seed.Member{ID: fmt.Sprintf("user-%04d", i), Email: email, Name: "Person"})
		big.Members = append(big.Members, email)
	}
	organization.Groups = append(organization.Groups, big, seed.Group{Name: "group-7"})
	b := acctest.Start(t, func(o *emulator.Options) { o.Seed = organization })
	const one, all, users, user = "data.openai_group.test", "data.openai_groups.test", "data.openai_group_users.test", "data.openai_group_user.test"
	acctest.Test(t,
		resource.TestStep{Config: b.Config(dataSource("groups", "") + dataSource("group", `name = "big"`) + dataSource("group_users", `group_id = "group_big"`) +
			dataSource("group_user", "group_id = \"group_big\"\nuser_id = \"user-1003\"")), Check: resource.ComposeAggregateTestCheckFunc(
			resource.TestCheckResourceAttr(all, "groups.#", "1007"),
			resource.TestCheckResourceAttr(one, "group_id", "group_big"),
			resource.TestCheckResourceAttr(one, "group_type", "group"),
			resource.TestCheckResourceAttr(users, "users.#", "1005"),
			resource.TestCheckResourceAttr(users, "users.1004.email", "person-1004@example.com"),
			resource.TestCheckResourceAttr(user, "email", "person-1003@example.com"),
			resource.TestCheckResourceAttr(user, "is_service_account", "false"),
			resource.TestCheckResourceAttr(user, "user_type", "user"),
		)},
		resource.TestStep{Config: b.Config(dataSource("groups", "is_scim_managed = true") + dataSource("group", `group_id = "group_big"`)), Check: resource.ComposeAggregateTestCheckFunc(
			resource.TestCheckResourceAttr(all, "groups.#", "1"),
			resource.TestCheckResourceAttr(all, "groups.0.name", "group-0"),
			resource.TestCheckResourceAttr(one, "name", "big"),
		)},
		resource.TestStep{Config: b.Config(dataSource("group", `name = "group-7"`)), ExpectError: acctest.Message(`There is more than one group named "group-7"`)},
		resource.TestStep{Config: b.Config(dataSource("group", `name = "none"`)), ExpectError: acctest.Message(`There is no group named "none"`)},
		resource.TestStep{Config: b.Config(dataSource("group", `group_id = "group_none"`)), ExpectError: acctest.Message("No such group")},
		resource.TestStep{Config: b.Config(dataSource("group", "")), ExpectError: acctest.Message("No attribute specified")},
		resource.TestStep{Config: b.Config(dataSource("group_user", "group_id = \"group_big\"\nuser_id = \"user-none\"")), ExpectError: acctest.Message("No such group user")},
	)
}

func TestAccRoleDataSources(t *testing.T) {
	forBothRoleScopes(t, func(t *testing.T, b *acctest.Backend, p roleScope) {
		one, all := "data.openai_"+p.kind+".test", "data.openai_"+p.kind+"s.test"
		predefined := len(listField(t, b, p.path, "id"))
		b.Do(t, "POST", p.path, map[string]any{"role_name": "Auditor", "permissions": []string{"b", "a"}, "description": "Sees all."}, nil)
		acctest.Test(t,
			resource.TestStep{Config: b.Config(dataSource(p.kind+"s", p.argument) + dataSource(p.kind, p.argument+`role_name = "Auditor"`)), Check: resource.ComposeAggregateTestCheckFunc(
				resource.TestCheckResourceAttr(all, "roles.#", fmt.Sprint(predefined+1)),
				resource.TestCheckResourceAttr(all, "roles.0.name", "Auditor"),
				resource.TestCheckResourceAttr(all, "roles.0.description", "Sees all."),
				resource.TestCheckResourceAttr(all, "roles.1.predefined_role", "true"),
				resource.TestCheckResourceAttr(one, "permissions.#", "2"),
				resource.TestCheckResourceAttr(one, "resource_type", p.resourceType),
			)},
			resource.TestStep{
				Config: b.Config(dataSource(p.kind, p.argument+fmt.Sprintf("role_id = %q", p.owner))),
				Check:  resource.TestCheckResourceAttr(one, "role_name", "owner"),
			},
			resource.TestStep{Config: b.Config(dataSource(p.kind, p.argument+`role_name = "none"`)), ExpectError: acctest.Message(`named "none"`)},
			resource.TestStep{Config: b.Config(dataSource(p.kind, p.argument+`role_id = "role_none"`)), ExpectError: acctest.Message("No such role")},
		)
	})
}

func TestAccAssignmentDataSources(t *testing.T) {
	forEveryAssignee(t, func(t *testing.T, b *acctest.Backend, a assignee) {
		one, all := "data.openai_"+a.kind+".test", "data.openai_"+a.kind+"s.test"
		for _, role := range []string{a.one, a.two} {
			b.Do(t, "POST", a.path, map[string]string{"role_id": role}, nil)
		}
		acctest.Test(t,
			resource.TestStep{Config: b.Config(dataSource(a.kind+"s", a.arguments) + dataSource(a.kind, a.arguments+fmt.Sprintf("role_id = %q", a.one))), Check: resource.ComposeAggregateTestCheckFunc(
				resource.TestCheckResourceAttr(all, "roles.#", "2"),
				resource.TestCheckResourceAttr(one, "role_id", a.one),
				resource.TestCheckResourceAttr(one, "id", a.one+a.suffix),
				resource.TestCheckResourceAttr(one, "predefined_role", "true"),
			)},
			resource.TestStep{Config: b.Config(dataSource(a.kind, a.arguments+`role_id = "role_none"`)), ExpectError: acctest.Message("No such role assignment")},
		)
	})
}

func TestAccProjectGroupDataSources(t *testing.T) {
	organization := seed.Default()
	organization.Projects = []seed.Project{{ID: devProject, Name: "dev"}}
	const groups = 103
	for i := range groups {
		organization.Groups = append(organization.Groups, seed.Group{ID: fmt.Sprintf("group_%03d", i), Name: fmt.Sprintf("group-%d", i)})
	}
	organization.Groups[5].Type = "tenant_group"
	b := acctest.Start(t, func(o *emulator.Options) { o.Seed = organization })
	for _, g := range organization.Groups {
		b.Do(t, "POST", projectGroupsPath, map[string]string{"group_id": g.ID, "role": projectViewerRole}, nil)
	}
	const one, all = "data.openai_project_group.test", "data.openai_project_groups.test"
	where := fmt.Sprintf("project_id = %q\n", devProject)
	acctest.Test(t,
		resource.TestStep{Config: b.Config(dataSource("project_groups", where)), Check: resource.ComposeAggregateTestCheckFunc(
			resource.TestCheckResourceAttr(all, "groups.#", fmt.Sprint(groups)),
			resource.TestCheckResourceAttr(all, "groups.102.group_name", "group-102"),
		)},
		// A group of the tenant is found as well.
		resource.TestStep{Config: b.Config(dataSource("project_group", where+`group_id = "group_005"`)), Check: resource.TestCheckResourceAttr(one, "group_type", "tenant_group")},
		resource.TestStep{Config: b.Config(dataSource("project_group", where+`group_id = "group_none"`)), ExpectError: acctest.Message("No such project group")},
	)
}
