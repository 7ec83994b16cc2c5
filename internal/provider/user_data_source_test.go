package provider_test

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/seed"
)

// manyMembers is an organization with more members than fit on a page, all of
// them in one project.
func manyMembers(size int) func(*emulator.Options) {
	organization := seed.Default()
	project := seed.Project{ID: "proj_large", Name: "large"}
	for i := range size {
		email := fmt.Sprintf("person-%d@example.com", i)
		organization.Members = append(organization.Members, seed.Member{Email: email, Name: fmt.Sprintf("Person %d", i), Role: "reader"})
		project.Members = append(project.Members, seed.ProjectMember{Email: email, Role: "member"})
	}
	project.Members[0].Role = "owner"
	organization.Projects = append(organization.Projects, project)
	return func(o *emulator.Options) { o.Seed = organization }
}

func TestAccUserDataSources(t *testing.T) {
	b := acctest.Start(t, manyMembers(110))
	id := findUser(t, b, "person-105@example.com").ID
	const one, all = "data.openai_organization_user.test", "data.openai_organization_users.test"
	size := func(body string, n int) resource.TestStep {
		return resource.TestStep{Config: b.Config(dataSource("organization_users", body)), Check: resource.TestCheckResourceAttr(all, "users.#", fmt.Sprint(n))}
	}
	acctest.Test(t,
		size("", 112),
		size(`role = "owner"`, 1),
		size(`emails = ["PERSON-1@example.com", "person-109@example.com", "unknown@example.com"]`, 2),
		size(`emails = ["unknown@example.com"]`, 0),
		resource.TestStep{Config: b.Config(dataSource("organization_users", `emails = ["unknown"]`)), ExpectError: acctest.Message("must be an e-mail address")},
		resource.TestStep{Config: b.Config(dataSource("organization_user", `email = "unknown@example.com"`)), ExpectError: acctest.Message("There is no member of the organization with the address unknown@example.com")},
		resource.TestStep{Config: b.Config(dataSource("organization_user", `user_id = "user-none"`)), ExpectError: acctest.Message("No such user")},
		resource.TestStep{Config: b.Config(dataSource("organization_user", `email = "Person-105@example.com"`)), Check: resource.ComposeAggregateTestCheckFunc(
			resource.TestCheckResourceAttr(one, "user_id", id),
			resource.TestCheckResourceAttr(one, "name", "Person 105"),
			resource.TestCheckResourceAttr(one, "role", "reader"),
		)},
		resource.TestStep{Config: b.Config(dataSource("organization_user", fmt.Sprintf("user_id = %q", id))), Check: resource.TestCheckResourceAttr(one, "email", "person-105@example.com")},
	)
}

func TestAccInviteDataSources(t *testing.T) {
	b := acctest.Start(t)
	var last struct{ ID string }
	const invites = 103
	for i := range invites {
		b.Do(t, "POST", "/organization/invites", map[string]string{"email": fmt.Sprintf("person-%d@example.com", i), "role": "reader"}, &last)
	}
	joinOrganization(t, b, "ada@example.com", "reader")
	const one, all = "data.openai_invite.test", "data.openai_invites.test"
	acctest.Test(t,
		resource.TestStep{Config: b.Config(dataSource("invites", "")), Check: resource.TestCheckResourceAttr(all, "invites.#", fmt.Sprint(invites+1))},
		resource.TestStep{Config: b.Config(dataSource("invites", `status = "accepted"`)), Check: resource.ComposeAggregateTestCheckFunc(
			resource.TestCheckResourceAttr(all, "invites.#", "1"),
			resource.TestCheckResourceAttr(all, "invites.0.email", "ada@example.com"),
			resource.TestCheckResourceAttr(all, "invites.0.projects.#", "1"),
		)},
		resource.TestStep{Config: b.Config(dataSource("invites", `status = "expired"`)), Check: resource.TestCheckResourceAttr(all, "invites.#", "0")},
		resource.TestStep{Config: b.Config(dataSource("invites", `status = "lost"`)), ExpectError: acctest.Message("status value must be one of")},
		// An accepted invitation is not pending.
		resource.TestStep{Config: b.Config(dataSource("invite", `email = "ada@example.com"`)), ExpectError: acctest.Message("There is no pending invitation of ada@example.com")},
		resource.TestStep{Config: b.Config(dataSource("invite", `invite_id = "invite-none"`)), ExpectError: acctest.Message("No such invite")},
		resource.TestStep{Config: b.Config(dataSource("invite", `email = "person-102@example.com"`)), Check: resource.TestCheckResourceAttr(one, "invite_id", last.ID)},
		resource.TestStep{Config: b.Config(dataSource("invite", fmt.Sprintf("invite_id = %q", last.ID))), Check: resource.TestCheckResourceAttr(one, "email", "person-102@example.com")},
	)
}

func TestAccProjectUserDataSources(t *testing.T) {
	b := acctest.Start(t, manyMembers(104))
	id := findUser(t, b, "person-103@example.com").ID
	const one, all = "data.openai_project_user.test", "data.openai_project_users.test"
	project := func(body string) string { return "project_id = \"proj_large\"\n" + body }
	acctest.Test(t,
		resource.TestStep{Config: b.Config(dataSource("project_users", project(""))), Check: resource.TestCheckResourceAttr(all, "users.#", "104")},
		resource.TestStep{Config: b.Config(dataSource("project_users", project(`role = "owner"`))), Check: resource.ComposeAggregateTestCheckFunc(
			resource.TestCheckResourceAttr(all, "users.#", "1"),
			resource.TestCheckResourceAttr(all, "users.0.email", "person-0@example.com"),
		)},
		resource.TestStep{Config: b.Config(dataSource("project_users", project(`role = "viewer"`))), Check: resource.TestCheckResourceAttr(all, "users.#", "0")},
		resource.TestStep{Config: b.Config(dataSource("project_user", project(`email = "member@example.com"`))), ExpectError: acctest.Message("There is no member of project proj_large with the address member@example.com")},
		resource.TestStep{Config: b.Config(dataSource("project_user", project(`user_id = "user-none"`))), ExpectError: acctest.Message("No such project user")},
		resource.TestStep{Config: b.Config(dataSource("project_user", project(`email = "person-103@example.com"`))), Check: resource.TestCheckResourceAttr(one, "user_id", id)},
		resource.TestStep{Config: b.Config(dataSource("project_user", project(fmt.Sprintf("user_id = %q", id)))), Check: resource.TestCheckResourceAttr(one, "email", "person-103@example.com")},
	)
}
