package provider_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/faultinjection"
)

// expectRefusal expects exactly one error, with this summary and text.
func expectRefusal(t *testing.T, what string, diags []*tfprotov6.Diagnostic, summary, text string) {
	t.Helper()
	if len(diags) != 1 || diags[0].Severity != tfprotov6.DiagnosticSeverityError || diags[0].Summary != summary || !strings.Contains(diags[0].Detail, text) {
		t.Errorf("%s: the diagnostics are not one error %q with %q:", what, summary, text)
		expectNone(t, what, diags)
	}
}

// invocations are a working configuration of each action in an organization.
func invocations(t *testing.T, b *acctest.Backend) map[string]map[string]any {
	t.Helper()
	tm := newTeam(t, b)
	b.Do(t, "POST", "/organization/invites", map[string]any{"email": "ada@example.com", "role": "reader"}, nil)
	driver := newDriver(t, b)
	external, diags := driver.Apply(t, "openai_external_key", nil, map[string]any{
		"name": "data", "kms_arn": "arn:aws:kms:eu-central-1:123456789012:key/1", "role_arn": "arn:aws:iam::123456789012:role/openai", "external_id": tm.project,
	})
	expectNone(t, "external key", diags)
	storage, diags := driver.Apply(t, "openai_external_storage", nil, map[string]any{"project_id": tm.project, "aws": map[string]string{
		"bucket": "shop", "role_arn": "arn:aws:iam::123456789012:role/openai",
	}})
	expectNone(t, "external storage", diags)
	b.UseAPIKey(t, tm.project)
	var endpoint struct{ ID string }
	b.Do(t, "POST", webhooksPath, map[string]any{"name": "orders", "url": "https://example.com/openai", "event_types": []string{"response.completed"}}, &endpoint)
	return map[string]map[string]any{
		"openai_webhook_endpoint_test":           {"webhook_endpoint_id": endpoint.ID, "event_type": "response.completed"},
		"openai_project_api_key_revoke":          {"project_id": tm.project, "api_key_id": newKey(t, b, tm, "reports")},
		"openai_project_api_key_revoke_previous": {"project_id": tm.project, "previous_ids": []string{newKey(t, b, tm, "billing")}, "api_key_id": newKey(t, b, tm, "billing")},
		"openai_service_account_revoke_keys":     {"project_id": tm.project, "service_account_id": tm.account},
		"openai_external_key_validate":           {"external_key_id": external.Attribute("external_key_id")},
		"openai_external_storage_validate":       {"external_storage_id": storage.Attribute("external_storage_id")},
		"openai_organization_member_reinvite":    {"email": "ADA@example.com"},
	}
}

func newKey(t *testing.T, b *acctest.Backend, tm team, name string) string {
	t.Helper()
	var key struct{ ID string }
	b.Do(t, "POST", "/organization/projects/"+tm.project+"/service_accounts/"+tm.account+"/api_keys", map[string]string{"name": name}, &key)
	return key.ID
}

