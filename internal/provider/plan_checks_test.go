package provider_test

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
)

const costsRoute = "/v1/organization/costs"

type attributes = map[string]any

func with(base, more attributes) attributes {
	all := maps.Clone(base)
	maps.Copy(all, more)
	return all
}

// driver is a provider of its own, as each Terraform command has.
func driver(t *testing.T, b *acctest.Backend, settings attributes) *acctest.Driver {
	t.Helper()
	return acctest.NewDriverWith(t, acctest.NewClock(), with(attributes{"base_url": b.URL, "admin_api_key": b.AdminKey}, settings))
}

// made applies a configuration.
func made(t *testing.T, d *acctest.Driver, typeName string, config attributes) *acctest.Object {
	t.Helper()
	object, diags := d.Apply(t, typeName, nil, config)
	if object == nil || object.Tainted {
		t.Fatalf("%s: %v", typeName, diags)
	}
	return object
}

// expect asserts one warning at an attribute, or none when there are no words.
func expect(t *testing.T, warnings []acctest.Warning, attribute string, words ...string) {
	t.Helper()
	if len(words) == 0 {
		if len(warnings) > 0 {
			t.Errorf("unexpected: %+v", warnings)
		}
		return
	}
	if len(warnings) != 1 {
		t.Fatalf("%d warnings, expected one with %q: %+v", len(warnings), words, warnings)
	}
	if !strings.Contains(warnings[0].Attribute, `"`+attribute+`"`) {
		t.Errorf("it is at %s, expected at %s", warnings[0].Attribute, attribute)
	}
	text := warnings[0].Summary + "\n" + warnings[0].Detail
	for _, word := range append(words, "suppress_warnings") {
		if !strings.Contains(text, word) {
			t.Errorf("%q is not in:\n%s", word, text)
		}
	}
}

func TestPlansAreWarnedOfLimits(t *testing.T) {
	b := acctest.Start(t)
	id := b.Project(t, "shop")
	b.Spend(t, id, "30")
	const kind = "openai_project_spend_limit"
	limit := attributes{"project_id": id, "threshold_amount": 5000}
	first := driver(t, b, nil)
	expect(t, first.Warnings(t, kind, nil, limit), "")
	state := made(t, first, kind, limit)

	d := driver(t, b, nil)
	b.Mark(t)
	expect(t, d.Warnings(t, kind, state, limit), "")
	b.Expect(t, 0, "GET", costsRoute) // nothing changes, nothing is read
	below := with(limit, attributes{"threshold_amount": 3000})
	expect(t, d.Warnings(t, kind, state, below), "threshold_amount", "Hard limit is below the spend of this month", "The spend of project "+id+" this month is 30.00 USD, and the hard limit will be 30.00 USD", `"limit_below_spend"`)
	expect(t, d.Warnings(t, kind, state, with(limit, attributes{"threshold_amount": 3001})), "")
	expect(t, d.Warnings(t, kind, state, with(below, attributes{"suppress_warnings": []string{"limit_below_spend"}})), "")
	expect(t, d.Warnings(t, kind, state, with(below, attributes{"suppress_warnings": []string{"limit_raised_tenfold"}})), "threshold_amount", "is below the spend")
	tenfold := with(limit, attributes{"threshold_amount": 50000})
	expect(t, d.Warnings(t, kind, state, tenfold), "")
	more := with(limit, attributes{"threshold_amount": 50001})
	expect(t, d.Warnings(t, kind, state, more), "threshold_amount", "Hard limit is raised more than tenfold", "The hard limit of project "+id+" changes from 50.00 USD to 500.01 USD", `"limit_raised_tenfold"`)
	expect(t, d.Warnings(t, kind, state, with(more, attributes{"suppress_warnings": []string{"limit_raised_tenfold"}})), "")
	b.Expect(t, 1, "GET", costsRoute) // shared by all

	// The spend of the organization includes that of all projects.
	organization := attributes{"threshold_usd": 20}
	expect(t, d.Warnings(t, "openai_organization_spend_limit", nil, organization), "threshold_amount", "Hard limit is below the spend of this month", "The spend of the organization this month")
}

