package provider_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
)

const (
	serviceAccountAddress = "openai_project_service_account.test"
	serviceAccountsRoute  = "/v1/organization/projects/{project_id}/service_accounts"
	projectKeysRoute      = "/v1/organization/projects/{project_id}/api_keys"
)

func serviceAccountConfig(project, body string) string {
	return projectResource("service_account", project, body)
}

func TestAccServiceAccount_lifecycle(t *testing.T) {
	b := acctest.Start(t)
	project := b.Project(t, "dev")
	path := "/organization/projects/" + project
	var id string
	acctest.Test(t,
		resource.TestStep{
			PreConfig: func() { b.Mark(t) },
			Config:    b.Config(serviceAccountConfig(project, `name = "billing"`)),
			Check: resource.ComposeAggregateTestCheckFunc(
				acctest.TakeID(serviceAccountAddress, &id),
				resource.TestCheckResourceAttr(serviceAccountAddress, "role", "member"),
				resource.TestCheckResourceAttrSet(serviceAccountAddress, "created_at"),
				func(*terraform.State) error {
					b.Expect(t, 1, "POST", serviceAccountsRoute)
					// The role is a second request, or a stray key would be made.
					b.Expect(t, 1, "POST", serviceAccountsRoute+"/{service_account_id}")
					var keys struct{ Data []struct{ ID string } }
					b.Do(t, "GET", path+"/api_keys?owner_project_access=any", nil, &keys)
					if len(keys.Data) != 0 {
						return fmt.Errorf("the account came with %d keys", len(keys.Data))
					}
					return nil
				},
			),
		},
		resource.TestStep{
			Config:           b.Config(serviceAccountConfig(project, "name = \"billing-service\"\nrole = \"owner\"")),
			ConfigPlanChecks: acctest.Action(serviceAccountAddress, plancheck.ResourceActionUpdate),
			Check: resource.ComposeAggregateTestCheckFunc(
				resource.TestCheckResourceAttrPtr(serviceAccountAddress, "id", &id),
				resource.TestCheckResourceAttr(serviceAccountAddress, "name", "billing-service"),
				resource.TestCheckResourceAttr(serviceAccountAddress, "role", "owner"),
			),
		},
		acctest.Import(serviceAccountAddress, []string{"project_id", "service_account_id"}),
		// The role stays when the configuration does not mention it.
		resource.TestStep{
			Config:           b.Config(serviceAccountConfig(project, `name = "billing-service"`)),
			ConfigPlanChecks: acctest.Action(serviceAccountAddress, plancheck.ResourceActionNoop),
		},
	)
	if status, _ := b.Try(t, "GET", path+"/service_accounts/"+id, nil); status != 404 {
		t.Errorf("after destroy the account answers %d", status)
	}
}

func TestAccServiceAccount_withoutRole(t *testing.T) {
	b := acctest.Start(t)
	project := b.Project(t, "dev")
	none := b.Config(serviceAccountConfig(project, "name = \"idle\"\nrole = \"none\""))
	acctest.Test(t,
		resource.TestStep{
			PreConfig: func() { b.Mark(t) },
			Config:    none,
			Check: func(s *terraform.State) error {
				b.Expect(t, 1, "POST", serviceAccountsRoute)
				b.Expect(t, 0, "POST", serviceAccountsRoute+"/{service_account_id}")
				return resource.TestCheckResourceAttr(serviceAccountAddress, "role", "none")(s)
			},
		},
		resource.TestStep{
			Config:           b.Config(serviceAccountConfig(project, "name = \"idle\"\nrole = \"member\"")),
			ConfigPlanChecks: acctest.Action(serviceAccountAddress, plancheck.ResourceActionUpdate),
		},
		resource.TestStep{Config: none, ConfigPlanChecks: acctest.Action(serviceAccountAddress, plancheck.ResourceActionReplace)},
	)
}