// Each action writes when it is invoked, and only then. A provider that only
// reads refuses it.
func TestEveryAction(t *testing.T) {
	b := acctest.Start(t)
	all := invocations(t, b)
	driver := newDriver(t, b)
	readOnly := acctest.NewDriver(t, b.URL, b.AdminKey, acctest.NewClock(), map[string]any{"api_key": b.APIKey, "read_only": true})
	for _, name := range driver.Actions() {
		t.Run(name, func(t *testing.T) {
			if all[name] == nil {
				t.Fatal("invocations has no configuration for it")
			}
			b.Mark(t)
			unknown := map[string]any{}
			for attribute := range all[name] {
				unknown[attribute] = acctest.Unknown
			}
			expectNone(t, "plan of what is not known yet", driver.PlanAction(t, name, unknown))
			expectNone(t, "plan", driver.PlanAction(t, name, all[name]))
			if n := b.CountAll(t); n != 0 {
				t.Errorf("the plan sends %v", b.Requests(t))
			}
			_, diags := readOnly.Invoke(t, name, all[name])
			if len(diags) == 0 || !slices.ContainsFunc(diags, func(d *tfprotov6.Diagnostic) bool { return strings.Contains(d.Detail, "read_only") }) {
				t.Error("with read_only there is no error that names it")
				expectNone(t, "read_only", diags)
			}
			b.ExpectWrites(t, 0)
			progress, diags := driver.Invoke(t, name, all[name])
			expectNone(t, "invoke", diags)
			if len(progress) == 0 {
				t.Error("it shows no progress")
			}
			if slices.ContainsFunc(progress, func(message string) bool { return strings.Contains(message, "sk-") }) {
				t.Errorf("a secret is shown: %q", progress)
			}
			if !slices.ContainsFunc(b.Requests(t), func(request string) bool { return !strings.HasPrefix(request, "GET ") }) {
				t.Error("it writes nothing")
			}
			for attribute, value := range all[name] {
				if _, isID := value.(string); isID && attribute != "event_type" { // types of events are open
					wrong := map[string]any{}
					for other, value := range all[name] {
						wrong[other] = value
					}
					wrong[attribute] = "not/an id"
					if diags := driver.PlanAction(t, name, wrong); len(diags) == 0 || diags[0].Attribute == nil {
						t.Errorf("%s = %q is not refused at the attribute", attribute, wrong[attribute])
					}
				}
			}
		})
	}
}

func TestActionRevokesOneKey(t *testing.T) {
	b := acctest.Start(t)
	tm := newTeam(t, b)
	key, other := newKey(t, b, tm, "billing"), newKey(t, b, tm, "billing")
	driver := newDriver(t, b)
	config := map[string]any{"project_id": tm.project, "api_key_id": key, "name": "search"}
	_, diags := driver.Invoke(t, "openai_project_api_key_revoke", config)
	expectRefusal(t, "another name", diags, "Key has another name", `has the name "billing", and name is "search". Nothing was revoked.`)
	config["name"] = "billing"
	for _, want := range []string{"Revoked key " + key, "Key " + key + " does not exist in project " + tm.project} {
		progress, diags := driver.Invoke(t, "openai_project_api_key_revoke", config)
		expectNone(t, "revoke", diags)
		if !slices.Equal(progress, []string{want}) {
			t.Errorf("the progress is %q, not %q", progress, want)
		}
	}
	expectKeys(t, b, tm, other)
}

// expectKeys asserts which keys exist.
func expectKeys(t *testing.T, b *acctest.Backend, tm team, want ...string) {
	t.Helper()
	var list struct{ Data []struct{ ID string } }
	b.Do(t, "GET", "/organization/projects/"+tm.project+"/api_keys", nil, &list)
	var found []string
	for _, key := range list.Data {
		found = append(found, key.ID)
	}
	slices.Sort(found)
	slices.Sort(want)
	if !slices.Equal(found, want) {
		t.Errorf("the keys are %q, not %q", found, want)
	}
}