// A plan that removes the limit of a project has one warning, in whichever order
// the two are planned, and none when it archives the project too.
func TestPlansAreWarnedOfRemovedLimits(t *testing.T) {
	b := acctest.Start(t)
	first := driver(t, b, nil)
	shop := attributes{"name": "shop"}
	project := made(t, first, "openai_project", shop)
	limit := attributes{"project_id": project.Attribute("id"), "threshold_amount": 5000}
	state := made(t, first, "openai_project_spend_limit", limit)
	removed := []string{"Project without hard limit", "50.00 USD a month, is removed", `"project_without_limit"`}
	removeLimit := func(d *acctest.Driver) []acctest.Warning {
		return d.Plan(t, "openai_project_spend_limit", state, nil).Warnings()
	}
	plan := func(d *acctest.Driver, configured attributes) []acctest.Warning {
		return d.Plan(t, "openai_project", project, configured).Warnings()
	}

	d := driver(t, b, nil)
	expect(t, removeLimit(d), "")
	expect(t, plan(d, shop), "id", removed...)

	d = driver(t, b, nil)
	expect(t, plan(d, shop), "")
	expect(t, removeLimit(d), "project_id", removed...)

	d = driver(t, b, nil)
	expect(t, removeLimit(d), "")
	expect(t, plan(d, nil), "")

	for _, suppressed := range []bool{true, false} {
		d = driver(t, b, nil)
		expect(t, removeLimit(d), "")
		if suppressed {
			expect(t, plan(d, with(shop, attributes{"suppress_warnings": []string{"project_without_limit"}})), "")
		} else {
			expect(t, plan(d, attributes{"name": "store"}), "id", removed...)
		}
	}
}

func TestPlanChecksAreSuppressedForTheWholeProvider(t *testing.T) {
	b := acctest.Start(t)
	id := b.Project(t, "shop")
	b.Spend(t, id, "30")
	const kind = "openai_project_spend_limit"
	limit := attributes{"project_id": id, "threshold_amount": 1}
	for name, settings := range map[string]attributes{
		"suppressed":   {"suppress_warnings": []string{"limit_below_spend", "limit_raised_tenfold"}},
		"switched off": {"plan_checks": false},
	} {
		t.Run(name, func(t *testing.T) {
			d := driver(t, b, settings)
			b.Mark(t)
			expect(t, d.Warnings(t, kind, nil, limit), "")
			b.Expect(t, 0, "GET", costsRoute)
		})
	}
	expect(t, driver(t, b, attributes{"plan_checks": true}).Warnings(t, kind, nil, limit), "threshold_amount", "is below the spend")
}

func TestPlansAreWarnedOfAlertsThatComeTooLate(t *testing.T) {
	b := acctest.Start(t)
	id := b.Project(t, "shop")
	limit := attributes{"project_id": id, "threshold_amount": 5000}
	alert := attributes{"project_id": id, "threshold_amount": 5000, "notification_channel_recipients": []string{"a@example.com"}}
	const limits, alerts = "openai_project_spend_limit", "openai_project_spend_alert"
	late := []string{"Spend alert is not below the hard limit", "The alert of project " + id + " is at 50.00 USD, and the hard limit at 50.00 USD", `"alert_above_limit"`}

	d := driver(t, b, nil)
	expect(t, d.Warnings(t, alerts, nil, alert), "") // no limit is known of
	expect(t, d.Warnings(t, limits, nil, limit), "threshold_amount", late...)
	d = driver(t, b, nil)
	expect(t, d.Warnings(t, limits, nil, limit), "")
	expect(t, d.Warnings(t, alerts, nil, alert), "threshold_amount", late...)
	expect(t, d.Warnings(t, alerts, nil, with(alert, attributes{"suppress_warnings": []string{"alert_above_limit"}})), "")
	expect(t, d.Warnings(t, alerts, nil, with(alert, attributes{"threshold_amount": 4999})), "")
	// A limit that does not change is planned, too. One that was only read may
	// be about to change.
	state := made(t, driver(t, b, nil), limits, limit)
	d = driver(t, b, nil)
	d.Refresh(t, state)
	higher := with(alert, attributes{"threshold_amount": 6000})
	expect(t, d.Warnings(t, alerts, nil, higher), "")
	expect(t, d.Warnings(t, limits, state, limit), "threshold_amount", "is at 60.00 USD, and the hard limit at 50.00 USD")
	expect(t, d.Warnings(t, alerts, nil, alert), "threshold_amount", late...)
}

