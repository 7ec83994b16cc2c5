package provider_test

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
)

const (
	identityProviderAddress = "openai_workload_identity_provider.test"
	identityProvidersPath   = "/organization/workload_identity_providers"
	federationRuleAddress   = "openai_workload_identity_federation_rule.test"
	gitHubIssuer            = "https://token.actions.githubusercontent.com"
	publicKeys              = `{"keys":[{"kty":"RSA","kid":"1","n":"AQAB","e":"AQAB"}]}`
)

// identityProviderConfig is a provider whose body may name anything but its name.
func identityProviderConfig(issuer, audience, body string) string {
	return fmt.Sprintf("resource \"openai_workload_identity_provider\" \"test\" {\n  name = \"ci\"\n  issuer = %q\n  audience = %q\n  %s\n}\n", issuer, audience, body)
}

func gitHubProviderConfig(body string) string {
	return identityProviderConfig(gitHubIssuer, "https://api.openai.com/v1", body)
}

// identityProvider is a provider as the API returns it.
type identityProvider struct {
	Name, Issuer, Audience   string
	Description              *string
	Enabled                  bool
	AttributeTransformations jsonText `json:"attribute_transformations"`
	Verification             jsonText
}

func onlyIdentityProvider(t *testing.T, b *acctest.Backend, check func(identityProvider) bool) resource.TestCheckFunc {
	return func(*terraform.State) error {
		var list struct{ Data []identityProvider }
		b.Do(t, "GET", identityProvidersPath, nil, &list)
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
			Config:    b.Config(gitHubProviderConfig("")),
			Check: resource.ComposeAggregateTestCheckFunc(
				acctest.TakeID(identityProviderAddress, &id),
				func(*terraform.State) error { b.ExpectWrites(t, 1); return nil },
				resource.TestCheckResourceAttr(identityProviderAddress, "enabled", "true"),
				onlyIdentityProvider(t, b, func(p identityProvider) bool {
					return p.Enabled && p.Issuer == gitHubIssuer && p.Audience == "https://api.openai.com/v1" && p.Description == nil &&
						p.AttributeTransformations == "[]" && p.Verification == `{"discovery_url":null,"type":"discovery"}`
				}),
			),
		},
		acctest.Import(identityProviderAddress, []string{"workload_identity_provider_id"}),
		resource.TestStep{
			Config:           b.Config(gitHubProviderConfig("enabled = false\n  description = \"CI\"\n  jwks = jsonencode(jsondecode(" + fmt.Sprintf("%q", publicKeys) + "))\n  attribute_transformations = { \"openai.repo\" = \"assertion.repository\" }")),
			ConfigPlanChecks: acctest.Action(identityProviderAddress, plancheck.ResourceActionUpdate),
			Check: resource.ComposeAggregateTestCheckFunc(
				resource.TestCheckResourceAttrPtr(identityProviderAddress, "id", &id),
				onlyIdentityProvider(t, b, func(p identityProvider) bool {
					return !p.Enabled && *p.Description == "CI" && p.AttributeTransformations == `[{"attribute":"openai.repo","expression":"assertion.repository"}]` &&
						p.Verification == `{"jwks":`+`{"keys":[{"e":"AQAB","kid":"1","kty":"RSA","n":"AQAB"}]},"type":"uploaded_jwks"}`
				}),
			),
		},
		// The same keys in another layout.
		resource.TestStep{
			Config:           b.Config(gitHubProviderConfig("enabled = false\n  description = \"CI\"\n  jwks = <<-EOT\n{ \"keys\": [ {\"n\": \"AQAB\", \"kid\": \"1\", \"e\": \"AQAB\", \"kty\": \"RSA\"} ] }\nEOT\n  attribute_transformations = { \"openai.repo\" = \"assertion.repository\" }")),
			ConfigPlanChecks: acctest.Action(identityProviderAddress, plancheck.ResourceActionNoop),
		},
		acctest.Import(identityProviderAddress, []string{"workload_identity_provider_id"}),
		// Arguments that are removed from the configuration return to their defaults.
		resource.TestStep{
			Config:           b.Config(gitHubProviderConfig(`discovery_url = "https://keys.example.com/openid"`)),
			ConfigPlanChecks: acctest.Action(identityProviderAddress, plancheck.ResourceActionUpdate),
			Check: onlyIdentityProvider(t, b, func(p identityProvider) bool {
				return p.Enabled && p.Description == nil && p.AttributeTransformations == "[]" && p.Verification == `{"discovery_url":"https://keys.example.com/openid","type":"discovery"}`
			}),
		},
	)
	if status, _ := b.Try(t, "GET", identityProvidersPath+"/"+id, nil); status != 404 {
		t.Errorf("after destroy the provider answers %d", status)
	}
}

