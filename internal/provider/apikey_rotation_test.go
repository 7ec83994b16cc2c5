package provider_test

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"filippo.io/age"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/faultinjection"
	"github.com/allthingsai/terraform-provider-openai/internal/seal"
)

const day = 24 * time.Hour

// keptKeys remembers the keys that a resource has had.
type keptKeys struct {
	ids, secrets []string
}

func (k *keptKeys) record(s *terraform.State) error {
	id, secret := acctest.Value(s, projectKeyAddress, "id"), acctest.Value(s, projectKeyAddress, "value")
	if len(k.ids) > 0 && k.ids[len(k.ids)-1] == id {
		return fmt.Errorf("the key is still %s", id)
	}
	k.ids, k.secrets = append(k.ids, id), append(k.secrets, secret)
	return nil
}

// works asserts which of the keys open the API now.
func (k *keptKeys) works(t *testing.T, b *acctest.Backend, want ...bool) {
	t.Helper()
	for i, expected := range want {
		if got := b.Works(t, k.secrets[i]); got != expected {
			t.Errorf("key %d works: %t", i+1, got)
		}
	}
}

// plansRotation asserts the plan of a rotation.
func plansRotation() resource.ConfigPlanChecks {
	return resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
		plancheck.ExpectResourceAction(projectKeyAddress, plancheck.ResourceActionUpdate),
		nextKeyVersion{},
		plancheck.ExpectKnownValue(projectKeyAddress, tfjsonpath.New("previous_id"), knownvalue.NotNull()),
		plancheck.ExpectUnknownValue(projectKeyAddress, tfjsonpath.New("previous_expires_at")),
	}}
}

// nextKeyVersion expects the previous version of the key plus 1, known.
type nextKeyVersion struct{}

func (nextKeyVersion) CheckPlan(_ context.Context, req plancheck.CheckPlanRequest, resp *plancheck.CheckPlanResponse) {
	for _, change := range req.Plan.ResourceChanges {
		if change.Address == projectKeyAddress {
			before, errBefore := keyVersion(change.Change.Before)
			after, errAfter := keyVersion(change.Change.After)
			resp.Error = errors.Join(errBefore, errAfter)
			if resp.Error == nil && after != before+1 {
				resp.Error = fmt.Errorf("key_version is planned to be %d after %d", after, before)
			}
			return
		}
	}
	resp.Error = fmt.Errorf("no change of %s", projectKeyAddress)
}

// keyVersion is the key_version of an object in a plan.
func keyVersion(object any) (int64, error) {
	attributes, ok := object.(map[string]any)
	if !ok {
		return 0, fmt.Errorf("the key is %v", object)
	}
	return strconv.ParseInt(fmt.Sprint(attributes["key_version"]), 10, 64)
}

// hasKeyVersion asserts the version of a key that was created at this time, and
// rotated some times since.
func hasKeyVersion(created time.Time, rotations int64) resource.TestCheckFunc {
	return resource.TestCheckResourceAttr(projectKeyAddress, "key_version", fmt.Sprint(created.Unix()+rotations))
}

