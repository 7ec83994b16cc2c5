package provider_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
)

const projectKeyAddress = "openai_project_api_key.test"

// team is a project with a service account, made outside Terraform.
type team struct{ project, account string }

func newTeam(t *testing.T, b *acctest.Backend) team {
	t.Helper()
	project := b.Project(t, "dev")
	return team{project, newServiceAccount(t, b, project, "billing")}
}

func (tm team) key(body string) string {
	return fmt.Sprintf("resource \"openai_project_api_key\" \"test\" {\n  project_id = %q\n  service_account_id = %q\n  %s\n}\n", tm.project, tm.account, body)
}

func (tm team) path(id string) string {
	return "/organization/projects/" + tm.project + "/api_keys/" + id
}

func TestAccAPIKey_lifecycle(t *testing.T) {
	b := acctest.Start(t)
	tm := newTeam(t, b)
	var id, value string
	sameKey := func(s *terraform.State) error {
		if now := acctest.Value(s, projectKeyAddress, "id"); now != id {
			return fmt.Errorf("the key is %s, was %s", now, id)
		}
		if acctest.Value(s, projectKeyAddress, "value") != value {
			return fmt.Errorf("the secret has changed")
		}
		return nil
	}
	acctest.Test(t,
		resource.TestStep{
			PreConfig: func() { b.Mark(t) },
			Config:    b.Config(tm.key("name = \"billing\"\nscopes = [\"api.all.read\"]")),
			Check: resource.ComposeAggregateTestCheckFunc(
				acctest.TakeID(projectKeyAddress, &id),
				resource.TestMatchResourceAttr(projectKeyAddress, "value", regexp.MustCompile(`^sk-svcacct-.{20,}$`)),
				resource.TestCheckResourceAttr(projectKeyAddress, "secret_available", "true"),
				resource.TestCheckResourceAttr(projectKeyAddress, "status", "active"),
				resource.TestCheckNoResourceAttr(projectKeyAddress, "expires_at"),
				func(s *terraform.State) error {
					value = acctest.Value(s, projectKeyAddress, "value")
					b.Expect(t, 1, "POST", serviceAccountsRoute+"/{service_account_id}/api_keys")
					return nil
				},
			),
		},
		resource.TestStep{
			PreConfig:        func() { b.Mark(t) },
			Config:           b.Config(tm.key("name = \"billing\"\nscopes = [\"api.files.read\", \"model.request\"]\nexpires_in_seconds = 7776000")),
			ConfigPlanChecks: acctest.Action(projectKeyAddress, plancheck.ResourceActionUpdate),
			Check: resource.ComposeAggregateTestCheckFunc(
				sameKey,
				resource.TestCheckResourceAttrSet(projectKeyAddress, "expires_at"),
				resource.TestCheckResourceAttr(projectKeyAddress, "scopes.#", "2"),
				func(*terraform.State) error {
					b.Expect(t, 1, "POST", projectKeysRoute+"/{key_id}")
					return nil
				},
			),
		},
		// Values that the API returns only at creation are null after an import.
		acctest.Import(projectKeyAddress, []string{"project_id", "api_key_id"}, "value", "secret_available", "scopes", "expires_in_seconds"),
		resource.TestStep{
			Config:           b.Config(tm.key("name = \"billing\"\nexpires_in_seconds = 7776000")),
			ConfigPlanChecks: acctest.Action(projectKeyAddress, plancheck.ResourceActionUpdate),
			Check:            resource.ComposeAggregateTestCheckFunc(sameKey, resource.TestCheckNoResourceAttr(projectKeyAddress, "scopes.#")),
		},
		// An expiry cannot be taken away.
		resource.TestStep{
			Config:           b.Config(tm.key(`name = "billing"`)),
			ConfigPlanChecks: acctest.Action(projectKeyAddress, plancheck.ResourceActionReplace),
			Check:            acctest.TakeID(projectKeyAddress, &id),
		},
		resource.TestStep{
			Config:           b.Config(tm.key(`name = "invoices"`)),
			ConfigPlanChecks: acctest.Action(projectKeyAddress, plancheck.ResourceActionReplace),
			Check:            acctest.TakeID(projectKeyAddress, &id),
		},
	)
	if status, _ := b.Try(t, "GET", tm.path(id), nil); status != 404 {
		t.Errorf("after destroy the key answers %d", status)
	}
}

func TestAccAPIKey_disappears(t *testing.T) {
	b := acctest.Start(t)
	tm := newTeam(t, b)
	config := b.Config(tm.key(`name = "billing"`))
	var id string
	acctest.Test(t,
		resource.TestStep{Config: config, Check: acctest.TakeID(projectKeyAddress, &id)},
		resource.TestStep{
			PreConfig:        func() { b.Do(t, "DELETE", tm.path(id), nil, nil) },
			Config:           config,
			ConfigPlanChecks: acctest.Action(projectKeyAddress, plancheck.ResourceActionCreate),
		},
	)
}