// The overlap of a rotation ends early, and the resource has nothing to do
// afterwards.
func TestActionEndsAnOverlap(t *testing.T) {
	clock := acctest.NewClock()
	b := acctest.StartAt(t, clock)
	tm := newTeam(t, b)
	driver := acctest.NewDriver(t, b.URL, b.AdminKey, clock)
	config := map[string]any{
		"project_id": tm.project, "service_account_id": tm.account, "name": "billing",
		"rotation": map[string]string{"after": "30d", "overlap": "20d"},
	}
	key, diags := driver.Apply(t, "openai_project_api_key", nil, config)
	expectNone(t, "create", diags)
	first := key.Attribute("id")
	invoke := func(key *acctest.Object, previous ...any) ([]string, []*tfprotov6.Diagnostic) {
		return driver.Invoke(t, "openai_project_api_key_revoke_previous",
			map[string]any{"project_id": tm.project, "api_key_id": key.Attribute("id"), "previous_ids": previous})
	}
	// Before the first rotation, previous_id is null.
	progress, diags := invoke(key, nil)
	expectNone(t, "nothing to revoke", diags)
	if !slices.Equal(progress, []string{"There are no previous keys to revoke"}) {
		t.Errorf("without previous keys, the progress is %q", progress)
	}
	for range 2 {
		clock.Advance(31 * day)
		key, _ = driver.Refresh(t, key)
		key, diags = driver.Apply(t, "openai_project_api_key", key, config)
		if len(diags) != 1 || diags[0].Summary != "API key will be rotated" {
			t.Errorf("the rotation warns of %d things, the last apply planned more than a rotation", len(diags))
		}
	}
	second, current := key.Attribute("previous_id"), key.Attribute("id")
	_, diags = invoke(key, current)
	expectRefusal(t, "the current key", diags, "Not a previous key", "Nothing was revoked.")
	other := newKey(t, b, team{tm.project, newServiceAccount(t, b, tm.project, "search")}, "billing")
	_, diags = invoke(key, second, other)
	expectRefusal(t, "a key of another account", diags, "Not a previous key", other+" of project "+tm.project+" is not an older key")
	clock.Advance(time.Second)
	newer := newKey(t, b, tm, "billing")
	_, diags = invoke(key, second, newer)
	expectRefusal(t, "a newer key", diags, "Not a previous key", "Nothing was revoked.")

	b.Do(t, "DELETE", tm.path(first), nil, nil)
	driver = acctest.NewDriver(t, b.URL, b.AdminKey, clock)
	progress, diags = invoke(key, second, nil, first)
	expectNone(t, "revoke", diags)
	if want := []string{"Key " + first + " does not exist in project " + tm.project, "Revoked key " + second}; !sameElements(progress, want) {
		t.Errorf("the progress is %q, not %q", progress, want)
	}
	expectKeys(t, b, tm, current, other, newer)
	key, diags = driver.Refresh(t, key)
	expectNone(t, "refresh", diags)
	if pending, err := driver.Pending(t, "openai_project_api_key", key, config); pending || err != nil {
		t.Errorf("after the action, the plan changes something: %v %v", pending, err)
	}
}

func sameElements(a, b []string) bool {
	a, b = slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b))
	return slices.Equal(a, b)
}

// An expired key works no longer, so that the previous one may be in use.
func TestActionKeepsThePreviousKeyOfAnExpiredOne(t *testing.T) {
	clock := acctest.NewClock()
	b := acctest.StartAt(t, clock)
	tm := newTeam(t, b)
	previous := newKey(t, b, tm, "billing")
	var key struct{ ID string }
	b.Do(t, "POST", "/organization/projects/"+tm.project+"/service_accounts/"+tm.account+"/api_keys", map[string]any{"name": "billing", "expires_in_seconds": 60}, &key)
	clock.Advance(time.Hour)
	driver := acctest.NewDriver(t, b.URL, b.AdminKey, clock)
	_, diags := driver.Invoke(t, "openai_project_api_key_revoke_previous",
		map[string]any{"project_id": tm.project, "api_key_id": key.ID, "previous_ids": []string{previous}})
	expectRefusal(t, "an expired key", diags, "Current key has expired", "Nothing was revoked")
}

// refusingDriver is a driver for which the API refuses these requests.
func refusingDriver(t *testing.T, b *acctest.Backend, method, path string) *acctest.Driver {
	t.Helper()
	server := httptest.NewServer(faultinjection.New(b.Emulator, faultinjection.Plan{Rules: []faultinjection.Rule{{Method: method, Path: path, Fault: faultinjection.Status, Status: 400}}}))
	t.Cleanup(server.Close)
	return acctest.NewDriver(t, server.URL+"/v1", b.AdminKey, acctest.NewClock())
}