func TestAccAPIKey_rotation(t *testing.T) {
	clock := acctest.NewClock()
	created := clock.Now()
	b := acctest.StartAt(t, clock)
	tm := newTeam(t, b)
	config := b.Config(rotatingKey(tm, "90d", "7d"))
	var k keptKeys
	acctest.TestAt(t, clock,
		resource.TestStep{Config: config, Check: resource.ComposeAggregateTestCheckFunc(
			k.record,
			hasKeyVersion(created, 0),
			resource.TestCheckResourceAttr(projectKeyAddress, "rotation_due", "false"),
			resource.TestCheckResourceAttr(projectKeyAddress, "rotate_at", fmt.Sprint(clock.Now().Add(90*day).Unix())),
			resource.TestCheckNoResourceAttr(projectKeyAddress, "previous_id"),
		)},
		resource.TestStep{
			PreConfig:        func() { clock.Advance(89 * day) },
			Config:           config,
			ConfigPlanChecks: acctest.Action(projectKeyAddress, plancheck.ResourceActionNoop),
		},
		resource.TestStep{
			PreConfig:        func() { clock.Advance(day); b.Mark(t) },
			Config:           config,
			ConfigPlanChecks: plansRotation(),
			Check: resource.ComposeAggregateTestCheckFunc(
				k.record,
				resource.TestCheckResourceAttr(projectKeyAddress, "rotation_due", "false"),
				resource.TestCheckResourceAttr(projectKeyAddress, "previous_expires_at", fmt.Sprint(clock.Now().Add(97*day).Unix())),
				func(s *terraform.State) error {
					k.works(t, b, true, true)
					b.Expect(t, 1, "POST", serviceAccountsRoute+"/{service_account_id}/api_keys")
					b.Expect(t, 1, "POST", projectKeysRoute+"/{key_id}")
					b.ExpectWrites(t, 2)
					return resource.TestCheckResourceAttr(projectKeyAddress, "previous_id", k.ids[0])(s)
				},
			),
		},
		// The old key expires by itself, without a plan.
		resource.TestStep{
			PreConfig: func() {
				clock.Advance(7*day - time.Second)
				k.works(t, b, true, true)
				clock.Advance(time.Second)
				k.works(t, b, false, true)
			},
			Config:           config,
			ConfigPlanChecks: acctest.Action(projectKeyAddress, plancheck.ResourceActionNoop),
		},
		resource.TestStep{
			Config:           b.Config(rotatingKey(tm, "90d", "7d", `rotation_triggers = { leaked = "checkout" }`)),
			ConfigPlanChecks: plansRotation(),
			Check:            k.record,
		},
		// Rotated again at once without overlap: the earlier key is revoked, too.
		resource.TestStep{
			PreConfig:        func() { k.works(t, b, false, true, true) },
			Config:           b.Config(rotatingKey(tm, "90d", "0s", `rotation_triggers = { leaked = "all of them" }`)),
			ConfigPlanChecks: plansRotation(),
			Check: func(s *terraform.State) error {
				err := k.record(s)
				k.works(t, b, false, false, false, true)
				return err
			},
		},
		resource.TestStep{
			Config:           b.Config(rotatingKey(tm, "90d", "1d")),
			ConfigPlanChecks: acctest.Action(projectKeyAddress, plancheck.ResourceActionUpdate),
			Check:            hasKeyVersion(created, 3),
		},
	)
	k.works(t, b, false, false, false, false)
}

// Destroying revokes the predecessor, too, however long it would have lived.
func TestAccAPIKey_destroyRevokesBoth(t *testing.T) {
	b := acctest.Start(t)
	tm := newTeam(t, b)
	var k keptKeys
	acctest.Test(t,
		resource.TestStep{Config: b.Config(rotatingKey(tm, "90d", "7d", `rotation_triggers = { by = "1" }`)), Check: k.record},
		resource.TestStep{Config: b.Config(rotatingKey(tm, "90d", "7d", `rotation_triggers = { by = "2" }`)), Check: func(s *terraform.State) error {
			err := k.record(s)
			k.works(t, b, true, true)
			return err
		}},
	)
	k.works(t, b, false, false)
}

// The rotation of an expired key is due, and the key stays in state, whether or
// not the API still returns it.
func TestAccAPIKey_expiredIsRotated(t *testing.T) {
	for name, forget := range map[string]bool{"the API remembers it": false, "the API forgets it": true} {
		t.Run(name, func(t *testing.T) {
			clock := acctest.NewClock()
			b := acctest.StartAt(t, clock)
			tm := newTeam(t, b)
			config := b.Config(tm.key("name = \"billing\"\nexpires_in_seconds = 3600"))
			var k keptKeys
			acctest.TestAt(t, clock,
				resource.TestStep{Config: config, Check: k.record},
				resource.TestStep{
					PreConfig: func() {
						clock.Advance(time.Hour)
						if forget {
							b.Do(t, "DELETE", tm.path(k.ids[0]), nil, nil)
						}
					},
					Config:           config,
					ConfigPlanChecks: plansRotation(),
					Check: resource.ComposeAggregateTestCheckFunc(
						k.record,
						resource.TestCheckResourceAttr(projectKeyAddress, "status", "active"),
						func(*terraform.State) error { k.works(t, b, false, true); return nil },
					),
				},
			)
		})
	}
}

// advanceClock is time that passes between plan and apply.
type advanceClock struct {
	clock *acctest.Clock
	by    time.Duration
}

func (a advanceClock) CheckPlan(context.Context, plancheck.CheckPlanRequest, *plancheck.CheckPlanResponse) {
	a.clock.Advance(a.by)
}

