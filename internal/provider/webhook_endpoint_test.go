package provider_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
	"github.com/allthingsai/terraform-provider-openai/internal/seal"
)

const (
	webhookAddress = "openai_webhook_endpoint.test"
	webhooksPath   = "/webhook_endpoints"
)

func webhookConfig(more string) string {
	return resourceConfig("webhook_endpoint", "url = \"https://example.com/openai\"\n"+more)
}

// startWithAPIKey starts an emulator, and makes a key of a new project.
func startWithAPIKey(t *testing.T, clock *acctest.Clock) (b *acctest.Backend, project string) {
	t.Helper()
	b = acctest.StartAt(t, clock)
	project = b.Project(t, "shop")
	b.UseAPIKey(t, project)
	return b, project
}

// verifies asserts whether a signing secret is valid now.
func verifies(t *testing.T, b *acctest.Backend, secret string, want bool) error {
	t.Helper()
	status, _ := b.Try(t, "POST", "/_emulator/webhook_secrets/use", map[string]string{"secret": secret})
	if got := status == http.StatusOK; got != want {
		return fmt.Errorf("the signing secret is valid: %t, expected %t", got, want)
	}
	return nil
}

func TestAccWebhookEndpoint_lifecycle(t *testing.T) {
	clock := acctest.NewClock()
	b, _ := startWithAPIKey(t, clock)
	const settings = "name = \"orders\"\nevent_types = [\"batch.failed\", \"response.completed\"]"
	const changed = "name = \"invoices\"\nevent_types = [\"batch.failed\"]"
	var id, secret string
	acctest.TestAt(t, clock,
		resource.TestStep{
			PreConfig: func() { b.Mark(t) },
			Config:    b.Config(webhookConfig(settings)),
			Check: resource.ComposeAggregateTestCheckFunc(
				acctest.TakeID(webhookAddress, &id),
				resource.TestCheckResourceAttr(webhookAddress, "object", "webhook_endpoint"),
				resource.TestCheckResourceAttr(webhookAddress, "event_types.#", "2"),
				resource.TestCheckResourceAttr(webhookAddress, "secret_available", "true"),
				resource.TestCheckNoResourceAttr(webhookAddress, "sealed_signing_secret"),
				resource.TestCheckNoResourceAttr(webhookAddress, "rotate_at"),
				resource.TestCheckResourceAttrPair(webhookAddress, "secret_version", webhookAddress, "created_at"),
				func(s *terraform.State) error {
					b.Expect(t, 1, "POST", "/v1"+webhooksPath)
					b.ExpectWrites(t, 1)
					secret = acctest.Value(s, webhookAddress, "signing_secret")
					return verifies(t, b, secret, true)
				},
			),
		},
		acctest.Import(webhookAddress, []string{"id"}, "signing_secret", "secret_available"),
		// Settings are changed in place; the secret stays.
		resource.TestStep{
			PreConfig:        func() { clock.Advance(time.Hour) },
			Config:           b.Config(webhookConfig(changed)),
			ConfigPlanChecks: acctest.Action(webhookAddress, plancheck.ResourceActionUpdate),
			Check: func(s *terraform.State) error {
				if acctest.Value(s, webhookAddress, "signing_secret") != secret || acctest.Value(s, webhookAddress, "id") != id {
					return fmt.Errorf("the endpoint or its secret is another one")
				}
				return resource.TestCheckResourceAttr(webhookAddress, "updated_at", fmt.Sprint(clock.Now().Unix()))(s)
			},
		},
		// A change outside Terraform is reverted.
		resource.TestStep{
			PreConfig: func() {
				b.Do(t, "POST", webhooksPath+"/"+id, map[string]any{"url": "https://example.com/other"}, nil)
			},
			Config:           b.Config(webhookConfig(changed)),
			ConfigPlanChecks: acctest.Action(webhookAddress, plancheck.ResourceActionUpdate),
		},
		resource.TestStep{
			Config: b.Config(webhookConfig(changed) +
				"data \"openai_webhook_endpoint\" \"test\" {\n  id = openai_webhook_endpoint.test.id\n}\n" +
				"data \"openai_webhook_endpoints\" \"test\" {\n  depends_on = [openai_webhook_endpoint.test]\n}\n" +
				"data \"openai_webhook_event_types\" \"test\" {}\n"),
			Check: resource.ComposeAggregateTestCheckFunc(
				resource.TestCheckResourceAttrPair("data.openai_webhook_endpoint.test", "signing_secret_hint", webhookAddress, "signing_secret_hint"),
				resource.TestCheckResourceAttr("data.openai_webhook_endpoint.test", "url", "https://example.com/openai"),
				resource.TestCheckResourceAttr("data.openai_webhook_endpoints.test", "webhook_endpoints.#", "1"),
				resource.TestCheckResourceAttr("data.openai_webhook_endpoints.test", "webhook_endpoints.0.name", "invoices"),
				resource.TestCheckResourceAttr("data.openai_webhook_event_types.test", "event_types.#", "27"),
			),
		},
		resource.TestStep{
			PreConfig: func() {
				clock.Advance(10 * time.Minute) // a 404 of a younger object is not believed
				b.Do(t, "DELETE", webhooksPath+"/"+id, nil, nil)
			},
			Config:           b.Config(webhookConfig(changed)),
			ConfigPlanChecks: acctest.Action(webhookAddress, plancheck.ResourceActionCreate),
			Check:            acctest.TakeID(webhookAddress, &id),
		},
	)
	if status, _ := b.Try(t, "GET", webhooksPath+"/"+id, nil); status != http.StatusNotFound {
		t.Errorf("after the destroy, the endpoint answers %d", status)
	}
}