// After a leak, all keys of an account stop working, also where one of them
// cannot be revoked at first. A wrong id is no account without keys.
func TestActionRevokesTheKeysOfAnAccount(t *testing.T) {
	b := acctest.Start(t)
	tm := newTeam(t, b)
	other := newKey(t, b, team{tm.project, newServiceAccount(t, b, tm.project, "search")}, "search")
	keys := []string{newKey(t, b, tm, "billing"), newKey(t, b, tm, "billing"), newKey(t, b, tm, "reports")}
	driver := refusingDriver(t, b, "DELETE", "/v1"+tm.path(keys[1]))
	config := map[string]any{"project_id": tm.project, "service_account_id": tm.account}
	progress, diags := driver.Invoke(t, "openai_service_account_revoke_keys", config)
	expectRefusal(t, "a key that cannot be revoked", diags, "Could not revoke API key", "API key "+keys[1]+" of project "+tm.project)
	if want := []string{"Service account " + tm.account + " has 3 API keys", "Revoked key " + keys[0], "Revoked key " + keys[2]}; !sameElements(progress, want) {
		t.Errorf("the progress is %q, not %q", progress, want)
	}
	expectKeys(t, b, tm, keys[1], other)
	driver = newDriver(t, b)
	_, diags = driver.Invoke(t, "openai_service_account_revoke_keys", config)
	expectNone(t, "again", diags)
	expectKeys(t, b, tm, other)
	config["service_account_id"] = "user-other"
	_, diags = driver.Invoke(t, "openai_service_account_revoke_keys", config)
	expectRefusal(t, "a wrong id", diags, "Could not read service account", "user-other")
}

// The resource of the person has nothing to do after the action.
func TestActionInvitesAgain(t *testing.T) {
	for _, expired := range []bool{false, true} {
		t.Run(fmt.Sprint("expired ", expired), func(t *testing.T) {
			b := acctest.Start(t)
			driver := newDriver(t, b)
			project := b.Project(t, "dev")
			config := map[string]any{"email": "ada@example.com", "role": "owner", "projects": []map[string]string{{"id": project, "role": "member"}}, "suppress_warnings": []string{"owner_granted"}}
			member, diags := driver.Apply(t, "openai_organization_member", nil, config)
			expectNone(t, "create", diags)
			if expired {
				b.Do(t, "POST", "/_emulator/invites/"+member.Attribute("invite_id")+"/expire", nil, nil)
			}
			driver = newDriver(t, b)
			progress, diags := driver.Invoke(t, "openai_organization_member_reinvite", map[string]any{"email": "Ada@example.com"})
			expectNone(t, "invite again", diags)
			if last := progress[len(progress)-1]; !strings.HasPrefix(last, "Invited ada@example.com as owner again: invitation invite-") {
				t.Errorf("the progress is %q", progress)
			}
			before := member.Attribute("invite_id")
			member, diags = driver.Refresh(t, member)
			expectNone(t, "refresh", diags)
			if id := member.Attribute("invite_id"); id == before || member.Attribute("status") != "pending" {
				t.Errorf("the member has the invitation %s, %s", id, member.Attribute("status"))
			}
			if pending, err := driver.Pending(t, "openai_organization_member", member, config); pending || err != nil {
				t.Errorf("after the action, the plan changes something: %v %v", pending, err)
			}
			b.Do(t, "POST", "/_emulator/invites/"+member.Attribute("invite_id")+"/accept", nil, nil)
			driver = newDriver(t, b)
			_, diags = driver.Invoke(t, "openai_organization_member_reinvite", map[string]any{"email": "ada@example.com"})
			expectRefusal(t, "a member", diags, "Person is a member already", "Nothing was sent.")
			_, diags = driver.Invoke(t, "openai_organization_member_reinvite", map[string]any{"email": "bob@example.com"})
			expectRefusal(t, "a stranger", diags, "Person was never invited", "bob@example.com")
		})
	}
}