// A plan that waits for its approval until the key is due applies as it was
// approved; the next one rotates.
func TestAccAPIKey_planWaitsForApproval(t *testing.T) {
	clock := acctest.NewClock()
	created := clock.Now()
	b := acctest.StartAt(t, clock)
	tm := newTeam(t, b)
	scoped := b.Config(rotatingKey(tm, "90d", "7d", `scopes = ["model.request"]`))
	acctest.TestAt(t, clock,
		resource.TestStep{Config: b.Config(rotatingKey(tm, "90d", "7d"))},
		resource.TestStep{
			PreConfig: func() { clock.Advance(89 * day) },
			Config:    scoped,
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectResourceAction(projectKeyAddress, plancheck.ResourceActionUpdate), advanceClock{clock, 3 * day}}},
			Check:              hasKeyVersion(created, 0),
			ExpectNonEmptyPlan: true, // it is due by now
		},
		resource.TestStep{Config: scoped, ConfigPlanChecks: plansRotation()},
	)
}

// A trigger that is unknown before apply can still decide about a rotation.
func TestAccAPIKey_unknownTriggers(t *testing.T) {
	clock := acctest.NewClock()
	b := acctest.StartAt(t, clock)
	tm := newTeam(t, b)
	with := func(input string) string {
		return b.Config(fmt.Sprintf("resource \"terraform_data\" \"version\" {\n  triggers_replace = %q\n}\n", input) + tm.key("name = \"billing\"\nrotation_triggers = { version = terraform_data.version.id }"))
	}
	acctest.TestAt(t, clock,
		resource.TestStep{Config: with("1"), Check: hasKeyVersion(clock.Now(), 0)},
		resource.TestStep{
			Config:           with("2"),
			ConfigPlanChecks: acctest.Action(projectKeyAddress, plancheck.ResourceActionUpdate),
			Check:            hasKeyVersion(clock.Now(), 1),
		},
	)
}

func TestAccAPIKey_sealed(t *testing.T) {
	b := acctest.Start(t)
	tm := newTeam(t, b)
	ours, theirs := newAgeIdentity(t), newAgeIdentity(t)
	encryptedTo := func(identities ...*age.X25519Identity) string {
		var texts []string
		for _, i := range identities {
			texts = append(texts, fmt.Sprintf("%q", i.Recipient()))
		}
		return b.Config(tm.key("name = \"billing\"\nage_recipients = [" + strings.Join(texts, ", ") + "]"))
	}
	var first, second string
	opens := func(i *age.X25519Identity, secret *string) resource.TestCheckFunc {
		return func(s *terraform.State) (err error) {
			*secret, err = seal.Open(acctest.Value(s, projectKeyAddress, "sealed_value"), i.String())
			if err == nil && !b.Works(t, *secret) {
				err = fmt.Errorf("what was sealed is no key that works")
			}
			return err
		}
	}
	acctest.Test(t,
		resource.TestStep{Config: encryptedTo(ours), Check: resource.ComposeAggregateTestCheckFunc(
			opens(ours, &first),
			resource.TestCheckNoResourceAttr(projectKeyAddress, "value"),
			resource.TestCheckResourceAttr(projectKeyAddress, "secret_available", "true"),
		)},
		acctest.Import(projectKeyAddress, []string{"project_id", "api_key_id"}, "sealed_value", "secret_available", "age_recipients"),
		// The old secret cannot be encrypted to the new recipients.
		resource.TestStep{Config: encryptedTo(ours, theirs), ConfigPlanChecks: plansRotation(), Check: resource.ComposeAggregateTestCheckFunc(
			opens(ours, &second), opens(theirs, &second),
			func(*terraform.State) error {
				if first == second || !b.Works(t, first) {
					return fmt.Errorf("the old key is not valid during the overlap")
				}
				return nil
			},
		)},
		resource.TestStep{Config: b.Config(tm.key(`name = "billing"`)), ConfigPlanChecks: plansRotation(), Check: resource.ComposeAggregateTestCheckFunc(
			resource.TestCheckResourceAttrSet(projectKeyAddress, "value"),
			resource.TestCheckNoResourceAttr(projectKeyAddress, "sealed_value"),
		)},
	)
}

func newAgeIdentity(t *testing.T) *age.X25519Identity {
	t.Helper()
	i, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	return i
}

