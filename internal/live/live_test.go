// Package live_test runs the provider's life cycle against an organization: an
// emulator, or the real one that OPENAI_TEST_LIVE_ORGANIZATION names. A test that
// the caller ends at once leaves objects, which the next run removes.
package live_test

import (
	"context"
	"crypto/rand"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/transport"
	"github.com/allthingsai/terraform-provider-openai/internal/conformance"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator"
	"github.com/allthingsai/terraform-provider-openai/internal/provider"
)

const (
	// liveVariable names the real organization. Without it, the tests use an
	// emulator.
	liveVariable = "OPENAI_TEST_LIVE_ORGANIZATION"
	// allRuns begins the names of the objects of all runs.
	allRuns = "terraform-live-"
)

// target is the organization that the tests use.
type target struct {
	// provider is the block of the provider.
	provider string
	config   adminapi.Config
	// backend is nil for a real organization.
	backend *acctest.Backend
}

// start chooses the organization, and removes what earlier runs have left there.
func start(t *testing.T) target {
	t.Helper()
	name := os.Getenv(liveVariable)
	config := adminapi.Config{UserAgent: adminapi.CompanionUserAgent("test")}
	var chosen target
	if name == "" {
		chosen.backend = acctest.Start(t)
		config.BaseURL, config.AdminAPIKey = chosen.backend.URL, transport.NewSecret(chosen.backend.AdminKey)
		chosen.provider = chosen.backend.Config("")
	} else {
		var err error
		if config.AdminAPIKey, err = transport.ParseAdminKey(os.Getenv("OPENAI_ADMIN_KEY")); err != nil {
			t.Fatalf("OPENAI_ADMIN_KEY: %v", err)
		}
		if config.BaseURL, err = transport.ResolveBaseURL("", os.Getenv); err != nil {
			t.Fatal(err)
		}
		checkOrganization(t, name, config)
		chosen.provider = "provider \"openai\" {}\n"
	}
	chosen.config = config
	chosen.sweep(t)
	t.Cleanup(func() { chosen.sweep(t) })
	return chosen
}