func TestAccServiceAccount_disappearsAndDrifts(t *testing.T) {
	b := acctest.Start(t)
	dev, prod := b.Project(t, "dev"), b.Project(t, "prod")
	config := b.Config(serviceAccountConfig(dev, `name = "billing"`))
	var id string
	account := func() string { return "/organization/projects/" + dev + "/service_accounts/" + id }
	acctest.Test(t,
		resource.TestStep{Config: config, Check: acctest.TakeID(serviceAccountAddress, &id)},
		resource.TestStep{
			PreConfig:        func() { b.Do(t, "DELETE", account(), nil, nil) },
			Config:           config,
			ConfigPlanChecks: acctest.Action(serviceAccountAddress, plancheck.ResourceActionCreate),
			Check:            acctest.TakeID(serviceAccountAddress, &id),
		},
		resource.TestStep{
			PreConfig:        func() { b.Do(t, "POST", account(), map[string]string{"name": "by hand"}, nil) },
			Config:           config,
			ConfigPlanChecks: acctest.Action(serviceAccountAddress, plancheck.ResourceActionUpdate),
			Check: func(*terraform.State) error {
				var got struct{ Name string }
				b.Do(t, "GET", account(), nil, &got)
				if got.Name != "billing" {
					return fmt.Errorf("the name is %q", got.Name)
				}
				return nil
			},
		},
		resource.TestStep{
			Config:           b.Config(serviceAccountConfig(prod, `name = "billing"`)),
			ConfigPlanChecks: acctest.Action(serviceAccountAddress, plancheck.ResourceActionReplace),
		},
		// An archived project takes its accounts along.
		resource.TestStep{
			PreConfig:          func() { b.Do(t, "POST", "/organization/projects/"+prod+"/archive", nil, nil) },
			Config:             b.Config(serviceAccountConfig(prod, `name = "billing"`)),
			PlanOnly:           true,
			ExpectNonEmptyPlan: true,
		},
	)
}

func TestAccServiceAccount_invalidConfiguration(t *testing.T) {
	b := acctest.Start(t)
	project := b.Project(t, "dev")
	acctest.Refused(t, b, map[string]struct{ HCL, Message string }{
		"empty name":       {serviceAccountConfig(project, `name = ""`), "name must not be empty"},
		"unknown role":     {serviceAccountConfig(project, "name = \"a\"\nrole = \"admin\""), `role value must be one of: ["member" "owner" "none"]`},
		"no valid project": {serviceAccountConfig("a/b", `name = "a"`), "project_id is no valid id"},
	})
	var projects struct{ Data []struct{ ID string } }
	b.Do(t, "GET", "/organization/projects", nil, &projects)
	acctest.Test(t, resource.TestStep{
		Config:      b.Config(serviceAccountConfig(projects.Data[0].ID, `name = "a"`)),
		ExpectError: acctest.Message("Service accounts cannot be added to the default project"),
	})
}

// The plan warns of unmanaged keys that are revoked with an account.
func TestServiceAccountWarnsOfItsKeys(t *testing.T) {
	clock := acctest.NewClock()
	b := acctest.StartAt(t, clock)
	tm := newTeam(t, b)
	driver := func() *acctest.Driver { return acctest.NewDriver(t, b.URL, b.AdminKey, clock) }
	account, diags := driver().Apply(t, "openai_project_service_account", nil, map[string]any{"project_id": tm.project, "name": "invoices"})
	if len(diags) > 0 {
		t.Fatal(diags[0])
	}
	mine := map[string]any{"project_id": tm.project, "service_account_id": account.Attribute("id"), "name": "mine"}
	key, _ := driver().Apply(t, "openai_project_api_key", nil, mine)

	warning := func(manages bool) string {
		t.Helper()
		d := driver()
		if manages {
			if _, diags := d.PlanDestroy(t, key); len(diags) > 0 {
				t.Fatal(diags[0])
			}
		}
		b.Mark(t)
		ok, diags := d.PlanDestroy(t, account)
		if !ok {
			t.Fatal("the plan failed")
		}
		b.Expect(t, 1, "GET", projectKeysRoute)
		text := ""
		for _, d := range diags {
			text += d.Summary + ": " + d.Detail + "\n"
		}
		return text
	}
	if text := warning(true); text != "" {
		t.Errorf("although all keys are managed: %s", text)
	}
	var used, unused struct{ ID, Value string }
	keys := "/organization/projects/" + tm.project + "/service_accounts/" + account.Attribute("id") + "/api_keys"
	b.Do(t, "POST", keys, map[string]string{"name": "by hand"}, &used)
	b.Do(t, "POST", keys, map[string]string{"name": "forgotten"}, &unused)
	b.Works(t, used.Value)
	text := warning(true)
	for _, part := range []string{
		`service account "invoices" (` + account.Attribute("id") + ")",
		fmt.Sprintf("%q (%s), last used %s", "by hand", used.ID, clock.Now().UTC().Format(time.DateOnly)),
		fmt.Sprintf("%q (%s), never used", "forgotten", unused.ID),
	} {
		if !strings.Contains(text, part) {
			t.Errorf("the warning lacks %s: %s", part, text)
		}
	}
	if strings.Contains(text, key.Attribute("id")) {
		t.Errorf("the warning names a managed key: %s", text)
	}
}