// A secret is rotated in place by age, by triggers and for other recipients. The
// previous one stays valid for 24 hours, unless the overlap is 0s.
func TestAccWebhookEndpoint_rotation(t *testing.T) {
	clock := acctest.NewClock()
	b, _ := startWithAPIKey(t, clock)
	identity := newAgeIdentity(t)
	config := func(more string) string {
		return b.Config(webhookConfig("name = \"orders\"\nevent_types = [\"batch.failed\"]\n" + more))
	}
	const byAge = "rotation = { after = \"90d\" }\n"
	sealed := config("rotation = { after = \"90d\", overlap = \"0s\" }\n" + fmt.Sprintf("age_recipients = [%q]", identity.Recipient()))
	var first, second, third string
	var version int
	rotates := acctest.Action(webhookAddress, plancheck.ResourceActionUpdate)
	isNext := func(s *terraform.State) error {
		version++
		return resource.TestCheckResourceAttr(webhookAddress, "secret_version", fmt.Sprint(version))(s)
	}
	acctest.TestAt(t, clock,
		resource.TestStep{Config: config(byAge), Check: func(s *terraform.State) error {
			first, version = acctest.Value(s, webhookAddress, "signing_secret"), int(clock.Now().Unix())
			return resource.TestCheckResourceAttr(webhookAddress, "rotate_at", fmt.Sprint(version+90*24*3600))(s)
		}},
		resource.TestStep{
			PreConfig:        func() { clock.Advance(90 * 24 * time.Hour); b.Mark(t) },
			Config:           config(byAge),
			ConfigPlanChecks: rotates,
			Check: resource.ComposeAggregateTestCheckFunc(isNext, func(s *terraform.State) error {
				b.ExpectWrites(t, 1)
				if second = acctest.Value(s, webhookAddress, "signing_secret"); second == first {
					return fmt.Errorf("the secret is the same")
				}
				if err := verifies(t, b, first, true); err != nil {
					return err
				}
				return resource.TestCheckResourceAttr(webhookAddress, "previous_secret_expires_at", fmt.Sprint(clock.Now().Unix()+24*3600))(s)
			}),
		},
		resource.TestStep{
			PreConfig:        func() { clock.Advance(25 * time.Hour) },
			Config:           config(byAge + "rotation_triggers = { leaked = \"1\" }"),
			ConfigPlanChecks: rotates,
			Check: resource.ComposeAggregateTestCheckFunc(isNext, func(s *terraform.State) error {
				third = acctest.Value(s, webhookAddress, "signing_secret")
				if err := verifies(t, b, first, false); err != nil {
					return err
				}
				return verifies(t, b, second, true)
			}),
		},
		resource.TestStep{Config: config(byAge), ConfigPlanChecks: rotates, Check: resource.TestCheckNoResourceAttr(webhookAddress, "rotation_triggers")},
		resource.TestStep{
			Config:           sealed,
			ConfigPlanChecks: rotates,
			Check: resource.ComposeAggregateTestCheckFunc(isNext,
				resource.TestCheckNoResourceAttr(webhookAddress, "signing_secret"),
				resource.TestCheckNoResourceAttr(webhookAddress, "previous_secret_expires_at"),
				func(s *terraform.State) error {
					secret, err := seal.Open(acctest.Value(s, webhookAddress, "sealed_signing_secret"), identity.String())
					if err != nil {
						return err
					}
					if err := verifies(t, b, third, false); err != nil {
						return err
					}
					return verifies(t, b, secret, true)
				}),
		},
	)
}