func TestAccIdentityProvider_disappearsAndDrifts(t *testing.T) {
	b := acctest.Start(t)
	config := b.Config(gitHubProviderConfig(""))
	var id string
	acctest.Test(t,
		resource.TestStep{Config: config, Check: acctest.TakeID(identityProviderAddress, &id)},
		resource.TestStep{
			PreConfig:        func() { b.Do(t, "POST", identityProvidersPath+"/"+id, map[string]string{"audience": "anybody"}, nil) },
			Config:           config,
			ConfigPlanChecks: acctest.Action(identityProviderAddress, plancheck.ResourceActionUpdate),
			Check:            onlyIdentityProvider(t, b, func(p identityProvider) bool { return p.Audience == "https://api.openai.com/v1" }),
		},
		resource.TestStep{
			PreConfig:        func() { b.Do(t, "DELETE", identityProvidersPath+"/"+id, nil, nil) },
			Config:           config,
			ConfigPlanChecks: acctest.Action(identityProviderAddress, plancheck.ResourceActionCreate),
		},
	)
}

func TestAccIdentityProvider_invalidConfiguration(t *testing.T) {
	b := acctest.Start(t)
	const good = "https://api.openai.com/v1"
	keys := func(json string) string { return gitHubProviderConfig(fmt.Sprintf("jwks = %q", json)) }
	acctest.Refused(t, b, map[string]struct{ HCL, Message string }{
		"plain http":            {identityProviderConfig("http://example.com", good, ""), "issuer must be an HTTPS URL"},
		"no URL":                {identityProviderConfig("token.actions.githubusercontent.com", good, ""), "issuer must be an HTTPS URL"},
		"a query":               {identityProviderConfig("https://example.com?a=b", good, ""), "issuer must have no query and no fragment"},
		"a user":                {identityProviderConfig("https://a:b@example.com", good, ""), "issuer must not hold a user name or a password"},
		"the discovery URL":     {identityProviderConfig(gitHubIssuer+"/.well-known/openid-configuration", good, ""), "issuer must be the issuer itself"},
		"no audience":           {identityProviderConfig(gitHubIssuer, "", ""), "audience must not be empty"},
		"a broken audience":     {identityProviderConfig(gitHubIssuer, "open ai", ""), "audience must not contain white space"},
		"no URI":                {identityProviderConfig(gitHubIssuer, "1:2", ""), "audience must be a URI when it has a colon"},
		"two sources of keys":   {gitHubProviderConfig("discovery_url = \"https://example.com\"\n  jwks = " + fmt.Sprintf("%q", publicKeys)), "cannot be specified when"},
		"no keys":               {keys(`{"keys":[]}`), "jwks must be a JSON Web Key Set"},
		"no JSON":               {keys(`keys`), "jwks must be a JSON Web Key Set"},
		"a private key":         {keys(`{"keys":[{"kty":"RSA","kid":"1","n":"AQAB","e":"AQAB","d":"x"}]}`), "must hold public keys only: key 0 has its private part"},
		"keys without ids":      {keys(`{"keys":[{"kty":"RSA","n":"AQAB","e":"AQAB"}]}`), "must have a unique kid for each key: key 0 has none"},
		"keys with one id":      {keys(`{"keys":[{"kty":"RSA","kid":"1"},{"kty":"RSA","kid":"1"}]}`), "must have a unique kid for each key: key 1 has none, or that of another key"},
		"a port":                {gitHubProviderConfig(`discovery_url = "https://example.com:8443/keys"`), "must have no port, no query and no fragment"},
		"a discovery query":     {gitHubProviderConfig(`discovery_url = "https://example.com/keys?a=b"`), "must have no port, no query and no fragment"},
		"a private place":       {gitHubProviderConfig(`discovery_url = "https://10.0.0.1/keys"`), "must be public"},
		"an empty expression":   {gitHubProviderConfig(`attribute_transformations = { "openai.repo" = "" }`), "string length must be between 1 and 4096"},
		"transformations empty": {gitHubProviderConfig(`attribute_transformations = {}`), "must contain at least 1 elements"},
	})
}

