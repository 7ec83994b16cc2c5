package workloadidentity_test

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
)

const (
	providerAddress = "openai_workload_identity_provider.test"
	providersPath   = "/organization/workload_identity_providers"
	ruleAddress     = "openai_workload_identity_federation_rule.test"
	gitHub          = "https://token.actions.githubusercontent.com"
	publicKeys      = `{"keys":[{"kty":"RSA","n":"AQAB","e":"AQAB"}]}`
)

// issuerConfig is a provider whose body may name anything but its name.
func issuerConfig(issuer, audience, body string) string {
	return fmt.Sprintf("resource \"openai_workload_identity_provider\" \"test\" {\n  name = \"ci\"\n  issuer = %q\n  audience = %q\n  %s\n}\n", issuer, audience, body)
}

func gitHubConfig(body string) string {
	return issuerConfig(gitHub, "https://api.openai.com/v1", body)
}

// text is a piece of JSON.
type text string

func (x *text) UnmarshalJSON(data []byte) error { *x = text(data); return nil }

// told is a provider as the API tells it.
type told struct {
	Name, Issuer, Audience   string
	Description              *string
	Enabled                  bool
	AttributeTransformations text `json:"attribute_transformations"`
	Verification             text
}

func theProvider(t *testing.T, b *acctest.Backend, check func(told) bool) resource.TestCheckFunc {
	return func(*terraform.State) error {
		var list struct{ Data []told }
		b.Do(t, "GET", providersPath, nil, &list)
		if len(list.Data) != 1 || !check(list.Data[0]) {
			return fmt.Errorf("the providers are %+v", list.Data)
		}
		return nil
	}
}

func TestAccIdentityProvider_lifecycle(t *testing.T) {
	b := acctest.Start(t)
	var id string
	acctest.Test(t,
		resource.TestStep{
			PreConfig: func() { b.Mark(t) },
			Config:    b.Config(gitHubConfig("")),
			Check: resource.ComposeAggregateTestCheckFunc(
				acctest.TakeID(providerAddress, &id),
				func(*terraform.State) error { b.ExpectWrites(t, 1); return nil },
				resource.TestCheckResourceAttr(providerAddress, "enabled", "true"),
				theProvider(t, b, func(p told) bool {
					return p.Enabled && p.Issuer == gitHub && p.Audience == "https://api.openai.com/v1" && p.Description == nil &&
						p.AttributeTransformations == "[]" && p.Verification == `{"discovery_url":null,"type":"discovery"}`
				}),
			),
		},
		acctest.Import(providerAddress, []string{"workload_identity_provider_id"}),
		resource.TestStep{
			Config:           b.Config(gitHubConfig("enabled = false\n  description = \"CI\"\n  jwks = jsonencode(jsondecode(" + fmt.Sprintf("%q", publicKeys) + "))\n  attribute_transformations = { repo = \"assertion.repository\" }")),
			ConfigPlanChecks: acctest.Action(providerAddress, plancheck.ResourceActionUpdate),
			Check: resource.ComposeAggregateTestCheckFunc(
				resource.TestCheckResourceAttrPtr(providerAddress, "id", &id),
				theProvider(t, b, func(p told) bool {
					return !p.Enabled && *p.Description == "CI" && p.AttributeTransformations == `[{"attribute":"repo","expression":"assertion.repository"}]` &&
						p.Verification == `{"jwks":`+`{"keys":[{"e":"AQAB","kty":"RSA","n":"AQAB"}]},"type":"uploaded_jwks"}`
				}),
			),
		},
		// The same keys in another layout.
		resource.TestStep{
			Config:           b.Config(gitHubConfig("enabled = false\n  description = \"CI\"\n  jwks = <<-EOT\n{ \"keys\": [ {\"n\": \"AQAB\", \"e\": \"AQAB\", \"kty\": \"RSA\"} ] }\nEOT\n  attribute_transformations = { repo = \"assertion.repository\" }")),
			ConfigPlanChecks: acctest.Action(providerAddress, plancheck.ResourceActionNoop),
		},
		acctest.Import(providerAddress, []string{"workload_identity_provider_id"}),
		// What is taken out of the configuration goes.
		resource.TestStep{
			Config:           b.Config(gitHubConfig(`discovery_url = "https://keys.example.com/openid"`)),
			ConfigPlanChecks: acctest.Action(providerAddress, plancheck.ResourceActionUpdate),
			Check: theProvider(t, b, func(p told) bool {
				return p.Enabled && p.Description == nil && p.AttributeTransformations == "[]" && p.Verification == `{"discovery_url":"https://keys.example.com/openid","type":"discovery"}`
			}),
		},
	)
	if status, _ := b.Try(t, "GET", providersPath+"/"+id, nil); status != 404 {
		t.Errorf("after destroy the provider answers %d", status)
	}
}