// An imported key has no secret. That forces nothing; its first rotation
// repairs it.
func TestAccAPIKey_imported(t *testing.T) {
	clock := acctest.NewClock()
	created := clock.Now()
	b := acctest.StartAt(t, clock)
	tm := newTeam(t, b)
	var made struct{ ID, Value string }
	b.Do(t, "POST", "/organization/projects/"+tm.project+"/service_accounts/"+tm.account+"/api_keys", map[string]string{"name": "billing"}, &made)
	clock.Advance(day)
	body := rotatingKey(tm, "90d", "7d", fmt.Sprintf("age_recipients = [%q]\nrotation_triggers = { by = \"1\" }\nexpires_in_seconds = 31536000", newAgeIdentity(t).Recipient()))
	acctest.TestAt(t, clock,
		resource.TestStep{
			Config: b.Config(fmt.Sprintf("import {\n  to = openai_project_api_key.test\n  id = \"%s/%s\"\n}\n", tm.project, made.ID) + body),
			Check: resource.ComposeAggregateTestCheckFunc(
				resource.TestCheckResourceAttr(projectKeyAddress, "id", made.ID),
				hasKeyVersion(created, 0),
				resource.TestCheckResourceAttr(projectKeyAddress, "secret_available", "false"),
				resource.TestCheckNoResourceAttr(projectKeyAddress, "value"),
				resource.TestCheckNoResourceAttr(projectKeyAddress, "sealed_value"),
				resource.TestCheckResourceAttrSet(projectKeyAddress, "expires_at"),
			),
		},
		resource.TestStep{
			PreConfig:        func() { clock.Advance(90 * day) },
			Config:           b.Config(body),
			ConfigPlanChecks: plansRotation(),
			Check: resource.ComposeAggregateTestCheckFunc(
				hasKeyVersion(created, 1),
				resource.TestCheckResourceAttr(projectKeyAddress, "secret_available", "true"),
				resource.TestCheckResourceAttr(projectKeyAddress, "previous_id", made.ID),
				resource.TestCheckResourceAttrSet(projectKeyAddress, "sealed_value"),
			),
		},
	)
}

// A year of daily plans, and an application that looks for a new secret twice
// a week: there is always a key that works, there are never more than two, and
// a plan has something to do on the days only on which the key is due.
func TestRotationRehearsal(t *testing.T) {
	clock := acctest.NewClock()
	b := acctest.StartAt(t, clock)
	tm := newTeam(t, b)
	const after, overlap = 30, 7
	config := map[string]any{
		"project_id": tm.project, "service_account_id": tm.account, "name": "billing",
		"rotation": map[string]any{"after": fmt.Sprintf("%dd", after), "overlap": fmt.Sprintf("%dd", overlap)}, "expires_in_seconds": (after + overlap + 30) * 86400,
	}
	object, diags := acctest.NewDriver(t, b.URL, b.AdminKey, clock).Apply(t, "openai_project_api_key", nil, config)
	if len(diags) > 0 {
		t.Fatal(diags[0])
	}
	secrets, firstVersion := []string{object.Attribute("value")}, object.Number("key_version")
	application := secrets[0]
	rotations, dueDay := 0, after
	for today := 1; today <= 365; today++ {
		for range 4 {
			clock.Advance(6 * time.Hour)
			if !b.Works(t, application) {
				t.Fatalf("day %d: the application is locked out", today)
			}
			alive := 0
			for _, secret := range secrets {
				if b.Works(t, secret) {
					alive++
				}
			}
			if alive < 1 || alive > 2 {
				t.Fatalf("day %d: %d keys work", today, alive)
			}
		}
		driver := acctest.NewDriver(t, b.URL, b.AdminKey, clock)
		if object, diags = driver.Refresh(t, object); len(diags) > 0 {
			t.Fatalf("day %d: %s", today, diags[0].Detail)
		}
		pending, err := driver.Pending(t, "openai_project_api_key", object, config)
		if err != nil || pending != (today == dueDay) {
			t.Fatalf("day %d: a plan has something to do: %t, %v", today, pending, err)
		}
		if pending {
			object, diags = driver.Apply(t, "openai_project_api_key", object, config)
			if object.Attribute("value") == secrets[len(secrets)-1] {
				t.Fatalf("day %d: the key was not rotated", today)
			}
			if len(diags) != 1 || !strings.Contains(diags[0].Detail, "is rotated because it is due") || !strings.Contains(diags[0].Detail, "stays valid for 7d after the apply") {
				t.Errorf("day %d: the plan does not say what happens: %v", today, diags)
			}
			secrets = append(secrets, object.Attribute("value"))
			rotations++
			dueDay = today + after
			if got := object.Number("key_version"); got != firstVersion+int64(rotations) {
				t.Errorf("day %d: version %d", today, got)
			}
		}
		if today%3 == 0 || today%7 == 0 {
			application = object.Attribute("value")
		}
	}
	if rotations != 365/after {
		t.Errorf("%d rotations in a year", rotations)
	}
}