func TestPlansAreWarnedOfProjects(t *testing.T) {
	b := acctest.Start(t)
	const kind = "openai_project"
	first := driver(t, b, nil)
	used, unused := made(t, first, kind, attributes{"name": "used"}), made(t, first, kind, attributes{"name": "unused"})
	b.Spend(t, used.Attribute("id"), "0.01")

	d := driver(t, b, nil)
	expect(t, d.Warnings(t, kind, unused, nil), "")
	expect(t, d.Warnings(t, kind, used, nil), "id", "Project is in use", `Project "used" had traffic`, "it cannot be restored", "0.01 USD", `"project_in_use"`)
	accepting, _ := d.Apply(t, kind, used, attributes{"name": "used", "suppress_warnings": []string{"project_in_use"}})
	b.ExpectWrites(t, 2) // the two projects, and nothing for the suppressed warning
	expect(t, d.Warnings(t, kind, accepting, nil), "")

	// Looked for where a project changes.
	d = driver(t, b, nil)
	b.Mark(t)
	expect(t, d.Warnings(t, kind, unused, attributes{"name": "unused"}), "")
	b.Expect(t, 0, "GET", "/v1/organization/projects/{project_id}/spend_limit")
	expect(t, d.Warnings(t, kind, unused, attributes{"name": "renamed"}), "id", `Project "unused" has no hard limit`, `"project_without_limit"`)
	expect(t, d.Warnings(t, kind, used, attributes{"name": "renamed"}), "id", `Project "used" has no hard limit`)
	b.Expect(t, 2, "GET", "/v1/organization/projects/{project_id}/spend_limit")
}

// A change that replaces an object has the warnings of its destruction and of
// its creation.
func TestReplacementsAreWarnedOf(t *testing.T) {
	b := acctest.Start(t)
	first := driver(t, b, nil)
	used := made(t, first, "openai_project", attributes{"name": "used"})
	other := b.Project(t, "other")
	account := made(t, first, "openai_project_service_account", attributes{"project_id": used.Attribute("id"), "name": "app"})
	b.Do(t, "POST", "/organization/projects/"+used.Attribute("id")+"/service_accounts/"+account.Attribute("id")+"/api_keys", map[string]any{"name": "theirs"}, nil)
	limit := made(t, first, "openai_project_spend_limit", attributes{"project_id": used.Attribute("id"), "threshold_amount": 500000})
	b.Do(t, "POST", "/organization/projects/"+other+"/spend_limit", map[string]any{"threshold_amount": 5000, "currency": "USD", "interval": "month"}, nil)
	b.Spend(t, used.Attribute("id"), "0.01")
	for name, test := range map[string]struct {
		object     *acctest.Object
		configured attributes
		want       []string
	}{
		"project":         {used, attributes{"name": "used", "residency": "EU_STORAGE_PROCESSING"}, []string{"Project is in use"}},
		"service account": {account, attributes{"project_id": other, "name": "app"}, []string{"API keys will be revoked", `"theirs"`}},
		"limit": {limit, attributes{"project_id": other, "threshold_amount": 500000}, []string{
			"5000.00 USD a month, is removed", "is raised more than tenfold", "will be overwritten: 50 USD → 5,000 USD",
		}},
	} {
		p := driver(t, b, nil).Plan(t, test.object.Type, test.object, test.configured)
		var said strings.Builder
		for _, d := range p.Diagnostics {
			said.WriteString(d.Summary + "\n" + d.Detail + "\n")
		}
		for _, want := range test.want {
			if !p.Action.Replaces() || strings.Count(said.String(), want) == 0 {
				t.Errorf("%s: %q is not in the %s: %s", name, want, p.Action, said.String())
			}
		}
	}
}