// An expiry that was changed outside Terraform is read, and makes no plan: the
// configuration sets a lifetime, not a time of expiry.
func TestAccAPIKey_expiryMovedOutsideTerraform(t *testing.T) {
	b := acctest.Start(t)
	tm := newTeam(t, b)
	config := b.Config(tm.key("name = \"billing\"\nexpires_in_seconds = 3600"))
	var id, before string
	acctest.Test(t,
		resource.TestStep{Config: config, Check: func(s *terraform.State) error {
			before = acctest.Value(s, projectKeyAddress, "expires_at")
			return acctest.TakeID(projectKeyAddress, &id)(s)
		}},
		resource.TestStep{
			PreConfig:        func() { b.Do(t, "POST", tm.path(id), map[string]int{"expires_in_seconds": 7200}, nil) },
			Config:           config,
			ConfigPlanChecks: acctest.Action(projectKeyAddress, plancheck.ResourceActionNoop),
		},
		resource.TestStep{RefreshState: true, Check: func(s *terraform.State) error {
			if now := acctest.Value(s, projectKeyAddress, "expires_at"); now == before {
				return fmt.Errorf("expires_at is still %s", now)
			}
			return nil
		}},
	)
}

func TestAccAPIKey_otherAccountReplaces(t *testing.T) {
	b := acctest.Start(t)
	tm := newTeam(t, b)
	other := team{tm.project, newServiceAccount(t, b, tm.project, "invoices")}
	acctest.Test(t,
		resource.TestStep{Config: b.Config(tm.key(`name = "billing"`))},
		resource.TestStep{
			Config:           b.Config(other.key(`name = "billing"`)),
			ConfigPlanChecks: acctest.Action(projectKeyAddress, plancheck.ResourceActionReplace),
		},
	)
}

func TestAccAPIKey_invalidConfiguration(t *testing.T) {
	b := acctest.Start(t)
	tm := newTeam(t, b)
	acctest.Refused(t, b, map[string]struct{ HCL, Message string }{
		"empty name":   {tm.key(`name = ""`), "name must not be empty"},
		"no scopes":    {tm.key("name = \"a\"\nscopes = []"), "the API reads an empty set as all permissions"},
		"no life":      {tm.key("name = \"a\"\nexpires_in_seconds = 0"), "expires_in_seconds value must be between 1 and 31536000"},
		"too long":     {tm.key("name = \"a\"\nexpires_in_seconds = 31536001"), "expires_in_seconds value must be between 1 and 31536000"},
		"empty scope":  {tm.key("name = \"a\"\nscopes = [\"\"]"), "must not be empty"},
		"no such path": {tm.key("name = \"a\"\nvalue = \"sk-mine\""), `Invalid Configuration for Read-Only Attribute`},
		"no duration":  {rotatingKey(tm, "90 days", "7d"), `rotation.after must be a duration such as 30m, 12h or 7d, got "90 days"`},
		"too short":    {rotatingKey(tm, "30s", "0s"), `rotation.after must be a duration from 1m to 3650d, got "30s"`},
		"long by far":  {rotatingKey(tm, "900d", "366d"), `rotation.overlap must be a duration from 0s to 365d, got "366d"`},
		"fraction":     {rotatingKey(tm, "90d", "1500ms"), "rotation.overlap must be a duration of whole seconds"},
		"long overlap": {rotatingKey(tm, "7d", "8d"), "rotation.overlap (8d) must not be longer than rotation.after (7d)"},
		"short life":   {rotatingKey(tm, "90d", "7d", "expires_in_seconds = 7776000"), "expires_in_seconds (90d) must be longer than rotation.after (90d)"},
		"no recipient": {tm.key("name = \"a\"\nage_recipients = [\"ops@example.com\"]"), `"ops@example.com" is no recipient`},
		"recipients":   {tm.key("name = \"a\"\nage_recipients = []"), "at least one recipient is needed"},
		"other project": {
			team{b.Project(t, "other"), tm.account}.key(`name = "a"`),
			tm.account + " is not a service account of project proj_",
		},
	})
}

func rotatingKey(tm team, after, overlap string, more ...string) string {
	return tm.key(fmt.Sprintf("name = \"billing\"\nrotation = { after = %q, overlap = %q }\n%s", after, overlap, strings.Join(more, "\n")))
}

// The API does not return the policy. The error of a refused lifetime has the
// maximum, and the attribute to set.
func TestAccAPIKey_policy(t *testing.T) {
	b := acctest.Start(t)
	tm := newTeam(t, b)
	b.Do(t, "POST", "/_emulator/key_policies", map[string]any{"project_id": tm.project, "max_lifetime_seconds": 86400}, nil)
	short := b.Config(tm.key("name = \"a\"\nexpires_in_seconds = 86400"))
	acctest.Test(t,
		resource.TestStep{Config: b.Config(tm.key(`name = "a"`)), ExpectError: acctest.Message("'expires_in_seconds' must be set, to at most 86400")},
		resource.TestStep{Config: b.Config(tm.key("name = \"a\"\nexpires_in_seconds = 86401")), ExpectError: acctest.Message("Set expires_in_seconds to at most the maximum above")},
		resource.TestStep{Config: short},
		resource.TestStep{
			PreConfig: func() {
				b.Do(t, "POST", "/_emulator/key_policies", map[string]any{"creation": "users"}, nil)
			},
			Config:           short,
			ConfigPlanChecks: acctest.Action(projectKeyAddress, plancheck.ResourceActionNoop),
		},
		resource.TestStep{Config: b.Config(tm.key("name = \"b\"\nexpires_in_seconds = 86400")), ExpectError: acctest.Message("does not allow new API keys of service accounts")},
	)
}
