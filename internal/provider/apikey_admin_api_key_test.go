package provider_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
	"github.com/allthingsai/terraform-provider-openai/internal/seal"
)

const (
	adminKeyAddress = "openai_admin_api_key.test"
	adminKeysRoute  = "/v1/organization/admin_api_keys"
)

func adminKeyConfig(body string) string {
	return resourceConfig("admin_api_key", body)
}

func TestAccAdminAPIKey_lifecycle(t *testing.T) {
	clock := acctest.NewClock()
	b := acctest.StartAt(t, clock)
	ours := newAgeIdentity(t)
	sealed := b.Config(adminKeyConfig(fmt.Sprintf("name = \"ci\"\nexpires_in_seconds = 86400\nage_recipients = [%q]", ours.Recipient())))
	var id string
	// opens asserts that a secret administers the organization.
	opens := func(secret string) error {
		as := *b
		as.AdminKey = secret
		if status, _ := as.Try(t, "GET", "/organization/projects", nil); status != 200 {
			return fmt.Errorf("the key is answered %d", status)
		}
		return nil
	}
	acctest.TestAt(t, clock,
		resource.TestStep{
			PreConfig: func() { b.Mark(t) },
			Config:    b.Config(adminKeyConfig(`name = "ci"`)),
			Check: resource.ComposeAggregateTestCheckFunc(
				acctest.TakeID(adminKeyAddress, &id),
				resource.TestCheckNoResourceAttr(adminKeyAddress, "expires_at"),
				func(s *terraform.State) error {
					b.Expect(t, 1, "POST", adminKeysRoute)
					b.ExpectWrites(t, 1)
					return opens(acctest.Value(s, adminKeyAddress, "value"))
				},
			),
		},
		acctest.Import(adminKeyAddress, []string{"admin_api_key_id"}, "value", "secret_available"),
		resource.TestStep{
			Config:           sealed,
			ConfigPlanChecks: acctest.Action(adminKeyAddress, plancheck.ResourceActionReplace),
			Check: resource.ComposeAggregateTestCheckFunc(
				acctest.TakeID(adminKeyAddress, &id),
				resource.TestCheckNoResourceAttr(adminKeyAddress, "value"),
				resource.TestCheckResourceAttr(adminKeyAddress, "expires_at", fmt.Sprint(clock.Now().Unix()+86400)),
				func(s *terraform.State) error {
					secret, err := seal.Open(acctest.Value(s, adminKeyAddress, "sealed_value"), ours.String())
					if err != nil {
						return err
					}
					return opens(secret)
				},
			),
		},
		resource.TestStep{
			PreConfig: func() {
				clock.Advance(10 * time.Minute) // a 404 of a younger key is not believed
				b.Do(t, "DELETE", "/organization/admin_api_keys/"+id, nil, nil)
			},
			Config:           sealed,
			ConfigPlanChecks: acctest.Action(adminKeyAddress, plancheck.ResourceActionCreate),
		},
		resource.TestStep{
			PreConfig:        func() { clock.Advance(24 * time.Hour) },
			Config:           sealed,
			ConfigPlanChecks: acctest.Action(adminKeyAddress, plancheck.ResourceActionReplace),
			Check: resource.ComposeAggregateTestCheckFunc(
				acctest.TakeID(adminKeyAddress, &id),
				func(s *terraform.State) error {
					return resource.TestCheckResourceAttr(adminKeyAddress, "key_version", fmt.Sprint(clock.Now().Unix()))(s)
				},
			),
		},
	)
	if status, _ := b.Try(t, "GET", "/organization/admin_api_keys/"+id, nil); status != 404 {
		t.Errorf("after destroy the key answers %d", status)
	}
}

// An import forces no replacement, for any configuration.
func TestAccAdminAPIKey_imported(t *testing.T) {
	b := acctest.Start(t)
	var made struct{ ID string }
	b.Do(t, "POST", "/organization/admin_api_keys", map[string]string{"name": "ci"}, &made)
	body := adminKeyConfig(fmt.Sprintf("name = \"ci\"\nexpires_in_seconds = 86400\nage_recipients = [%q]", newAgeIdentity(t).Recipient()))
	acctest.Test(t,
		resource.TestStep{
			Config: b.Config("import {\n  to = openai_admin_api_key.test\n  id = \"" + made.ID + "\"\n}\n" + body),
			Check: resource.ComposeAggregateTestCheckFunc(
				resource.TestCheckResourceAttr(adminKeyAddress, "id", made.ID),
				resource.TestCheckResourceAttr(adminKeyAddress, "secret_available", "false"),
				resource.TestCheckNoResourceAttr(adminKeyAddress, "sealed_value"),
			),
		},
		resource.TestStep{Config: b.Config(body), ConfigPlanChecks: acctest.Action(adminKeyAddress, plancheck.ResourceActionNoop)},
		resource.TestStep{
			Config: b.Config(adminKeyConfig(`name = "other"`)), ConfigPlanChecks: acctest.Action(adminKeyAddress, plancheck.ResourceActionReplace),
			Check: resource.TestCheckResourceAttr(adminKeyAddress, "secret_available", "true"),
		},
	)
}

func TestAccAdminAPIKey_invalidConfiguration(t *testing.T) {
	b := acctest.Start(t)
	acctest.Refused(t, b, map[string]struct{ HCL, Message string }{
		"empty name":   {adminKeyConfig(`name = ""`), "name must not be empty"},
		"no life":      {adminKeyConfig("name = \"a\"\nexpires_in_seconds = 0"), "expires_in_seconds value must be between 1 and 31536000"},
		"no recipient": {adminKeyConfig("name = \"a\"\nage_recipients = [\"age1\"]"), "is no age recipient"},
	})
}