func TestPlansAreWarnedOfOwners(t *testing.T) {
	b := acctest.Start(t)
	id := b.Project(t, "shop")
	d := driver(t, b, nil)
	for kind, test := range map[string]struct {
		config attributes
		words  string
	}{
		"openai_organization_member": {attributes{"email": "grace@example.com"}, "grace@example.com becomes an owner of the organization"},
		"openai_organization_user":   {attributes{"email": "member@example.com"}, "member@example.com becomes an owner of the organization"},
		"openai_invite":              {attributes{"email": "guest@example.com"}, "guest@example.com becomes an owner of the organization"},
		"openai_project_user":        {attributes{"project_id": id, "email": "member@example.com"}, "member@example.com becomes an owner of a project"},
	} {
		owner := with(test.config, attributes{"role": "owner"})
		// An existing member is adopted. That is reported even if warnings are suppressed.
		warnings := slices.DeleteFunc(d.Warnings(t, kind, nil, owner), func(w acctest.Warning) bool { return strings.HasPrefix(w.Summary, "Existing ") })
		expect(t, warnings, "role", test.words, `"owner_granted"`)
		if kind != "openai_organization_user" {
			expect(t, d.Warnings(t, kind, nil, with(owner, attributes{"suppress_warnings": []string{"owner_granted"}})), "")
		}
	}
	member := attributes{"project_id": id, "email": "member@example.com", "role": "member"}
	expect(t, d.Warnings(t, "openai_project_user", nil, member), "")
	state := made(t, d, "openai_project_user", member)
	owner := with(member, attributes{"role": "owner"})
	expect(t, d.Warnings(t, "openai_project_user", state, owner), "role", "becomes an owner")
	state, _ = d.Apply(t, "openai_project_user", state, owner)
	expect(t, d.Warnings(t, "openai_project_user", state, with(owner, attributes{"suppress_warnings": []string{}})), "") // one already
}

func TestPlansAreWarnedOfKeysThatNothingEnds(t *testing.T) {
	b := acctest.Start(t)
	d := driver(t, b, nil)
	id := b.Project(t, "shop")
	account := made(t, d, "openai_project_service_account", attributes{"project_id": id, "name": "checkout"})
	key := attributes{"project_id": id, "service_account_id": account.Attribute("id"), "name": "checkout"}
	const kind = "openai_project_api_key"
	expect(t, d.Warnings(t, kind, nil, with(key, attributes{"expires_in_seconds": 60})), "")
	expect(t, d.Warnings(t, kind, nil, key), "expires_in_seconds", `Key "checkout" stays valid until it is revoked`, `"key_without_expiry"`)
	expect(t, d.Warnings(t, kind, nil, with(key, attributes{"name": "search"})), "expires_in_seconds", `Key "search" stays valid until it is revoked`)
	state := made(t, d, kind, key)
	d = driver(t, b, nil)
	expect(t, d.Warnings(t, kind, state, key), "") // nothing changes
}

// An API that throttles or fails costs a plan its warnings, and nothing else.
func TestPlanChecksNeverFailAPlan(t *testing.T) {
	b := acctest.Start(t)
	id := b.Project(t, "shop")
	b.Spend(t, id, "30")
	target, err := url.Parse(strings.TrimSuffix(b.URL, "/v1"))
	if err != nil {
		t.Fatal(err)
	}
	for name, answer := range map[string]struct {
		status int
		body   string
	}{
		"throttled":      {http.StatusTooManyRequests, `{"error":{"message":"slow down"}}`},
		"forbidden":      {http.StatusUnauthorized, `{"error":{"message":"Missing scopes: api.usage.read"}}`},
		"broken":         {http.StatusInternalServerError, "<html>"},
		"not understood": {http.StatusOK, `{"data":[{"results":[{"amount":{"value":"much"}}]}]}`},
	} {
		t.Run(name, func(t *testing.T) {
			asked := 0
			proxy := httputil.NewSingleHostReverseProxy(target)
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path != costsRoute {
					proxy.ServeHTTP(w, r)
					return
				}
				asked++
				w.Header().Set("Content-Type", "application/json")
				w.WriteHeader(answer.status)
				_, _ = w.Write([]byte(answer.body))
			}))
			defer server.Close()
			clock := acctest.NewClock()
			d := acctest.NewDriverWith(t, clock, attributes{"base_url": server.URL + "/v1", "admin_api_key": b.AdminKey})
			for _, amount := range []int{1, 2, 3} {
				expect(t, d.Warnings(t, "openai_project_spend_limit", nil, attributes{"project_id": id, "threshold_amount": amount}), "")
			}
			if asked == 0 || asked > 4 || clock.Waited().Seconds() > 3 {
				t.Errorf("%d requests, %v waited", asked, clock.Waited())
			}
		})
	}
}

