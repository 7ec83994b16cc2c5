package provider_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
)

const (
	permissionsAddress = "openai_fine_tuning_checkpoint_permissions.test"
	// Names of checkpoints have colons, and an empty part where nothing was named.
	checkpoint       = "ft:gpt-4o-mini-2024-07-18:acme::abc123:ckpt-step-88"
	permissionsPath  = "/fine_tuning/checkpoints/" + checkpoint + "/permissions"
	permissionsRoute = "/v1/fine_tuning/checkpoints/{fine_tuned_model_checkpoint}/permissions"
)

func permissionsConfig(checkpoint string, projects ...string) string {
	return fmt.Sprintf("resource \"openai_fine_tuning_checkpoint_permissions\" \"test\" {\n  fine_tuned_model_checkpoint = %q\n  project_ids = [%s]\n}\n", checkpoint, quoted(projects))
}

// permitted asserts which projects may use the checkpoint.
func permitted(t *testing.T, b *acctest.Backend, want ...string) resource.TestCheckFunc {
	return func(*terraform.State) error {
		var list struct {
			Data []struct {
				ProjectID string `json:"project_id"`
			}
		}
		b.Do(t, "GET", permissionsPath+"?limit=100", nil, &list)
		got := []string{}
		for _, p := range list.Data {
			got = append(got, p.ProjectID)
		}
		if !slices.Equal(slices.Sorted(slices.Values(got)), slices.Sorted(slices.Values(want))) {
			return fmt.Errorf("%v may use it, expected %v", got, want)
		}
		return nil
	}
}

func permit(t *testing.T, b *acctest.Backend, projects ...string) {
	t.Helper()
	b.Do(t, "POST", permissionsPath, map[string][]string{"project_ids": projects}, nil)
}

func TestAccCheckpointPermissions_lifecycle(t *testing.T) {
	b := acctest.Start(t)
	shop, lab, other := b.Project(t, "shop"), b.Project(t, "lab"), b.Project(t, "other")
	acctest.Test(t,
		// A create only adds, with one request. The permission of another project is in
		// the next plan.
		resource.TestStep{
			PreConfig: func() {
				permit(t, b, other)
				b.Mark(t)
			},
			Config:             b.Config(permissionsConfig(checkpoint, shop, lab)),
			ExpectNonEmptyPlan: true,
			Check: resource.ComposeAggregateTestCheckFunc(
				permitted(t, b, shop, lab, other),
				func(*terraform.State) error {
					b.Expect(t, 1, "POST", permissionsRoute)
					b.ExpectWrites(t, 1)
					return nil
				},
			),
		},
		resource.TestStep{
			PreConfig: func() { b.Mark(t) },
			Config:    b.Config(permissionsConfig(checkpoint, shop, lab)),
			Check: resource.ComposeAggregateTestCheckFunc(
				permitted(t, b, shop, lab),
				func(*terraform.State) error {
					b.Expect(t, 1, "DELETE", permissionsRoute+"/{permission_id}")
					return nil
				},
				resource.TestCheckResourceAttr(permissionsAddress, "permission_ids.%", "2"),
			),
		},
		acctest.Import(permissionsAddress, []string{"fine_tuned_model_checkpoint"}),
		// Another order is no change.
		resource.TestStep{Config: b.Config(permissionsConfig(checkpoint, lab, shop)), ConfigPlanChecks: acctest.Action(permissionsAddress, plancheck.ResourceActionNoop)},
		resource.TestStep{
			Config:           b.Config(permissionsConfig(checkpoint, lab, other)),
			ConfigPlanChecks: acctest.Action(permissionsAddress, plancheck.ResourceActionUpdate),
			Check:            permitted(t, b, lab, other),
		},
		// Changes outside Terraform are reverted.
		resource.TestStep{
			PreConfig: func() { permit(t, b, shop) },
			Config: b.Config(permissionsConfig(checkpoint, lab, other)) +
				fmt.Sprintf("data \"openai_fine_tuning_checkpoint_permissions\" \"test\" {\n  fine_tuned_model_checkpoint = %q\n  depends_on = [%s]\n}\n", checkpoint, permissionsAddress),
			ConfigPlanChecks: acctest.Action(permissionsAddress, plancheck.ResourceActionUpdate),
			Check: resource.ComposeAggregateTestCheckFunc(
				permitted(t, b, lab, other),
				resource.TestCheckResourceAttr("data.openai_fine_tuning_checkpoint_permissions.test", "project_ids.#", "2"),
				resource.TestCheckResourceAttrPair("data.openai_fine_tuning_checkpoint_permissions.test", "permission_ids."+lab, permissionsAddress, "permission_ids."+lab),
			),
		},
		// Another checkpoint is another object.
		resource.TestStep{
			Config:           b.Config(permissionsConfig("ft:gpt-4o:acme::other", lab)),
			ConfigPlanChecks: acctest.Action(permissionsAddress, plancheck.ResourceActionReplace),
			Check:            permitted(t, b),
		},
		resource.TestStep{Config: b.Config(permissionsConfig(checkpoint, shop)), Check: permitted(t, b, shop)},
	)
	if err := permitted(t, b)(nil); err != nil {
		t.Errorf("after destroy: %v", err)
	}
}

// All pages of the permissions are read.
func TestAccCheckpointPermissions_manyProjects(t *testing.T) {
	b := acctest.Start(t)
	projects := make([]string, 101)
	for i := range projects {
		projects[i] = b.Project(t, fmt.Sprint("p", i))
	}
	acctest.Test(t,
		resource.TestStep{
			Config: b.Config(permissionsConfig(checkpoint, projects...)),
			Check:  resource.ComposeAggregateTestCheckFunc(resource.TestCheckResourceAttr(permissionsAddress, "permission_ids.%", "101"), resource.TestCheckResourceAttr(permissionsAddress, "project_ids.#", "101")),
		},
		resource.TestStep{Config: b.Config(permissionsConfig(checkpoint)), Check: permitted(t, b)},
	)
}

func TestAccCheckpointPermissions_invalidConfiguration(t *testing.T) {
	b := acctest.Start(t)
	shop := b.Project(t, "shop")
	acctest.Refused(t, b, map[string]struct{ HCL, Message string }{
		"a slash":           {permissionsConfig("ft:gpt-4o/acme", shop), "is no valid id"},
		"no checkpoint":     {permissionsConfig("", shop), "must not be empty"},
		"no id of a proj":   {permissionsConfig(checkpoint, "a/b"), "is no valid id"},
		"unknown attribute": {strings.Replace(permissionsConfig(checkpoint, shop), "project_ids", "projects", 1), "An argument named \"projects\" is not expected here"},
	})
	acctest.Test(t, resource.TestStep{Config: b.Config(permissionsConfig(checkpoint, "proj_none")), ExpectError: acctest.Message("No such project: proj_none")})
}