// An import has no secret until the next rotation. Its first triggers force none.
func TestAccWebhookEndpoint_imported(t *testing.T) {
	clock := acctest.NewClock()
	b, _ := startWithAPIKey(t, clock)
	var made struct{ ID string }
	b.Do(t, "POST", webhooksPath, map[string]any{"name": "orders", "url": "https://example.com/openai", "event_types": []string{"batch.failed"}}, &made)
	config := func(trigger string) string {
		return b.Config(webhookConfig("name = \"orders\"\nevent_types = [\"batch.failed\"]\nrotation_triggers = { by = \"" + trigger + "\" }"))
	}
	adopt := fmt.Sprintf("import {\n  to = %s\n  id = %q\n}\n", webhookAddress, made.ID)
	acctest.TestAt(t, clock,
		resource.TestStep{
			PreConfig: func() { b.Mark(t) },
			Config:    config("1") + adopt,
			Check: resource.ComposeAggregateTestCheckFunc(
				resource.TestCheckResourceAttr(webhookAddress, "secret_available", "false"),
				resource.TestCheckNoResourceAttr(webhookAddress, "signing_secret"),
				func(*terraform.State) error { b.ExpectWrites(t, 0); return nil },
			),
		},
		resource.TestStep{
			Config: config("2"),
			Check: resource.ComposeAggregateTestCheckFunc(
				resource.TestCheckResourceAttr(webhookAddress, "secret_available", "true"),
				func(s *terraform.State) error {
					return verifies(t, b, acctest.Value(s, webhookAddress, "signing_secret"), true)
				},
			),
		},
	)
}

func TestAccWebhookEndpoint_invalidConfiguration(t *testing.T) {
	b, _ := startWithAPIKey(t, acctest.NewClock())
	const valid = "name = \"a\"\nevent_types = [\"batch.failed\"]\n"
	acctest.Refused(t, b, map[string]struct{ HCL, Message string }{
		"no name":         {webhookConfig("name = \"\"\nevent_types = [\"batch.failed\"]"), "name must not be empty"},
		"long name":       {webhookConfig(fmt.Sprintf("name = %q\nevent_types = [\"batch.failed\"]", strings.Repeat("n", 257))), "at most 256"},
		"no HTTPS":        {resourceConfig("webhook_endpoint", valid+`url = "http://example.com/token-1"`), "url must be an HTTPS URL"},
		"long URL":        {resourceConfig("webhook_endpoint", valid+fmt.Sprintf("url = %q", "https://example.com/"+strings.Repeat("u", 2048))), "at most 2048 characters"},
		"no events":       {webhookConfig("name = \"a\"\nevent_types = []"), "at least 1"},
		"no recipient":    {webhookConfig(valid + `age_recipients = ["none"]`), "Invalid age recipients"},
		"another overlap": {webhookConfig(valid + `rotation = { after = "90d", overlap = "7d" }`), "must be 24h or 0s"},
		"soon":            {webhookConfig(valid + `rotation = { after = "12h" }`), "must be at least 1d"},
	})
	unknown := driverWith(t, b).Validate(t, "openai_webhook_endpoint", webhookAttributes("batch.lost"))
	if len(unknown) != 1 || unknown[0].Severity != tfprotov6.DiagnosticSeverityWarning || !strings.Contains(unknown[0].Detail, "batch.lost") {
		t.Errorf("an unknown event type is answered with %v", unknown)
	}
	expectNone(t, "validate", driverWith(t, b).Validate(t, "openai_webhook_endpoint", map[string]any{
		"name": "a", "url": "https://example.com", "event_types": []string{"video.failed"}, "rotation": map[string]any{"after": "12h", "overlap": "0s"},
	}))
}