// Imports of many keys have one summary, which Terraform folds, and each detail
// names its key.
func TestImportsOfKeysAreWarnedOfOnce(t *testing.T) {
	b := acctest.Start(t)
	d := driver(t, b, nil)
	id := b.Project(t, "shop")
	account := made(t, d, "openai_project_service_account", attributes{"project_id": id, "name": "checkout"})
	const kind, adminKind = "openai_project_api_key", "openai_admin_api_key"
	imports := map[string]string{}
	for _, name := range []string{"one", "two"} {
		key := made(t, d, kind, attributes{"project_id": id, "service_account_id": account.Attribute("id"), "name": name})
		imports[id+"/"+key.Attribute("api_key_id")] = kind
		imports[made(t, d, adminKind, attributes{"name": name}).Attribute("admin_api_key_id")] = adminKind
	}
	for importID, typeName := range imports {
		_, diags := driver(t, b, nil).ImportID(t, typeName, importID)
		object := "Object: " + typeName + " "
		_, keyID, found := strings.Cut(importID, "/")
		if !found {
			keyID = importID
		}
		if len(diags) != 1 || diags[0].Summary != "API key imported without its secret" || !strings.HasPrefix(diags[0].Detail, object) || !strings.Contains(strings.SplitN(diags[0].Detail, "\n", 2)[0], keyID) {
			t.Errorf("%s: %v", importID, diags)
		}
	}
}

func TestPlansAreWarnedOfKeysThatExpireSoon(t *testing.T) {
	clock := acctest.NewClock()
	b := acctest.StartAt(t, clock)
	id := b.Project(t, "shop")
	newDriver := func() *acctest.Driver { return acctest.NewDriver(t, b.URL, b.AdminKey, clock) }
	account := made(t, newDriver(), "openai_project_service_account", attributes{"project_id": id, "name": "checkout"})
	inProject := attributes{"project_id": id, "service_account_id": account.Attribute("id"), "expires_in_seconds": 90 * 24 * 60 * 60}
	plain := with(inProject, attributes{"name": "plain"})
	rotated := with(inProject, attributes{"name": "rotated", "rotation": attributes{"after": "60d"}})
	admin := attributes{"name": "ci", "expires_in_seconds": 90 * 24 * 60 * 60}
	const kind, adminKind = "openai_project_api_key", "openai_admin_api_key"
	plainKey, rotatedKey, adminKey := made(t, newDriver(), kind, plain), made(t, newDriver(), kind, rotated), made(t, newDriver(), adminKind, admin)
	clock.Advance(75 * 24 * time.Hour)
	expect(t, newDriver().Warnings(t, kind, plainKey, plain), "")
	expect(t, newDriver().Warnings(t, adminKind, adminKey, admin), "")
	clock.Advance(5 * 24 * time.Hour)
	expect(t, newDriver().Warnings(t, kind, plainKey, plain), "expires_in_seconds", `Key "plain" expires at `, `"key_expires_soon"`)
	expect(t, newDriver().Warnings(t, adminKind, adminKey, admin), "expires_in_seconds", `Key "ci" expires at `, `"key_expires_soon"`)
	expect(t, newDriver().Warnings(t, kind, rotatedKey, rotated), "")
	longer := with(plain, attributes{"expires_in_seconds": 120 * 24 * 60 * 60})
	expect(t, newDriver().Warnings(t, kind, plainKey, longer), "") // its expiry is moved
}