func TestAccIdentityProvider_disappearsAndDrifts(t *testing.T) {
	b := acctest.Start(t)
	config := b.Config(gitHubConfig(""))
	var id string
	acctest.Test(t,
		resource.TestStep{Config: config, Check: acctest.TakeID(providerAddress, &id)},
		resource.TestStep{
			PreConfig:        func() { b.Do(t, "POST", providersPath+"/"+id, map[string]string{"audience": "anybody"}, nil) },
			Config:           config,
			ConfigPlanChecks: acctest.Action(providerAddress, plancheck.ResourceActionUpdate),
			Check:            theProvider(t, b, func(p told) bool { return p.Audience == "https://api.openai.com/v1" }),
		},
		resource.TestStep{
			PreConfig:        func() { b.Do(t, "DELETE", providersPath+"/"+id, nil, nil) },
			Config:           config,
			ConfigPlanChecks: acctest.Action(providerAddress, plancheck.ResourceActionCreate),
		},
	)
}

func TestAccIdentityProvider_badInput(t *testing.T) {
	b := acctest.Start(t)
	const good = "https://api.openai.com/v1"
	keys := func(json string) string { return gitHubConfig(fmt.Sprintf("jwks = %q", json)) }
	acctest.Refused(t, b, map[string]struct{ HCL, Message string }{
		"plain http":            {issuerConfig("http://example.com", good, ""), "issuer must be an HTTPS URL"},
		"no URL":                {issuerConfig("token.actions.githubusercontent.com", good, ""), "issuer must be an HTTPS URL"},
		"a query":               {issuerConfig("https://example.com?a=b", good, ""), "issuer must have no query and no fragment"},
		"a user":                {issuerConfig("https://a:b@example.com", good, ""), "issuer must not hold a user name or a password"},
		"the discovery URL":     {issuerConfig(gitHub+"/.well-known/openid-configuration", good, ""), "issuer must be the issuer itself"},
		"no audience":           {issuerConfig(gitHub, "", ""), "audience must not be empty"},
		"a broken audience":     {issuerConfig(gitHub, "open ai", ""), "audience must not contain white space"},
		"no URI":                {issuerConfig(gitHub, "1:2", ""), "audience must be a URI when it has a colon"},
		"two sources of keys":   {gitHubConfig("discovery_url = \"https://example.com\"\n  jwks = " + fmt.Sprintf("%q", publicKeys)), "cannot be specified when"},
		"no keys":               {keys(`{"keys":[]}`), "jwks must be a JSON Web Key Set"},
		"no JSON":               {keys(`keys`), "jwks must be a JSON Web Key Set"},
		"a private key":         {keys(`{"keys":[{"kty":"RSA","n":"AQAB","e":"AQAB","d":"x"}]}`), "must hold public keys only: key 0 has its private part"},
		"an empty expression":   {gitHubConfig(`attribute_transformations = { repo = "" }`), "string length must be between 1 and 4096"},
		"transformations empty": {gitHubConfig(`attribute_transformations = {}`), "must contain at least 1 elements"},
	})
}

// ruleConfig is a rule for a service account of a project.
func ruleConfig(project, account, matchers, body string) string {
	return gitHubConfig("") + fmt.Sprintf(`resource "openai_workload_identity_federation_rule" "test" {
  workload_identity_provider_id = openai_workload_identity_provider.test.id
  project_id         = %q
  service_account_id = %q
  attribute_matchers = %s
  %s
}
`, project, account, matchers, body)
}

func newAccount(t *testing.T, b *acctest.Backend, project string) string {
	t.Helper()
	var made struct{ ID string }
	b.Do(t, "POST", "/organization/projects/"+project+"/service_accounts", struct {
		Name string `json:"name"`
		Only bool   `json:"create_service_account_only"`
	}{"ci", true}, &made)
	return made.ID
}

// theRule asserts the one rule of the provider in state.
func theRule(t *testing.T, b *acctest.Backend, matchers, permissions text) resource.TestCheckFunc {
	return func(s *terraform.State) error {
		var list struct {
			Data []struct {
				AttributeMatchers text `json:"attribute_matchers"`
				Permissions       text
			}
		}
		b.Do(t, "GET", providersPath+"/"+acctest.Value(s, providerAddress, "id")+"/federation_rules", nil, &list)
		if len(list.Data) != 1 || list.Data[0].AttributeMatchers != matchers || list.Data[0].Permissions != permissions {
			return fmt.Errorf("the rules are %+v", list.Data)
		}
		return nil
	}
}