// checkOrganization refuses another organization than the named one.
func checkOrganization(t *testing.T, name string, config adminapi.Config) {
	t.Helper()
	options := conformance.Options{BaseURL: config.BaseURL, Key: config.AdminAPIKey, UserAgent: config.UserAgent, Clock: transport.SystemClock{}}
	for _, o := range emulator.KnownOperations() {
		options.Operations = append(options.Operations, conformance.Operation{Name: o.Name, Method: o.Method, Path: o.Path})
	}
	answering, err := conformance.Organization(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	if answering != name {
		t.Fatalf("%s is %q, and OPENAI_ADMIN_KEY is of %q: nothing was changed", liveVariable, name, answering)
	}
}

// factories serve the provider with the real clock, so that it waits for the
// API.
var factories = map[string]func() (tfprotov6.ProviderServer, error){
	"openai": func() (tfprotov6.ProviderServer, error) {
		return provider.NewServer("test", transport.SystemClock{}), nil
	},
}

// sweep removes the objects of all runs. It uses a client of its own, because
// those of the steps have remembered lists.
func (o target) sweep(t *testing.T) {
	t.Helper()
	client, all := adminapi.New(o.config)
	if all != nil {
		t.Fatal(all)
	}
	ctx := transport.WithWrites(context.WithoutCancel(t.Context()))
	each := func(name string, remove func() error) {
		if strings.HasPrefix(name, allRuns) {
			all = errors.Join(all, remove())
		}
	}
	providers, err := client.IdentityProviders.List(ctx)
	all = errors.Join(all, err)
	for _, p := range providers {
		each(p.Name, func() error {
			rules, err := client.FederationRules.List(ctx, p.ID)
			for _, rule := range rules {
				err = errors.Join(err, client.FederationRules.Delete(ctx, p.ID, rule.ID))
			}
			return errors.Join(err, client.IdentityProviders.Delete(ctx, p.ID))
		})
	}
	projects, err := client.Projects.List(ctx, false)
	all = errors.Join(all, err)
	for _, p := range projects {
		each(p.Name, func() error { return client.Projects.Archive(ctx, p.ID) })
	}
	groups, err := client.Groups.List(ctx)
	all = errors.Join(all, err)
	for _, g := range groups {
		each(g.Name, func() error { return client.Groups.Delete(ctx, g.ID) })
	}
	roles, err := client.Roles.List(ctx, adminapi.WholeOrganization)
	all = errors.Join(all, err)
	for _, r := range roles {
		each(r.Name, func() error { return client.Roles.Delete(ctx, adminapi.WholeOrganization, r.ID) })
	}
	invites, err := client.Invites.List(ctx)
	all = errors.Join(all, err)
	for _, i := range invites {
		each(i.Email, func() error { return client.Invites.Delete(ctx, i.ID) })
	}
	if all != nil {
		t.Errorf("objects that begin with %s could not be removed: %v", allRuns, all)
	}
}

// life are objects under a prefix, with texts of their first or second version.
const life = `
resource "openai_project" "test" {
  name = "PREFIX-VERSION"
}

resource "openai_project_service_account" "test" {
  project_id = openai_project.test.id
  name       = "PREFIX-VERSION"
}

resource "openai_project_api_key" "test" {
  project_id         = openai_project.test.id
  service_account_id = openai_project_service_account.test.id
  name               = "PREFIX"
  scopes             = ["api.model.read"]
  expires_in_seconds = 3600
  age_recipients     = ["age1spqt5nwkaeqsawjds3d5ktqf5seqqxa57hd5ru0dcfuxxyqd0y8s0zf6ku"]
}

resource "openai_group" "test" {
  name = "PREFIX-VERSION"
}

resource "openai_group_user" "test" {
  group_id = openai_group.test.id
  user_id  = openai_project_service_account.test.id
}

resource "openai_role" "test" {
  role_name   = "PREFIX-VERSION"
  permissions = ["api.files.read", "api.assistants.read"]
}

resource "openai_group_role" "test" {
  group_id = openai_group.test.id
  role_id  = openai_role.test.id
}

resource "openai_project_role" "test" {
  project_id  = openai_project.test.id
  role_name   = "PREFIX-VERSION"
  permissions = ["api.files.read"]
}

resource "openai_project_group" "test" {
  project_id = openai_project.test.id
  group_id   = openai_group.test.id
  role       = openai_project_role.test.id
}

resource "openai_invite" "test" {
  email    = "PREFIX@example.com"
  role     = "reader"
  projects = []
}

resource "openai_project_spend_limit" "test" {
  project_id    = openai_project.test.id
  threshold_usd = LIMIT
}

resource "openai_project_spend_alert" "test" {
  project_id                      = openai_project.test.id
  threshold_usd                   = LIMIT / 2
  notification_channel_recipients = ["PREFIX@example.com"]
}

resource "openai_project_model_permissions" "test" {
  project_id = openai_project.test.id
  mode       = "deny_list"
  model_ids  = ["gpt-4o"]
}

resource "openai_project_service_tier_settings" "test" {
  project_id    = openai_project.test.id
  default       = "standard"
  enabled_tiers = ["flex"]
}

resource "openai_workload_identity_provider" "test" {
  name     = "PREFIX-VERSION"
  issuer   = "https://token.actions.githubusercontent.com"
  audience = "PREFIX"
  enabled  = false
}

resource "openai_workload_identity_federation_rule" "test" {
  workload_identity_provider_id = openai_workload_identity_provider.test.id
  project_id                    = openai_project.test.id
  service_account_id            = openai_project_service_account.test.id
  attribute_matchers            = { repository = "PREFIX/none" }
  enabled                       = false
}
`

// version is the configuration with one version of the texts.
func (o target) version(prefix, version, limit string) string {
	return o.provider + strings.NewReplacer("PREFIX", prefix, "VERSION", version, "LIMIT", limit).Replace(life)
}

// Objects are created, read, changed in place, imported and destroyed without a
// difference.
func TestLive(t *testing.T) {
	o := start(t)
	prefix := allRuns + strings.ToLower(rand.Text()[:8])
	first, second := o.version(prefix, "first", "1000"), o.version(prefix, "second", "1100")
	empty := resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}}
	steps := []resource.TestStep{
		{Config: first},
		{Config: first, ConfigPlanChecks: empty},
		{Config: second, ConfigPlanChecks: acctest.Action("openai_project.test", plancheck.ResourceActionUpdate)},
		{Config: second, ConfigPlanChecks: empty},
	}
	for _, object := range []struct {
		name string
		by   []string
	}{
		{"project", []string{"id"}},
		{"project_service_account", []string{"project_id", "service_account_id"}},
		{"group", []string{"id"}},
		{"role", []string{"id"}},
		{"project_role", []string{"project_id", "id"}},
		{"invite", []string{"id"}},
		{"project_spend_alert", []string{"project_id", "id"}},
		{"workload_identity_provider", []string{"id"}},
	} {
		steps = append(steps, acctest.Import("openai_"+object.name+".test", object.by))
	}
	acctest.Run(t, resource.TestCase{ProtoV6ProviderFactories: factories, Steps: steps})
}

// The sweeper removes the objects of runs, and no others.
func TestSweep(t *testing.T) {
	if os.Getenv(liveVariable) != "" {
		t.Skip("the other objects would be those of a real organization")
	}
	o := start(t)
	for _, name := range []string{allRuns + "left", "shop"} {
		o.backend.Do(t, "POST", "/organization/projects", map[string]string{"name": name}, nil)
		o.backend.Do(t, "POST", "/organization/groups", map[string]string{"name": name}, nil)
		o.backend.Do(t, "POST", "/organization/roles", map[string]any{"role_name": name, "permissions": []string{}}, nil)
		o.backend.Do(t, "POST", "/organization/invites", map[string]string{"email": name + "@example.com", "role": "reader"}, nil)
		o.backend.Do(t, "POST", "/organization/workload_identity_providers", map[string]string{"name": name, "type": "oidc", "issuer": "https://i.example.com", "audience": "a"}, nil)
	}
	o.sweep(t)
	for _, kind := range []string{"projects", "groups", "roles", "invites", "workload_identity_providers"} {
		_, content := o.backend.Try(t, "GET", "/organization/"+kind, nil)
		if text := string(content); strings.Contains(text, allRuns) || !strings.Contains(text, "shop") {
			t.Errorf("%s are %s", kind, text)
		}
	}
}