func TestRotationThatMayComeLate(t *testing.T) {
	clock := acctest.NewClock()
	b := acctest.StartAt(t, clock)
	d := acctest.NewDriver(t, b.URL, b.AdminKey, clock)
	for seconds, message := range map[int]string{
		97*86400 - 1: "Set expires_in_seconds to at least 8380800",
		97 * 86400:   "",
	} {
		diags := d.Validate(t, "openai_project_api_key", map[string]any{"project_id": "proj_1", "service_account_id": "svc_acct_1", "name": "a",
			"expires_in_seconds": seconds, "rotation": map[string]any{"after": "90d", "overlap": "7d"}})
		text := ""
		for _, d := range diags {
			text += fmt.Sprint(d.Severity, d.Detail)
		}
		if message == "" && text != "" || !strings.Contains(text, message) || strings.Contains(text, "ERROR") {
			t.Errorf("%d seconds: %s", seconds, text)
		}
	}
}

// A rotation that is interrupted between its two steps is finished by the next
// run: the old key works until then, and gets its end.
func TestRotationIsFinishedLater(t *testing.T) {
	clock := acctest.NewClock()
	b := acctest.StartAt(t, clock)
	tm := newTeam(t, b)
	lab := faultinjection.New(b.Emulator, faultinjection.Plan{})
	faulty := httptest.NewServer(lab)
	t.Cleanup(faulty.Close)
	config := func(trigger string) map[string]any {
		return map[string]any{"project_id": tm.project, "service_account_id": tm.account, "name": "billing",
			"rotation": map[string]any{"overlap": "7d"}, "rotation_triggers": map[string]any{"by": trigger}}
	}
	driver := func() *acctest.Driver { return acctest.NewDriver(t, faulty.URL+"/v1", b.AdminKey, clock) }
	const kind = "openai_project_api_key"
	object, _ := driver().Apply(t, kind, nil, config("1"))
	first := object.Attribute("value")

	lab.Set(faultinjection.Plan{Rules: []faultinjection.Rule{{Method: "POST", Path: "/v1/organization/projects/*/api_keys/*", Fault: faultinjection.Status, Status: 400}}})
	object, diags := driver().Apply(t, kind, object, config("2"))
	if len(diags) == 0 || !strings.Contains(diags[len(diags)-1].Detail, "the next apply sets it") {
		t.Fatalf("the interruption is not reported: %v", diags)
	}
	lab.Set(faultinjection.Plan{})
	second := object.Attribute("value")
	if first == second || !b.Works(t, first) || !b.Works(t, second) || object.Number("previous_expires_at") != 0 {
		t.Fatal("the new key is not in state with the old one")
	}

	next := driver()
	object, _ = next.Refresh(t, object)
	if pending, err := next.Pending(t, kind, object, config("2")); err != nil || !pending {
		t.Fatalf("nothing is left to do: %v", err)
	}
	object, diags = next.Apply(t, kind, object, config("2"))
	if object.Attribute("value") != second || object.Number("previous_expires_at") != clock.Now().Add(7*day).Unix() {
		t.Fatalf("the rotation was not finished: %v", diags)
	}
	if pending, err := next.Pending(t, kind, object, config("2")); err != nil || pending {
		t.Errorf("something is left to do: %v", err)
	}
	clock.Advance(7 * day)
	if b.Works(t, first) || !b.Works(t, second) {
		t.Error("the wrong key was revoked")
	}
}