func webhookAttributes(eventTypes ...string) map[string]any {
	return map[string]any{"name": "orders", "url": "https://example.com/token-1", "event_types": eventTypes}
}

// driverWith is a new Terraform command with the backend's API key alone.
func driverWith(t *testing.T, b *acctest.Backend) *acctest.Driver {
	t.Helper()
	return acctest.NewDriverWith(t, acctest.NewClock(), map[string]any{"base_url": b.URL, "api_key": b.APIKey})
}

// Each key is for its own part of the API. What needs the other one says so, and
// sends nothing.
func TestKeysOfWebhookEndpoints(t *testing.T) {
	noEnvironment(t)
	b, _ := startWithAPIKey(t, acctest.NewClock())
	d := driverWith(t, b)
	endpoint, diags := d.Apply(t, "openai_webhook_endpoint", nil, webhookAttributes("batch.failed"))
	expectNone(t, "with an API key alone", diags)
	b.Mark(t)
	expectOnly := func(what, summary, step string, diags []*tfprotov6.Diagnostic) {
		t.Helper()
		if len(diags) != 1 || diags[0].Summary != summary || !strings.Contains(diags[0].Detail, step) {
			t.Errorf("%s: %v", what, diags)
		}
	}
	noAdmin, noProject := "Set admin_api_key in the provider block", "Set api_key in the provider block"
	expectOnly("a project", "No admin API key", noAdmin, d.Plan(t, "openai_project", nil, map[string]any{"name": "dev"}).Diagnostics)
	expectOnly("projects", "No admin API key", noAdmin, d.ReadData(t, "openai_projects", nil))
	_, diags = d.List(t, "openai_project", nil, false, 0)
	expectOnly("a list of projects", "No admin API key", noAdmin, diags)

	admin := acctest.NewDriver(t, b.URL, b.AdminKey, acctest.NewClock())
	expectOnly("an endpoint", "No API key of a project", noProject, admin.Plan(t, "openai_webhook_endpoint", nil, webhookAttributes("batch.failed")).Diagnostics)
	kept, diags := admin.Refresh(t, endpoint)
	expectOnly("a refresh", "No API key of a project", noProject, diags)
	if kept == nil {
		t.Error("without the key, the endpoint left the state")
	}
	expectOnly("endpoints", "No API key of a project", noProject, admin.ReadData(t, "openai_webhook_endpoints", nil))
	if n := b.CountAll(t); n != 0 {
		t.Errorf("%d requests were sent: %v", n, b.Requests(t))
	}

	// The error of a key that may not do it has the scopes.
	wrong := *b
	wrong.APIKey = "sk-proj-wrong"
	_, diags = driverWith(t, &wrong).Apply(t, "openai_webhook_endpoint", nil, webhookAttributes("batch.failed"))
	if len(diags) == 0 || !strings.Contains(diags[len(diags)-1].Detail, "api.webhooks.write") {
		t.Errorf("a wrong key: %v", diags)
	}
}

// OPENAI_API_KEY is only read for the host that it is for.
func TestAPIKeyOfTheEnvironment(t *testing.T) {
	noEnvironment(t)
	t.Setenv("OPENAI_API_KEY", "sk-proj-123")
	for baseURL, want := range map[string]bool{
		"": true, "https://api.openai.com/v1": true, "https://eu.api.openai.com/v1": false, "https://gateway.example.com/v1": false, "http://127.0.0.1:8080/v1": false,
	} {
		settings := map[string]tftypes.Value{"admin_api_key": textValue("sk-admin-1")}
		if baseURL != "" {
			settings["base_url"] = textValue(baseURL)
		}
		client, diags := configureWith(t, settings)
		if diags.HasError() || (client.CheckKey(true) == nil) != want {
			t.Errorf("%q: %v, %v", baseURL, client.CheckKey(true), diags)
		}
	}
	// It is enough, and no admin key.
	if client, diags := configureWith(t, nil); diags.HasError() || client.CheckKey(false) == nil {
		t.Errorf("without an admin key: %v", diags)
	}
	for _, given := range []string{"sk-admin-1", "org-1", "proj_1", "Bearer sk-proj-1", ""} {
		diags := acctest.Configure(t, map[string]any{"admin_api_key": "sk-admin-1", "api_key": given})
		if len(diags) != 1 || diags[0].Summary != "Not an API key of a project" {
			t.Errorf("api_key %q: %v", given, diags)
		}
	}
}