// federationRuleConfig is a rule for a service account of a project.
func federationRuleConfig(project, account, matchers, body string) string {
	return gitHubProviderConfig("") + fmt.Sprintf(`resource "openai_workload_identity_federation_rule" "test" {
  workload_identity_provider_id = openai_workload_identity_provider.test.id
  project_id         = %q
  service_account_id = %q
  attribute_matchers = %s
  %s
}
`, project, account, matchers, body)
}

// onlyFederationRule asserts the one rule of the provider in state.
func onlyFederationRule(t *testing.T, b *acctest.Backend, matchers, permissions jsonText) resource.TestCheckFunc {
	return func(s *terraform.State) error {
		var list struct {
			Data []struct {
				AttributeMatchers jsonText `json:"attribute_matchers"`
				Permissions       jsonText
			}
		}
		b.Do(t, "GET", identityProvidersPath+"/"+acctest.Value(s, identityProviderAddress, "id")+"/federation_rules", nil, &list)
		if len(list.Data) != 1 || list.Data[0].AttributeMatchers != matchers || list.Data[0].Permissions != permissions {
			return fmt.Errorf("the rules are %+v", list.Data)
		}
		return nil
	}
}

func TestAccFederationRule_lifecycle(t *testing.T) {
	b := acctest.Start(t)
	project := b.Project(t, "dev")
	account, other := newServiceAccount(t, b, project, "ci"), newServiceAccount(t, b, project, "ci")
	const everything = `{"type":"service_account_default"}`
	mixed := "{ repository = \"acme/shop\", fork = false, runs = 7, share = 0.5 }"
	var id string
	acctest.Test(t,
		resource.TestStep{
			PreConfig: func() { b.Mark(t) },
			Config:    b.Config(federationRuleConfig(project, account, mixed, "")),
			Check: resource.ComposeAggregateTestCheckFunc(
				acctest.TakeID(federationRuleAddress, &id),
				func(*terraform.State) error { b.ExpectWrites(t, 2); return nil },
				onlyFederationRule(t, b, `{"fork":false,"repository":"acme/shop","runs":7,"share":0.5}`, everything),
			),
		},
		acctest.Import(federationRuleAddress, []string{"workload_identity_provider_id", "workload_identity_federation_rule_id"}),
		resource.TestStep{
			Config:           b.Config(federationRuleConfig(project, account, `{ repository = "acme/shop", run = "7" }`, "name = \"ci\"\n  description = \"main\"\n  enabled = false\n  scopes = [\"api.responses.write\"]")),
			ConfigPlanChecks: acctest.Action(federationRuleAddress, plancheck.ResourceActionUpdate),
			Check: resource.ComposeAggregateTestCheckFunc(
				resource.TestCheckResourceAttrPtr(federationRuleAddress, "id", &id),
				resource.TestCheckResourceAttr(federationRuleAddress, "enabled", "false"),
				// A text stays a text, also when it looks like a number.
				onlyFederationRule(t, b, `{"repository":"acme/shop","run":"7"}`, `{"type":"restricted","scopes":["api.responses.write"]}`),
			),
		},
		// A map is equal to an object.
		resource.TestStep{
			Config:           b.Config(federationRuleConfig(project, account, `tomap({ repository = "acme/shop", run = "7" })`, "name = \"ci\"\n  description = \"main\"\n  enabled = false\n  scopes = [\"api.responses.write\"]")),
			ConfigPlanChecks: acctest.Action(federationRuleAddress, plancheck.ResourceActionNoop),
		},
		acctest.Import(federationRuleAddress, []string{"workload_identity_provider_id", "workload_identity_federation_rule_id"}),
		resource.TestStep{
			Config:           b.Config(federationRuleConfig(project, account, `{ repository = "acme/shop" }`, "")),
			ConfigPlanChecks: acctest.Action(federationRuleAddress, plancheck.ResourceActionUpdate),
			Check: resource.ComposeAggregateTestCheckFunc(
				resource.TestCheckNoResourceAttr(federationRuleAddress, "name"),
				resource.TestCheckResourceAttr(federationRuleAddress, "enabled", "true"),
				onlyFederationRule(t, b, `{"repository":"acme/shop"}`, everything),
			),
		},
		resource.TestStep{
			Config:           b.Config(federationRuleConfig(project, other, `{ repository = "acme/shop" }`, "")),
			ConfigPlanChecks: acctest.Action(federationRuleAddress, plancheck.ResourceActionReplace),
			Check:            onlyFederationRule(t, b, `{"repository":"acme/shop"}`, everything),
		},
	)
}

