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

const modelPermissionsAddress = "openai_project_model_permissions.test"

// modelsAllowed asserts the policy of a project, as another client reads it.
func modelsAllowed(t *testing.T, b *acctest.Backend, project, mode string, models ...string) resource.TestCheckFunc {
	return func(*terraform.State) error {
		var got struct {
			Mode     string
			ModelIDs []string `json:"model_ids"`
		}
		b.Do(t, "GET", "/organization/projects/"+project+"/model_permissions", nil, &got)
		slices.Sort(got.ModelIDs)
		if got.Mode != mode || !slices.Equal(got.ModelIDs, models) {
			return fmt.Errorf("the policy is %s %v, expected %s %v", got.Mode, got.ModelIDs, mode, models)
		}
		return nil
	}
}

func TestAccModelPermissions_lifecycle(t *testing.T) {
	b := acctest.Start(t)
	project := b.Project(t, "dev")
	config := func(body string) string { return b.Config(projectResource("model_permissions", project, body)) }
	acctest.Test(t,
		resource.TestStep{
			PreConfig: func() { b.Mark(t) },
			Config:    config("mode = \"allow_list\"\nmodel_ids = [\"gpt-4o-mini\", \"gpt-4o\"]"),
			Check: resource.ComposeAggregateTestCheckFunc(
				func(*terraform.State) error { b.ExpectWrites(t, 1); return nil },
				modelsAllowed(t, b, project, "allow_list", "gpt-4o", "gpt-4o-mini"),
				resource.TestCheckResourceAttr(modelPermissionsAddress, "object", "project.model_permissions"),
			),
		},
		// A list in another order is equal.
		resource.TestStep{
			Config:           config("mode = \"allow_list\"\nmodel_ids = [\"gpt-4o\", \"gpt-4o-mini\"]"),
			ConfigPlanChecks: acctest.Action(modelPermissionsAddress, plancheck.ResourceActionNoop),
		},
		resource.TestStep{
			Config:           config("mode = \"deny_list\"\nmodel_ids = [\"gpt-4o\"]"),
			ConfigPlanChecks: acctest.Action(modelPermissionsAddress, plancheck.ResourceActionUpdate),
			Check:            modelsAllowed(t, b, project, "deny_list", "gpt-4o"),
		},
		acctest.Import(modelPermissionsAddress, []string{"project_id"}),
		resource.TestStep{
			Config:           config("mode = \"allow_list\"\nmodel_ids = []"),
			ConfigPlanChecks: acctest.Action(modelPermissionsAddress, plancheck.ResourceActionUpdate),
			Check:            modelsAllowed(t, b, project, "allow_list"),
		},
	)
	if status, _ := b.Try(t, "GET", "/organization/projects/"+project+"/model_permissions", nil); status != 404 {
		t.Errorf("after destroy the policy answers %d", status)
	}
}

func TestAccModelPermissions_disappearsDriftsAndMoves(t *testing.T) {
	b := acctest.Start(t)
	dev, prod := b.Project(t, "dev"), b.Project(t, "prod")
	path := "/organization/projects/" + dev + "/model_permissions"
	const body = "mode = \"allow_list\"\nmodel_ids = [\"gpt-4o\"]"
	config := b.Config(projectResource("model_permissions", dev, body))
	acctest.Test(t,
		resource.TestStep{Config: config},
		resource.TestStep{
			PreConfig:        func() { b.Do(t, "DELETE", path, nil, nil) },
			Config:           config,
			ConfigPlanChecks: acctest.Action(modelPermissionsAddress, plancheck.ResourceActionCreate),
		},
		resource.TestStep{
			PreConfig: func() {
				b.Do(t, "POST", path, struct {
					Mode     string   `json:"mode"`
					ModelIDs []string `json:"model_ids"`
				}{"deny_list", []string{"o1"}}, nil)
			},
			Config:           config,
			ConfigPlanChecks: acctest.Action(modelPermissionsAddress, plancheck.ResourceActionUpdate),
			Check:            modelsAllowed(t, b, dev, "allow_list", "gpt-4o"),
		},
		resource.TestStep{
			Config:           b.Config(projectResource("model_permissions", prod, body)),
			ConfigPlanChecks: acctest.Action(modelPermissionsAddress, plancheck.ResourceActionReplace),
			Check: func(*terraform.State) error {
				if status, _ := b.Try(t, "GET", path, nil); status != 404 {
					return fmt.Errorf("the policy of the first project answers %d", status)
				}
				return nil
			},
		},
	)
}

func TestAccModelPermissions_invalidConfiguration(t *testing.T) {
	b := acctest.Start(t)
	project := b.Project(t, "dev")
	acctest.Refused(t, b, map[string]struct{ HCL, Message string }{
		"no models":    {projectResource("model_permissions", project, `mode = "allow_list"`), `"model_ids" is required`},
		"empty mode":   {projectResource("model_permissions", project, "mode = \"\"\nmodel_ids = []"), "mode must not be empty"},
		"empty model":  {projectResource("model_permissions", project, "mode = \"allow_list\"\nmodel_ids = [\"\"]"), "must not be empty"},
		"no valid id":  {projectResource("model_permissions", "a/b", "mode = \"allow_list\"\nmodel_ids = []"), "project_id is no valid id"},
		"unknown type": {projectResource("model_permissions", project, "mode = \"allow_list\"\nmodel_ids = \"gpt-4o\""), "set of string required"},
	})
	// A mode that may be newer than the provider is left to the API to judge.
	acctest.Test(t, resource.TestStep{
		Config:      b.Config(projectResource("model_permissions", project, "mode = \"greylist\"\nmodel_ids = []")),
		ExpectError: acctest.Message(`Invalid value: "greylist". Supported values are: 'allow_list', 'deny_list'`),
	})
}

func TestAccModelPermissionsDataSource(t *testing.T) {
	b := acctest.Start(t)
	project := b.Project(t, "dev")
	const address = "data.openai_project_model_permissions.test"
	acctest.Test(t,
		resource.TestStep{Config: b.Config(projectDataSource("model_permissions", project, "")), ExpectError: acctest.Message("Project " + project + " has no model permissions")},
		resource.TestStep{
			PreConfig: func() {
				b.Do(t, "POST", "/organization/projects/"+project+"/model_permissions", struct {
					Mode     string   `json:"mode"`
					ModelIDs []string `json:"model_ids"`
				}{"deny_list", []string{"o1", "gpt-4o"}}, nil)
			},
			Config: b.Config(projectDataSource("model_permissions", project, "")),
			Check: resource.ComposeAggregateTestCheckFunc(
				resource.TestCheckResourceAttr(address, "id", project),
				resource.TestCheckResourceAttr(address, "mode", "deny_list"),
				resource.TestCheckResourceAttr(address, "model_ids.#", "2"),
				resource.TestCheckTypeSetElemAttr(address, "model_ids.*", "o1"),
			),
		},
	)
}
