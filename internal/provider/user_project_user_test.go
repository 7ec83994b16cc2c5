package provider_test

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
)

const projectUserAddress = "openai_project_user.test"

func projectUserConfig(project, body string) string {
	return projectResource("user", project, body)
}

func TestAccProjectUser_lifecycle(t *testing.T) {
	b := acctest.Start(t)
	project := b.Project(t, "dev")
	id := findUser(t, b, "member@example.com").ID
	path := "/organization/projects/" + project + "/users/" + id
	acctest.Test(t,
		resource.TestStep{
			PreConfig: func() { b.Mark(t) },
			Config:    b.Config(projectUserConfig(project, "email = \"Member@example.com\"\nrole = \"member\"")),
			Check: resource.ComposeAggregateTestCheckFunc(
				resource.TestCheckResourceAttr(projectUserAddress, "user_id", id),
				resource.TestCheckResourceAttr(projectUserAddress, "name", "Max Member"),
				func(*terraform.State) error {
					b.ExpectWrites(t, 1)
					b.Expect(t, 1, "POST", projectUsersRoute)
					b.Expect(t, 0, "GET", usersRoute)
					return nil
				},
			),
		},
		resource.TestStep{
			Config:           b.Config(projectUserConfig(project, "email = \"Member@example.com\"\nrole = \"owner\"")),
			ConfigPlanChecks: acctest.Action(projectUserAddress, plancheck.ResourceActionUpdate),
			Check:            resource.TestCheckResourceAttr(projectUserAddress, "role", "owner"),
		},
		acctest.Import(projectUserAddress, []string{"project_id", "user_id"}, "email"),
		resource.TestStep{
			Config:           b.Config(projectUserConfig(project, fmt.Sprintf("user_id = %q\nrole = \"owner\"", id))),
			ConfigPlanChecks: acctest.Action(projectUserAddress, plancheck.ResourceActionNoop),
		},
	)
	if status, _ := b.Try(t, "GET", path, nil); status != 404 {
		t.Errorf("after destroy the member of the project answers %d", status)
	}
	if err := userHasRole(t, b, "member@example.com", "reader"); err != nil {
		t.Errorf("leaving the project: %v", err)
	}
}

func TestAccProjectUser_adoptsWhoIsThere(t *testing.T) {
	b := acctest.Start(t)
	project := b.Project(t, "dev")
	b.Do(t, "POST", "/organization/projects/"+project+"/users", map[string]string{"email": "member@example.com", "role": "member"}, nil)
	acctest.Test(t, resource.TestStep{
		Config: b.Config(projectUserConfig(project, "email = \"member@example.com\"\nrole = \"owner\"")),
		Check:  resource.TestCheckResourceAttr(projectUserAddress, "role", "owner"),
	})
}

func TestAccProjectUser_disappearsDriftsAndIsReplaced(t *testing.T) {
	b := acctest.Start(t)
	dev, prod := b.Project(t, "dev"), b.Project(t, "prod")
	path := "/organization/projects/" + dev + "/users/" + findUser(t, b, "member@example.com").ID
	const body = "email = \"member@example.com\"\nrole = \"member\""
	config := b.Config(projectUserConfig(dev, body))
	acctest.Test(t,
		resource.TestStep{Config: config},
		resource.TestStep{
			PreConfig:        func() { b.Do(t, "DELETE", path, nil, nil) },
			Config:           config,
			ConfigPlanChecks: acctest.Action(projectUserAddress, plancheck.ResourceActionCreate),
		},
		resource.TestStep{
			PreConfig:        func() { b.Do(t, "POST", path, map[string]string{"role": "owner"}, nil) },
			Config:           config,
			ConfigPlanChecks: acctest.Action(projectUserAddress, plancheck.ResourceActionUpdate),
			Check:            resource.TestCheckResourceAttr(projectUserAddress, "role", "member"),
		},
		resource.TestStep{
			Config:           b.Config(projectUserConfig(prod, body)),
			ConfigPlanChecks: acctest.Action(projectUserAddress, plancheck.ResourceActionReplace),
		},
		resource.TestStep{
			PreConfig:          func() { b.Do(t, "POST", "/organization/projects/"+prod+"/archive", nil, nil) },
			Config:             b.Config(projectUserConfig(prod, body)),
			PlanOnly:           true,
			ExpectNonEmptyPlan: true,
		},
	)
}

func TestAccProjectUser_invalidConfiguration(t *testing.T) {
	b := acctest.Start(t)
	project := b.Project(t, "dev")
	acctest.Refused(t, b, map[string]struct{ HCL, Message string }{
		"no address":   {projectUserConfig(project, "email = \"ada\"\nrole = \"member\""), "must be an e-mail address"},
		"unknown role": {projectUserConfig(project, "email = \"ada@example.com\"\nrole = \"reader\""), `role value must be one of: ["member" "owner"]`},
		"neither":      {projectUserConfig(project, `role = "member"`), "At least one attribute out of"},
	})
	acctest.Test(t, resource.TestStep{
		Config:      b.Config(projectUserConfig(project, "email = \"unknown@example.com\"\nrole = \"member\"")),
		ExpectError: acctest.Message("User unknown@example.com is not a member of the organization"),
	})
}