// Where the second half fails, the person has no invitation, and the error
// says so, with the way out.
func TestActionReportsAnInvitationThatIsLost(t *testing.T) {
	b := acctest.Start(t)
	b.Do(t, "POST", "/organization/invites", map[string]any{"email": "ada@example.com", "role": "reader"}, nil)
	_, diags := refusingDriver(t, b, "POST", "/v1/organization/invites").Invoke(t, "openai_organization_member_reinvite", map[string]any{"email": "ada@example.com"})
	if len(diags) != 2 || diags[0].Summary != "Person has no invitation" || !strings.Contains(diags[0].Detail, "ada@example.com as reader is withdrawn") || diags[1].Summary != "Could not invite" {
		t.Error("the errors are not those of the lost invitation")
		expectNone(t, "invite", diags)
	}
}

func TestActionValidatesExternalStorage(t *testing.T) {
	b := acctest.Start(t)
	config := invocations(t, b)["openai_external_storage_validate"]
	driver := newDriver(t, b)
	b.Do(t, "POST", "/_emulator/external_storage", map[string]string{"name": "shop", "status": "unhealthy"}, nil)
	_, diags := driver.Invoke(t, "openai_external_storage_validate", config)
	expectRefusal(t, "unhealthy", diags, "External storage failed its validation", "cannot use it")
	b.Do(t, "POST", "/_emulator/external_storage", map[string]string{"name": "shop", "status": "validated"}, nil)
	progress, diags := driver.Invoke(t, "openai_external_storage_validate", config)
	expectNone(t, "validated", diags)
	if len(progress) != 1 || !strings.HasSuffix(progress[0], ": validated") {
		t.Errorf("the progress is %q", progress)
	}
}

// Terraform itself invokes an action.
func TestAccActionInvoke(t *testing.T) {
	mirror := acctest.NewMirror(t)
	mirror.Require(t, "1.14.0", "terraform apply -invoke")
	t.Parallel()
	b := acctest.Start(t)
	tm := newTeam(t, b)
	key, other := newKey(t, b, tm, "billing"), newKey(t, b, tm, "search")
	c := mirror.CLI(t, b.URL, b.AdminKey)
	c.Write(t, "main.tf", fmt.Sprintf("terraform {\n  required_providers {\n    openai = {\n      source = \"allthingsai/openai\"\n    }\n  }\n}\n\n"+
		"action \"openai_project_api_key_revoke\" \"orphan\" {\n  config {\n    project_id = %q\n    api_key_id = %q\n  }\n}\n", tm.project, key))
	c.Run(t, "init")
	c.Run(t, "apply", "-auto-approve")
	expectKeys(t, b, tm, key, other)
	if out := c.Run(t, "apply", "-auto-approve", "-invoke=action.openai_project_api_key_revoke.orphan"); !strings.Contains(out, "Revoked key "+key) {
		t.Errorf("the progress is not shown:\n%s", out)
	}
	expectKeys(t, b, tm, other)
}

// An endpoint that answers with an error has received the event, and the action
// fails. A provider without a key of the project names the setting.
func TestActionTestsAWebhookEndpoint(t *testing.T) {
	b := acctest.Start(t)
	config := invocations(t, b)["openai_webhook_endpoint_test"]
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasSuffix(r.URL.Path, "/test") {
			b.Emulator.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = fmt.Fprintf(w, `{"object":"webhook_endpoint.test","webhook_endpoint_id":%q,"event_type":"response.completed","success":true,"status_code":503}`, config["webhook_endpoint_id"])
	}))
	t.Cleanup(receiver.Close)
	driver := acctest.NewDriver(t, receiver.URL+"/v1", b.AdminKey, acctest.NewClock(), map[string]any{"api_key": b.APIKey})
	progress, diags := driver.Invoke(t, "openai_webhook_endpoint_test", config)
	expectRefusal(t, "a receiver that fails", diags, "Webhook endpoint refused the sample event", "with the status 503 instead of 200 to 299")
	if len(progress) != 1 || !strings.HasSuffix(progress[0], "answered the sample event response.completed with 503") {
		t.Errorf("the progress is %q", progress)
	}
	_, diags = acctest.NewDriver(t, b.URL, b.AdminKey, acctest.NewClock()).Invoke(t, "openai_webhook_endpoint_test", config)
	expectRefusal(t, "without a key of the project", diags, "No API key of a project", "Set api_key in the provider block")
}
