package provider_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
)

const (
	groupAddress = "openai_group.test"
	groupsPath   = "/organization/groups"
)

func TestAccGroup_lifecycle(t *testing.T) {
	b := startWithGroups(t)
	var id string
	acctest.Test(t,
		resource.TestStep{
			PreConfig: func() { b.Mark(t) },
			Config:    b.Config(resourceConfig("group", `name = "Ops"`)),
			Check: resource.ComposeAggregateTestCheckFunc(
				acctest.TakeID(groupAddress, &id),
				resource.TestCheckResourceAttrPair(groupAddress, "id", groupAddress, "group_id"),
				resource.TestCheckResourceAttr(groupAddress, "group_type", "group"),
				resource.TestCheckResourceAttr(groupAddress, "is_scim_managed", "false"),
				resource.TestCheckResourceAttrSet(groupAddress, "created_at"),
				func(*terraform.State) error {
					b.ExpectWrites(t, 1)
					// The search for orphans, in the plan and in the apply.
					b.Expect(t, 2, "GET", "/v1/organization/groups")
					return nil
				},
			),
		},
		// The answer to a change leaves the type out.
		resource.TestStep{
			Config:           b.Config(resourceConfig("group", `name = "Operations"`)),
			ConfigPlanChecks: acctest.Action(groupAddress, plancheck.ResourceActionUpdate),
			Check: resource.ComposeAggregateTestCheckFunc(
				resource.TestCheckResourceAttrPtr(groupAddress, "id", &id),
				resource.TestCheckResourceAttr(groupAddress, "group_type", "group"),
			),
		},
		acctest.Import(groupAddress, []string{"id"}),
		resource.TestStep{
			PreConfig:        func() { b.Do(t, "POST", groupsPath+"/"+id, map[string]string{"name": "Other"}, nil) },
			Config:           b.Config(resourceConfig("group", `name = "Operations"`)),
			ConfigPlanChecks: acctest.Action(groupAddress, plancheck.ResourceActionUpdate),
		},
		resource.TestStep{
			PreConfig:        func() { b.Do(t, "DELETE", groupsPath+"/"+id, nil, nil) },
			Config:           b.Config(resourceConfig("group", `name = "Operations"`)),
			ConfigPlanChecks: acctest.Action(groupAddress, plancheck.ResourceActionCreate),
			Check:            acctest.TakeID(groupAddress, &id),
		},
	)
	expectNotFound(t, b, groupsPath+"/"+id)
}

// A group of the identity provider is read, and nothing is sent that would
// change it.
func TestAccGroup_managedByTheIdentityProvider(t *testing.T) {
	b := startWithGroups(t)
	config := resourceConfig("group", `name = "Staff"`)
	acctest.Test(t,
		resource.TestStep{
			Config: b.Config(importBlock(groupAddress, scimGroup, config)),
			Check:  resource.TestCheckResourceAttr(groupAddress, "is_scim_managed", "true"),
		},
		resource.TestStep{PreConfig: func() { b.Mark(t) }, Config: b.Config(resourceConfig("group", `name = "Other"`)), PlanOnly: true, ExpectError: acctest.Message(`group "Staff" (group_scim) is managed through SCIM`)},
		resource.TestStep{Config: b.Config(""), PlanOnly: true, ExpectError: acctest.Message("is managed through SCIM")},
		resource.TestStep{Config: b.Config(removedBlock(groupAddress))},
	)
	b.ExpectWrites(t, 0)
}

func TestAccGroup_invalidConfiguration(t *testing.T) {
	b := startWithGroups(t)
	acctest.Refused(t, b, map[string]struct{ HCL, Message string }{
		"no name":  {resourceConfig("group", `name = ""`), "name must not be empty"},
		"too long": {resourceConfig("group", `name = "`+strings.Repeat("x", 256)+`"`), "at most 255"},
	})
}

func TestAccGroup_hundredGroupsTakeThreeReads(t *testing.T) {
	b := startWithGroups(t)
	config := b.Config("resource \"openai_group\" \"test\" {\n  count = 100\n  name = \"group-${count.index}\"\n}\n")
	acctest.Test(t,
		resource.TestStep{Config: config},
		resource.TestStep{
			PreConfig:    func() { b.Mark(t) },
			RefreshState: true,
			Check: func(*terraform.State) error {
				singles, pages := b.Count(t, "GET", "/v1/organization/groups/{group_id}"), b.Count(t, "GET", "/v1/organization/groups")
				// The test framework refreshes and then plans, in two processes.
				if runs := 2; singles+pages > 3*runs || pages == 0 {
					t.Errorf("refreshing 100 groups took %d single reads and %d pages", singles, pages)
				}
				return nil
			},
		},
	)
}
