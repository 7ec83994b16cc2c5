package provider_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/hashicorp/terraform-plugin-testing/echoprovider"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
	"github.com/allthingsai/terraform-provider-openai/internal/provider"
)

// A sealed key goes all the way into a write-only argument of another provider.
// After each apply, with any effect on the key, the stored secret works. A
// second plan after each step is empty, as acctest.Run checks.
func TestAccUnsealedSecret_intoSecretStore(t *testing.T) {
	clock := acctest.NewClock()
	b := acctest.StartAt(t, clock)
	project := b.Project(t, "dev")
	ours := newAgeIdentity(t)
	file := filepath.Join(t.TempDir(), "identity.txt")
	if err := os.WriteFile(file, []byte("# the identity of CI\n"+ours.String()+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	config := func(name, more string) string {
		return b.Config(projectResource("service_account", project, `name = "billing"`) + fmt.Sprintf(`
resource "openai_project_api_key" "test" {
  project_id         = openai_project_service_account.test.project_id
  service_account_id = openai_project_service_account.test.id
  name               = %q
  age_recipients     = [%q]
  rotation           = { after = "90d", overlap = "7d" }
  %s
}

ephemeral "openai_unsealed_secret" "test" {
  sealed_value  = openai_project_api_key.test.sealed_value
  identity_file = %q
}

resource "aws_secretsmanager_secret_version" "test" {
  secret_id                = "billing"
  secret_string_wo         = ephemeral.openai_unsealed_secret.test.value
  secret_string_wo_version = openai_project_api_key.test.key_version
}
`, name, ours.Recipient(), more, file))
	}
	store := acctest.NewSecretStore()
	const account = "openai_project_service_account.test"
	var id, last string
	stored := func(changed bool) resource.TestCheckFunc {
		return func(s *terraform.State) error {
			id = acctest.Value(s, projectKeyAddress, "id")
			secret := store.Secret("billing")
			if !b.Works(t, secret) {
				return fmt.Errorf("what is in the secret store opens nothing")
			}
			if strings.Contains(s.String(), secret) {
				return fmt.Errorf("the secret is in state")
			}
			if changed == (secret == last) {
				return fmt.Errorf("the secret store has another secret than before: %t", secret != last)
			}
			last = secret
			return nil
		}
	}
	later := func(age time.Duration) func() { return func() { clock.Advance(age) } }
	replaced := acctest.Action(projectKeyAddress, plancheck.ResourceActionReplace)
	updated := acctest.Action(projectKeyAddress, plancheck.ResourceActionUpdate)
	t.Parallel()
	acctest.Run(t, resource.TestCase{ProtoV6ProviderFactories: acctest.WithSecretStoreAt(clock, store), Steps: []resource.TestStep{
		{Config: config("billing", ""), Check: stored(true)},
		{PreConfig: later(time.Hour), Config: config("billing", ""), ConfigPlanChecks: acctest.Action(projectKeyAddress, plancheck.ResourceActionNoop), Check: stored(false)},
		{PreConfig: later(time.Hour), Config: config("invoices", ""), ConfigPlanChecks: replaced, Check: stored(true)},
		{PreConfig: later(90 * day), Config: config("invoices", ""), ConfigPlanChecks: updated, Check: stored(true)}, // a rotation
		{PreConfig: later(time.Hour), Config: config("invoices", `rotation_triggers = { leak = "1" }`), ConfigPlanChecks: updated, Check: stored(true)},
		{PreConfig: later(time.Hour), Taint: []string{projectKeyAddress}, Config: config("invoices", ""), ConfigPlanChecks: replaced, Check: stored(true)},
		{PreConfig: later(time.Hour), Taint: []string{account}, Config: config("invoices", ""), ConfigPlanChecks: replaced, Check: stored(true)},
		{
			PreConfig: func() {
				clock.Advance(time.Hour)
				b.Do(t, "DELETE", "/organization/projects/"+project+"/api_keys/"+id, nil, nil)
			},
			Config: config("invoices", ""), ConfigPlanChecks: acctest.Action(projectKeyAddress, plancheck.ResourceActionCreate), Check: stored(true),
		},
		{PreConfig: later(time.Hour), Config: config("invoices", "expires_in_seconds = 31536000"), ConfigPlanChecks: updated, Check: stored(false)},
		{PreConfig: later(time.Hour), Config: config("invoices", ""), ConfigPlanChecks: replaced, Check: stored(true)},
		{PreConfig: later(time.Hour), Config: config("invoices", ""), ConfigPlanChecks: acctest.Action(projectKeyAddress, plancheck.ResourceActionNoop), Check: stored(false)},
	}})
}

func TestAccUnsealedSecret_refused(t *testing.T) {
	b := acctest.Start(t)
	unsealed := func(body string) string {
		return "ephemeral \"openai_unsealed_secret\" \"test\" {\n  " + body + "\n}\n"
	}
	acctest.Refused(t, b, map[string]struct{ HCL, Message string }{
		"no file":        {unsealed("sealed_value = \"a\"\nidentity_file = \"/nowhere\""), "Every plan and apply that decrypts a secret needs the identity"},
		"no environment": {unsealed("sealed_value = \"a\"\nidentity_env = \"OPENAI_TEST_NOT_SET\""), "The environment variable OPENAI_TEST_NOT_SET is not set"},
		"no identity":    {unsealed(`sealed_value = "a"`), "No attribute specified when one (and only one) of"},
		"wrong identity": {unsealed("sealed_value = \"a\"\nidentity = \"a\""), "Line 1 of the identity is no age identity"},
		"nothing sealed": {unsealed(fmt.Sprintf("sealed_value = \"a\"\nidentity = %q", newAgeIdentity(t))), "It is not a sealed value, or a damaged one"},
	})
}

func TestAccEphemeralAPIKey(t *testing.T) {
	b := acctest.Start(t)
	b.Shows() // the echo provider puts the secret into state
	tm := newTeam(t, b)
	factories := acctest.WithSecretStore(acctest.NewSecretStore())
	factories["echo"] = echoprovider.NewProviderServer()
	const echo = "echo.test"
	t.Parallel()
	acctest.Run(t, resource.TestCase{ProtoV6ProviderFactories: factories, Steps: []resource.TestStep{{
		Config: b.Config(fmt.Sprintf(`
ephemeral "openai_project_api_key" "test" {
  project_id         = %q
  service_account_id = %q
  name               = "migration"
  scopes             = ["model.request"]
}

provider "echo" {
  data = ephemeral.openai_project_api_key.test
}

resource "echo" "test" {}
`, tm.project, tm.account)),
		Check: func(s *terraform.State) error {
			secret := acctest.Value(s, echo, "data.value")
			if !strings.HasPrefix(secret, "sk-svcacct-") || acctest.Value(s, echo, "data.expires_at") == "" {
				return fmt.Errorf("the key that was opened is %s", acctest.Value(s, echo, "data.api_key_id"))
			}
			if b.Works(t, secret) {
				return fmt.Errorf("the key was not revoked when the run ended")
			}
			return nil
		},
	}}})
	var left struct{ Data []struct{ ID string } }
	b.Do(t, "GET", "/organization/projects/"+tm.project+"/api_keys?owner_project_access=any", nil, &left)
	if len(left.Data) != 0 {
		t.Errorf("%d keys are left", len(left.Data))
	}
}

// ephemeralKeyOpener plays Terraform for one ephemeral key.
type ephemeralKeyOpener struct {
	server tfprotov6.ProviderServer
	clock  *acctest.Clock
	config tfprotov6.DynamicValue
	kind   tftypes.Type
}

const ephemeralKey = "openai_project_api_key"

func newEphemeralKeyOpener(t *testing.T, b *acctest.Backend, clock *acctest.Clock, tm team) *ephemeralKeyOpener {
	t.Helper()
	server := provider.NewServer("test", clock)
	schemas, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	o := &ephemeralKeyOpener{server: server, clock: clock, kind: schemas.EphemeralResourceSchemas[ephemeralKey].ValueType()}
	settings := dynamicObject(t, schemas.Provider.ValueType(), map[string]any{"base_url": b.URL, "admin_api_key": b.AdminKey})
	configured, err := server.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{Config: &settings})
	if err != nil || len(configured.Diagnostics) > 0 {
		t.Fatal(err, configured)
	}
	o.config = dynamicObject(t, o.kind, map[string]any{"project_id": tm.project, "service_account_id": tm.account, "name": "migration", "expires_in_seconds": 600})
	return o
}

// dynamicObject makes an object; attributes that are not given are null.
func dynamicObject(t *testing.T, kind tftypes.Type, given map[string]any) tfprotov6.DynamicValue {
	t.Helper()
	all := map[string]tftypes.Value{}
	for name, attribute := range kind.(tftypes.Object).AttributeTypes {
		all[name] = tftypes.NewValue(attribute, given[name])
	}
	value, err := tfprotov6.NewDynamicValue(kind, tftypes.NewValue(kind, all))
	if err != nil {
		t.Fatal(err)
	}
	return value
}

// open returns the secret, and the response that Terraform keeps of the key.
func (o *ephemeralKeyOpener) open(t *testing.T) (secret string, kept *tfprotov6.OpenEphemeralResourceResponse) {
	t.Helper()
	kept, err := o.server.OpenEphemeralResource(context.Background(), &tfprotov6.OpenEphemeralResourceRequest{TypeName: ephemeralKey, Config: &o.config})
	if err != nil || len(kept.Diagnostics) > 0 {
		t.Fatal(err, kept.Diagnostics)
	}
	result, err := kept.Result.Unmarshal(o.kind)
	if err != nil {
		t.Fatal(err)
	}
	var attributes map[string]tftypes.Value
	if err := result.As(&attributes); err != nil {
		t.Fatal(err)
	}
	if err := attributes["value"].As(&secret); err != nil {
		t.Fatal(err)
	}
	return secret, kept
}

// A run that outlasts the life of its key has it prolonged.
func TestEphemeralAPIKeyIsRenewed(t *testing.T) {
	clock := acctest.NewClock()
	b := acctest.StartAt(t, clock)
	o := newEphemeralKeyOpener(t, b, clock, newTeam(t, b))
	secret, opened := o.open(t)
	if strings.Contains(string(opened.Private), secret) {
		t.Error("the private state holds the secret")
	}
	private, renewAt := opened.Private, opened.RenewAt
	for range 5 {
		clock.Advance(renewAt.Sub(clock.Now()))
		if !b.Works(t, secret) {
			t.Fatal("the key expired before its renewal was due")
		}
		renewed, err := o.server.RenewEphemeralResource(t.Context(), &tfprotov6.RenewEphemeralResourceRequest{TypeName: ephemeralKey, Private: private})
		if err != nil || len(renewed.Diagnostics) > 0 {
			t.Fatal(err, renewed.Diagnostics)
		}
		private, renewAt = renewed.Private, renewed.RenewAt
	}
	clock.Advance(9 * time.Minute)
	if !b.Works(t, secret) {
		t.Error("the key expired although it was renewed")
	}
	closed, err := o.server.CloseEphemeralResource(t.Context(), &tfprotov6.CloseEphemeralResourceRequest{TypeName: ephemeralKey, Private: private})
	if err != nil || len(closed.Diagnostics) > 0 {
		t.Fatal(err, closed.Diagnostics)
	}
	if b.Works(t, secret) {
		t.Error("the key was not revoked")
	}
}

// A crashed process leaves a key that expires by itself. The next one removes it,
// and keeps valid keys and keys of others.
func TestEphemeralAPIKeyLeftByACrash(t *testing.T) {
	clock := acctest.NewClock()
	b := acctest.StartAt(t, clock)
	tm := newTeam(t, b)
	other := team{tm.project, newServiceAccount(t, b, tm.project, "other")}
	names := func() (names []string) {
		var keys struct{ Data []struct{ ID, Name string } }
		b.Do(t, "GET", "/organization/projects/"+tm.project+"/api_keys?owner_project_access=any", nil, &keys)
		for _, key := range keys.Data {
			names = append(names, key.Name)
		}
		return names
	}
	b.Do(t, "POST", "/organization/projects/"+tm.project+"/service_accounts/"+tm.account+"/api_keys",
		map[string]any{"name": "expires, too", "expires_in_seconds": 60}, nil)
	crashed, _ := newEphemeralKeyOpener(t, b, clock, tm).open(t)
	newEphemeralKeyOpener(t, b, clock, other).open(t)
	clock.Advance(9 * time.Minute)
	valid, _ := newEphemeralKeyOpener(t, b, clock, tm).open(t)
	if len(names()) != 4 || !b.Works(t, crashed) {
		t.Fatalf("a living key was touched: %v", names())
	}
	clock.Advance(time.Minute)
	if b.Works(t, crashed) {
		t.Error("the key of the crashed run still works")
	}
	newEphemeralKeyOpener(t, b, clock, tm).open(t)
	if got := names(); len(got) != 4 || !b.Works(t, valid) {
		t.Errorf("the keys left are %v", got)
	}
}