// When Terraform is killed before it can write its state, the next plan rotates
// again, and names the key in between.
func TestRotationAfterTerraformWasKilled(t *testing.T) {
	clock := acctest.NewClock()
	b := acctest.StartAt(t, clock)
	tm := newTeam(t, b)
	config := func(trigger string) map[string]any {
		return map[string]any{"project_id": tm.project, "service_account_id": tm.account, "name": "billing", "rotation_triggers": map[string]any{"by": trigger}}
	}
	const kind = "openai_project_api_key"
	driver := func() *acctest.Driver {
		return acctest.NewDriver(t, b.URL, b.AdminKey, clock, map[string]any{"suppress_warnings": []string{"key_without_expiry"}})
	}
	saved, _ := driver().Apply(t, kind, nil, config("1"))
	lost, _ := driver().Apply(t, kind, saved, config("2"))

	next := driver()
	refreshed, _ := next.Refresh(t, saved)
	warnings := next.Warnings(t, kind, refreshed, config("2"))
	if len(warnings) != 2 || !strings.Contains(warnings[1].Detail, lost.Attribute("id")) || strings.Contains(warnings[1].Detail, saved.Attribute("id")) ||
		!strings.Contains(warnings[1].Detail, "/organization/projects/"+tm.project+"/api_keys/"+lost.Attribute("id")) {
		t.Errorf("the plan does not name the key in between: %v", warnings)
	}
	made, _ := next.Apply(t, kind, refreshed, config("2"))
	if made.Number("key_version") != saved.Number("key_version")+1 || made.Attribute("id") == lost.Attribute("id") || !b.Works(t, made.Attribute("value")) {
		t.Error("the key was not rotated again")
	}
}

// A rotation can be rehearsed: variables set the clock of the provider ahead, or
// make it fast, as that of the emulator. For another machine they are an error.
func TestRotationIsRehearsed(t *testing.T) {
	clock := acctest.NewClock()
	b := acctest.StartAt(t, clock)
	account := made(t, driver(t, b, nil), "openai_project_service_account", attributes{"project_id": b.Project(t, "shop"), "name": "app"})
	config := attributes{
		"project_id": account.Attribute("project_id"), "service_account_id": account.Attribute("id"), "name": "app",
		"rotation": attributes{"after": "90d", "overlap": "7d"},
	}
	key := made(t, driver(t, b, nil), "openai_project_api_key", config)
	plan := func() string {
		d := driver(t, b, nil)
		refreshed, _ := d.Refresh(t, key)
		var said strings.Builder
		for _, warning := range d.Plan(t, "openai_project_api_key", refreshed, config).Warnings() {
			said.WriteString(warning.Summary + "\n")
		}
		return said.String()
	}
	if said := plan(); strings.Contains(said, "API key will be rotated") {
		t.Errorf("a new key: %s", said)
	}
	clock.Advance(91 * day) // the emulator reads the variable, too
	t.Setenv("OPENAI_EMULATOR_CLOCK_OFFSET", "91d")
	if said := plan(); !strings.Contains(said, "API key will be rotated") {
		t.Errorf("91 days later: %s", said)
	}
	t.Setenv("OPENAI_EMULATOR_CLOCK_OFFSET", "")
	fiveDays := "20@" + time.Now().Add(-5*day).Format(time.RFC3339)
	t.Setenv("OPENAI_EMULATOR_CLOCK_SPEED", fiveDays)
	if said := plan(); !strings.Contains(said, "API key will be rotated") {
		t.Errorf("after five days that were twenty times as fast: %s", said)
	}
	for _, refused := range []struct {
		offset, speed, variable string
		settings                attributes
	}{
		{"91d", "", "OPENAI_EMULATOR_CLOCK_OFFSET", attributes{"base_url": "https://api.openai.com/v1"}},
		{"soon", "", "OPENAI_EMULATOR_CLOCK_OFFSET", nil},
		{"", fiveDays, "OPENAI_EMULATOR_CLOCK_SPEED", attributes{"base_url": "https://api.openai.com/v1"}},
		{"", "fast", "OPENAI_EMULATOR_CLOCK_SPEED", nil},
	} {
		t.Setenv("OPENAI_EMULATOR_CLOCK_OFFSET", refused.offset)
		t.Setenv("OPENAI_EMULATOR_CLOCK_SPEED", refused.speed)
		diags := acctest.Configure(t, with(attributes{"base_url": b.URL, "admin_api_key": b.AdminKey}, refused.settings))
		if len(diags) != 1 || diags[0].Summary != "Invalid emulator clock" || !strings.Contains(diags[0].Detail, refused.variable+" is") {
			t.Errorf("%+v: %v", refused, diags)
		}
	}
}