// A key of another project finds nothing, and nothing counts as deleted.
func TestWebhookEndpointsOfAnotherProject(t *testing.T) {
	b, project := startWithAPIKey(t, acctest.NewClock())
	endpoint, diags := driverWith(t, b).Apply(t, "openai_webhook_endpoint", nil, webhookAttributes("batch.failed"))
	expectNone(t, "create", diags)
	other := *b
	lab := b.Project(t, "lab")
	other.UseAPIKey(t, lab)
	kept, diags := driverWith(t, &other).Refresh(t, endpoint)
	if kept == nil || len(diags) != 1 || diags[0].Summary != "API key of another project" ||
		!strings.Contains(diags[0].Detail, project) || !strings.Contains(diags[0].Detail, lab) {
		t.Errorf("with a key of another project: %v", diags)
	}
	same, diags := driverWith(t, b).Refresh(t, endpoint)
	expectNone(t, "with the right key", diags)
	if same.String() != endpoint.String() {
		t.Errorf("the state is %s", same)
	}
}

// A rotation outside Terraform is shown, and the secret in state is kept. So is a
// rotation whose answer was lost; the next apply rotates again.
func TestWebhookSecretsRotatedOutsideTerraform(t *testing.T) {
	clock := acctest.NewClock()
	b, _ := startWithAPIKey(t, clock)
	lost := false
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if lost && strings.HasSuffix(r.URL.Path, "/rotate_secret") {
			b.Emulator.ServeHTTP(httptest.NewRecorder(), r)
			panic(http.ErrAbortHandler)
		}
		b.Emulator.ServeHTTP(w, r)
	}))
	front.Config.ErrorLog = nil
	t.Cleanup(front.Close)
	driver := func() *acctest.Driver {
		return acctest.NewDriverWith(t, clock, map[string]any{"base_url": front.URL + "/v1", "api_key": b.APIKey})
	}
	config := func(trigger string) map[string]any {
		attributes := webhookAttributes("batch.failed")
		attributes["rotation_triggers"] = map[string]string{"by": trigger}
		return attributes
	}
	endpoint, diags := driver().Apply(t, "openai_webhook_endpoint", nil, config("1"))
	expectNone(t, "create", diags)
	secret := endpoint.Attribute("signing_secret")

	clock.Advance(time.Hour)
	b.Do(t, "POST", webhooksPath+"/"+endpoint.Attribute("id")+"/rotate_secret", nil, nil)
	endpoint, diags = driver().Refresh(t, endpoint)
	if len(diags) != 1 || diags[0].Summary != "Signing secret was rotated outside Terraform" || strings.Contains(diags[0].Detail, secret) {
		t.Errorf("after a rotation by others: %v", diags)
	}
	if endpoint.Attribute("signing_secret") != secret || !strings.Contains(string(endpoint.JSON(t)), `"secret_available":false`) {
		t.Errorf("the state is %s", endpoint)
	}
	endpoint, diags = driver().Refresh(t, endpoint)
	expectNone(t, "another refresh", diags)
	if p := driver().Plan(t, "openai_webhook_endpoint", endpoint, config("1")); p.Action != acctest.ActionNoOp {
		t.Errorf("the plan is to %s: others use the secret", p.Action)
	}

	lost = true
	clock.Advance(time.Hour)
	endpoint, diags = driver().Apply(t, "openai_webhook_endpoint", endpoint, config("2"))
	if endpoint == nil || len(diags) == 0 || !strings.Contains(diags[len(diags)-1].Detail, "The next apply rotates it again") {
		t.Fatalf("after a lost answer: %v", diags)
	}
	lost = false
	clock.Advance(time.Hour)
	endpoint, _ = driver().Refresh(t, endpoint)
	endpoint, diags = driver().Apply(t, "openai_webhook_endpoint", endpoint, config("2"))
	if len(diags) != 1 || diags[0].Summary != "Signing secret will be rotated" {
		t.Errorf("the next apply: %v", diags)
	}
	if err := verifies(t, b, endpoint.Attribute("signing_secret"), true); err != nil {
		t.Error(err)
	}
	if !strings.Contains(string(endpoint.JSON(t)), `"secret_available":true`) {
		t.Errorf("the state is %s", endpoint)
	}
}