func TestAccFederationRule_disappearsAndDrifts(t *testing.T) {
	b := acctest.Start(t)
	project := b.Project(t, "dev")
	account := newServiceAccount(t, b, project, "ci")
	config := b.Config(federationRuleConfig(project, account, `{ repository = "acme/shop" }`, ""))
	var provider, id string
	path := func() string { return identityProvidersPath + "/" + provider + "/federation_rules/" + id }
	acctest.Test(t,
		resource.TestStep{Config: config, Check: resource.ComposeAggregateTestCheckFunc(acctest.TakeID(identityProviderAddress, &provider), acctest.TakeID(federationRuleAddress, &id))},
		resource.TestStep{
			PreConfig: func() {
				b.Do(t, "POST", path(), map[string]map[string]bool{"attribute_matchers": {"public": true}}, nil)
			},
			Config:           config,
			ConfigPlanChecks: acctest.Action(federationRuleAddress, plancheck.ResourceActionUpdate),
			Check:            onlyFederationRule(t, b, `{"repository":"acme/shop"}`, `{"type":"service_account_default"}`),
		},
		resource.TestStep{
			PreConfig:        func() { b.Do(t, "DELETE", path(), nil, nil) },
			Config:           config,
			ConfigPlanChecks: acctest.Action(federationRuleAddress, plancheck.ResourceActionCreate),
			Check:            acctest.TakeID(federationRuleAddress, &id),
		},
		// The provider cannot go before its rules, and Terraform knows.
		resource.TestStep{Config: b.Config("")},
	)
}

func TestAccFederationRule_invalidConfiguration(t *testing.T) {
	b := acctest.Start(t)
	project := b.Project(t, "dev")
	account := newServiceAccount(t, b, project, "ci")
	acctest.Refused(t, b, map[string]struct{ HCL, Message string }{
		"no matchers":       {federationRuleConfig(project, account, "{}", ""), "attribute_matchers must not be empty: every token of the issuer would match"},
		"an empty map":      {federationRuleConfig(project, account, "tomap({})", ""), "attribute_matchers must not be empty"},
		"a text":            {federationRuleConfig(project, account, `"acme/shop"`, ""), "attribute_matchers must be an object"},
		"a list of values":  {federationRuleConfig(project, account, `{ repository = ["a", "b"] }`, ""), "has repository, which must be a string, a bool or a number"},
		"nothing to match":  {federationRuleConfig(project, account, `{ repository = null }`, ""), "has repository, which must not be null"},
		"only a wildcard":   {federationRuleConfig(project, account, `{ repository = "*" }`, ""), "has repository = \"*\", but a value can have only one wildcard, at its end and not alone"},
		"a wildcard inside": {federationRuleConfig(project, account, `{ sub = "repo:*:x" }`, ""), "has sub = \"repo:*:x\", but a value can have only one wildcard"},
		"two wildcards":     {federationRuleConfig(project, account, `{ sub = "repo:**" }`, ""), "can have only one wildcard"},
		"administration":    {federationRuleConfig(project, account, `{ a = "b" }`, "scopes = [\"api.management.read\"]"), "must not be a scope of the Administration API"},
		"no scopes":         {federationRuleConfig(project, account, `{ a = "b" }`, "scopes = []"), "must contain at least 1 elements"},
		"an id of nothing":  {federationRuleConfig(project, "a/b", `{ a = "b" }`, ""), "service_account_id is no valid id"},
	})
	acctest.Test(t, resource.TestStep{Config: b.Config(federationRuleConfig(project, "svc_acct_none", `{ a = "b" }`, "")), ExpectError: acctest.Message("No such service account: svc_acct_none")})
}