func TestAccFederationRule_lifecycle(t *testing.T) {
	b := acctest.Start(t)
	project := b.Project(t, "dev")
	account, other := newAccount(t, b, project), newAccount(t, b, project)
	const everything = `{"type":"service_account_default"}`
	mixed := "{ repository = \"acme/shop\", fork = false, runs = 7, share = 0.5 }"
	var id string
	acctest.Test(t,
		resource.TestStep{
			PreConfig: func() { b.Mark(t) },
			Config:    b.Config(ruleConfig(project, account, mixed, "")),
			Check: resource.ComposeAggregateTestCheckFunc(
				acctest.TakeID(ruleAddress, &id),
				func(*terraform.State) error { b.ExpectWrites(t, 2); return nil },
				theRule(t, b, `{"fork":false,"repository":"acme/shop","runs":7,"share":0.5}`, everything),
			),
		},
		acctest.Import(ruleAddress, []string{"workload_identity_provider_id", "workload_identity_federation_rule_id"}),
		resource.TestStep{
			Config:           b.Config(ruleConfig(project, account, `{ repository = "acme/shop", run = "7" }`, "name = \"ci\"\n  description = \"main\"\n  enabled = false\n  scopes = [\"api.responses.write\"]")),
			ConfigPlanChecks: acctest.Action(ruleAddress, plancheck.ResourceActionUpdate),
			Check: resource.ComposeAggregateTestCheckFunc(
				resource.TestCheckResourceAttrPtr(ruleAddress, "id", &id),
				resource.TestCheckResourceAttr(ruleAddress, "enabled", "false"),
				// A text stays a text, also when it looks like a number.
				theRule(t, b, `{"repository":"acme/shop","run":"7"}`, `{"type":"restricted","scopes":["api.responses.write"]}`),
			),
		},
		// A map says the same as an object.
		resource.TestStep{
			Config:           b.Config(ruleConfig(project, account, `tomap({ repository = "acme/shop", run = "7" })`, "name = \"ci\"\n  description = \"main\"\n  enabled = false\n  scopes = [\"api.responses.write\"]")),
			ConfigPlanChecks: acctest.Action(ruleAddress, plancheck.ResourceActionNoop),
		},
		acctest.Import(ruleAddress, []string{"workload_identity_provider_id", "workload_identity_federation_rule_id"}),
		resource.TestStep{
			Config:           b.Config(ruleConfig(project, account, `{ repository = "acme/shop" }`, "")),
			ConfigPlanChecks: acctest.Action(ruleAddress, plancheck.ResourceActionUpdate),
			Check: resource.ComposeAggregateTestCheckFunc(
				resource.TestCheckNoResourceAttr(ruleAddress, "name"),
				resource.TestCheckResourceAttr(ruleAddress, "enabled", "true"),
				theRule(t, b, `{"repository":"acme/shop"}`, everything),
			),
		},
		resource.TestStep{
			Config:           b.Config(ruleConfig(project, other, `{ repository = "acme/shop" }`, "")),
			ConfigPlanChecks: acctest.Action(ruleAddress, plancheck.ResourceActionReplace),
			Check:            theRule(t, b, `{"repository":"acme/shop"}`, everything),
		},
	)
}

func TestAccFederationRule_disappearsAndDrifts(t *testing.T) {
	b := acctest.Start(t)
	project := b.Project(t, "dev")
	account := newAccount(t, b, project)
	config := b.Config(ruleConfig(project, account, `{ repository = "acme/shop" }`, ""))
	var provider, id string
	path := func() string { return providersPath + "/" + provider + "/federation_rules/" + id }
	acctest.Test(t,
		resource.TestStep{Config: config, Check: resource.ComposeAggregateTestCheckFunc(acctest.TakeID(providerAddress, &provider), acctest.TakeID(ruleAddress, &id))},
		resource.TestStep{
			PreConfig: func() {
				b.Do(t, "POST", path(), map[string]map[string]bool{"attribute_matchers": {"public": true}}, nil)
			},
			Config:           config,
			ConfigPlanChecks: acctest.Action(ruleAddress, plancheck.ResourceActionUpdate),
			Check:            theRule(t, b, `{"repository":"acme/shop"}`, `{"type":"service_account_default"}`),
		},
		resource.TestStep{
			PreConfig:        func() { b.Do(t, "DELETE", path(), nil, nil) },
			Config:           config,
			ConfigPlanChecks: acctest.Action(ruleAddress, plancheck.ResourceActionCreate),
			Check:            acctest.TakeID(ruleAddress, &id),
		},
		// The provider cannot go before its rules, and Terraform knows.
		resource.TestStep{Config: b.Config("")},
	)
}

func TestAccFederationRule_badInput(t *testing.T) {
	b := acctest.Start(t)
	project := b.Project(t, "dev")
	account := newAccount(t, b, project)
	acctest.Refused(t, b, map[string]struct{ HCL, Message string }{
		"no matchers":      {ruleConfig(project, account, "{}", ""), "attribute_matchers must not be empty: every token of the issuer would match"},
		"an empty map":     {ruleConfig(project, account, "tomap({})", ""), "attribute_matchers must not be empty"},
		"a text":           {ruleConfig(project, account, `"acme/shop"`, ""), "attribute_matchers must be an object"},
		"a list of values": {ruleConfig(project, account, `{ repository = ["a", "b"] }`, ""), "has repository, which must be a string, a bool or a number"},
		"nothing to match": {ruleConfig(project, account, `{ repository = null }`, ""), "has repository, which must not be null"},
		"no scopes":        {ruleConfig(project, account, `{ a = "b" }`, "scopes = []"), "must contain at least 1 elements"},
		"an id of nothing": {ruleConfig(project, "a/b", `{ a = "b" }`, ""), "service_account_id is no valid id"},
	})
	acctest.Test(t, resource.TestStep{Config: b.Config(ruleConfig(project, "svc_acct_none", `{ a = "b" }`, "")), ExpectError: acctest.Message("No such service account: svc_acct_none")})
}
