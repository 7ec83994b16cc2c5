package provider_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/api"
	"github.com/allthingsai/terraform-provider-openai/internal/provider"
)

// managed is a resource with its configuration.
type managed struct {
	typeName string
	config   map[string]any
	object   *acctest.Object
	// deleted says that it or its project was deleted outside Terraform.
	deleted bool
}

// managedOrganization is an organization under Terraform that follows the audit log.
type managedOrganization struct {
	*acctest.Backend
	clock    *acctest.Clock
	settings map[string]any
	objects  []*managed
}

func newManagedOrganization(t *testing.T, behavior api.Behavior) *managedOrganization {
	t.Helper()
	clock := acctest.NewClock()
	b := acctest.Start(t, func(o *emulator.Options) { o.Now, o.Behavior = clock.Now, behavior })
	// The organization was in use before.
	b.Project(t, "of another client")
	if err := clock.Sleep(t.Context(), 24*time.Hour); err != nil {
		t.Fatal(err)
	}
	return &managedOrganization{Backend: b, clock: clock, settings: map[string]any{
		"refresh_mode": "audit_log", "audit_log_delay": "0d1h", "full_refresh_interval": "7d", "plan_checks": false}}
}

func (e *managedOrganization) driver(t *testing.T) *acctest.Driver {
	t.Helper()
	return acctest.NewDriver(t, e.URL, e.AdminKey, e.clock, e.settings)
}

// pass lets time go by.
func (e *managedOrganization) pass(t *testing.T, d time.Duration) {
	t.Helper()
	if err := e.clock.Sleep(t.Context(), d); err != nil {
		t.Fatal(err)
	}
}

// create applies a resource and returns its id.
func (e *managedOrganization) create(t *testing.T, d *acctest.Driver, typeName string, config map[string]any) string {
	t.Helper()
	object, diags := d.Apply(t, typeName, nil, config)
	for _, problem := range diags {
		if strings.HasPrefix(problem.Summary, "Existing rate limit") {
			continue // a project always has them
		}
		t.Fatalf("%s: %s: %s", typeName, problem.Summary, problem.Detail)
	}
	e.objects = append(e.objects, &managed{typeName: typeName, config: config, object: object})
	return object.Attribute("id")
}

// build makes projects with one of everything that the goal names.
func (e *managedOrganization) build(t *testing.T, d *acctest.Driver, projects int) {
	t.Helper()
	for i := range projects {
		project := e.create(t, d, "openai_project", map[string]any{"name": fmt.Sprintf("team-%03d", i)})
		account := e.create(t, d, "openai_project_service_account", map[string]any{"project_id": project, "name": "app"})
		e.create(t, d, "openai_project_api_key", map[string]any{"project_id": project, "service_account_id": account, "name": "app", "scopes": []string{"api.all.read"}})
		e.create(t, d, "openai_project_spend_limit", map[string]any{"project_id": project, "threshold_amount": 5000})
		e.create(t, d, "openai_project_spend_alert", map[string]any{"project_id": project, "threshold_amount": 4000, "notification_channel_recipients": []string{"a@example.com"}})
		for _, model := range []string{"gpt-4o", "gpt-4o-mini", "gpt-5", "text-embedding-3-small", "whisper-1"} {
			e.create(t, d, "openai_project_rate_limit", map[string]any{"project_id": project, "model": model, "max_requests_per_1_minute": 10})
		}
	}
}

// refresh reads everything, as a new command does, and returns the warnings.
func (e *managedOrganization) refresh(t *testing.T) (warnings []string) {
	t.Helper()
	d := e.driver(t)
	for _, m := range e.objects {
		if m.object == nil {
			continue
		}
		var diags []*tfprotov6.Diagnostic
		m.object, diags = d.Refresh(t, m.object)
		for _, problem := range diags {
			if problem.Severity == tfprotov6.DiagnosticSeverityError {
				t.Fatalf("%s: %s: %s", m.typeName, problem.Summary, problem.Detail)
			}
			warnings = append(warnings, problem.Summary+": "+problem.Detail)
		}
	}
	return warnings
}

// drifted lists the resources that a plan would change.
func (e *managedOrganization) drifted(t *testing.T) (names []string) {
	t.Helper()
	d := e.driver(t)
	for _, m := range e.objects {
		pending, err := d.Pending(t, m.typeName, m.object, m.config)
		if err != nil {
			t.Fatal(err)
		}
		if pending {
			names = append(names, m.typeName+" "+fmt.Sprint(m.config["name"], m.config["model"]))
		}
	}
	return names
}

func (e *managedOrganization) requests(t *testing.T) (covered, other int) {
	t.Helper()
	other = e.Count(t, "GET", "/v1/organization/projects/{project_id}/spend_limit") +
		e.Count(t, "GET", "/v1/organization/projects/{project_id}/spend_alerts") +
		e.Count(t, "GET", "/v1/organization/projects/{project_id}/spend_alerts/{alert_id}")
	return e.CountAll(t) - other, other
}

// A plan without changes of 100 projects, each with an account, a key, five
// rate limits, a hard limit and an alert: ten requests beyond those for limits
// and alerts, which have no audit events.
func TestAuditLogRefresh_fewRequests(t *testing.T) {
	e := newManagedOrganization(t, api.Behavior{})
	e.build(t, e.driver(t), 40)
	for _, later := range []time.Duration{time.Minute, 24 * time.Hour, 72 * time.Hour} {
		e.pass(t, later)
		e.Mark(t)
		if warnings := e.refresh(t); len(warnings) > 0 {
			t.Fatal(warnings)
		}
		covered, other := e.requests(t)
		t.Logf("%s later: %d requests, and %d for limits and alerts", later, covered, other)
		if covered > 10 {
			t.Errorf("%s later: %d requests beyond those for limits and alerts", later, covered)
		}
		if names := e.drifted(t); len(names) > 0 {
			t.Errorf("a plan would change %d objects: %v", len(names), names[:min(3, len(names))])
		}
	}
	// Objects last read more than a week ago are read.
	e.pass(t, 4*24*time.Hour)
	e.Mark(t)
	e.refresh(t)
	if covered, _ := e.requests(t); covered < 120 {
		t.Errorf("after a week, %d requests read 320 objects", covered)
	}
	e.Mark(t)
	e.pass(t, time.Hour)
	e.refresh(t)
	if covered, _ := e.requests(t); covered > 10 {
		t.Errorf("after everything was read, %d requests", covered)
	}
}

// edit changes one covered object as another client would, and says which kind
// of object that was.
func (e *managedOrganization) edit(t *testing.T, random *rand.Rand) string {
	t.Helper()
	m := e.objects[random.IntN(len(e.objects))]
	if m.object == nil || m.deleted {
		return ""
	}
	project, id := m.object.Attribute("project_id"), m.object.Attribute("id")
	path := "/organization/projects/" + project
	text := fmt.Sprintf("edit %d", random.Uint32())
	switch m.typeName {
	case "openai_project":
		if random.IntN(8) == 0 {
			e.Do(t, "POST", path+"/archive", nil, nil)
			e.end(func(other *managed) bool { return other.object.Attribute("project_id") == project })
		} else {
			e.Do(t, "POST", path, map[string]any{"name": text}, nil)
		}
	case "openai_project_service_account":
		path += "/service_accounts/" + id
		if random.IntN(4) == 0 {
			e.Do(t, "DELETE", path, nil, nil)
			e.end(func(other *managed) bool {
				return other == m || other.object.Attribute("service_account_id") == id
			})
		} else {
			e.Do(t, "POST", path, map[string]any{"name": text}, nil)
		}
	case "openai_project_api_key":
		path += "/api_keys/" + id
		if random.IntN(4) == 0 {
			e.Do(t, "DELETE", path, nil, nil)
			m.deleted = true
		} else {
			e.Do(t, "POST", path, map[string]any{"scopes": []string{"api." + strings.ReplaceAll(text, " ", ".")}}, nil)
		}
	case "openai_project_rate_limit":
		e.Do(t, "POST", path+"/rate_limits/"+id, map[string]any{"max_requests_per_1_minute": 11 + random.IntN(80)}, nil)
	default:
		return ""
	}
	return m.typeName
}

func (e *managedOrganization) end(belongs func(*managed) bool) {
	for _, other := range e.objects {
		if other.object != nil && provider.Traits(other.typeName).Audited && belongs(other) {
			other.deleted = true
		}
	}
}

// truth is the state of all objects after a full refresh, without the scopes of
// keys, which cannot be read.
func (e *managedOrganization) truth(t *testing.T) []string {
	t.Helper()
	full := acctest.NewDriver(t, e.URL, e.AdminKey, e.clock)
	var states []string
	for _, m := range e.objects {
		object := m.object
		if object != nil {
			object, _ = full.Refresh(t, object)
		}
		states = append(states, object.String())
	}
	return states
}

// Random edits by others are all found, for any delay of the log, as long as
// audit_log_delay covers it.
func TestAuditLogRefresh_missesNothing(t *testing.T) {
	const delay = 20 * time.Minute
	for seed := range uint64(4) {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			t.Parallel()
			random := rand.New(rand.NewPCG(seed, 1))
			e := newManagedOrganization(t, api.Behavior{AuditLogDelay: delay})
			e.build(t, e.driver(t), 3)
			edits := map[string]int{}
			for range 15 {
				e.pass(t, time.Duration(random.IntN(int(8*time.Hour))))
				for range random.IntN(4) {
					edits[e.edit(t, random)]++
					e.pass(t, time.Duration(random.IntN(int(10*time.Minute))))
				}
				if random.IntN(2) == 0 {
					e.refresh(t) // too early for the log, perhaps
				}
				e.pass(t, delay+time.Second)
				if warnings := e.refresh(t); len(warnings) > 0 {
					t.Fatal(warnings)
				}
				var states []string
				for _, m := range e.objects {
					states = append(states, m.object.String())
				}
				if truth := e.truth(t); !slices.Equal(states, truth) {
					t.Fatalf("with the log, the states are\n%s\nbut the objects are\n%s", strings.Join(states, "\n"), strings.Join(truth, "\n"))
				}
				e.checkScopes(t)
				e.correct(t, random)
			}
			if len(edits) < 4 {
				t.Errorf("few kinds were edited: %v", edits)
			}
		})
	}
}

// checkScopes compares the state of each key with the last scopes that were
// set, which only the emulator's log has.
func (e *managedOrganization) checkScopes(t *testing.T) {
	t.Helper()
	for _, m := range e.objects {
		if m.typeName != "openai_project_api_key" || m.object == nil {
			continue
		}
		var log struct {
			Data []struct {
				Created struct{ Data struct{ Scopes []string } } `json:"api_key.created"`
				Updated struct {
					Requested struct{ Scopes []string } `json:"changes_requested"`
				} `json:"api_key.updated"`
			}
		}
		e.Do(t, "GET", "/organization/audit_logs?limit=1&resource_ids[]="+m.object.Attribute("id")+"&event_types[]=api_key.created&event_types[]=api_key.updated", nil, &log)
		if len(log.Data) == 0 {
			t.Fatal("the log has no event of the key")
		}
		last := slices.Concat(log.Data[0].Created.Data.Scopes, log.Data[0].Updated.Requested.Scopes)
		if found := m.object.Texts("scopes"); !slices.Equal(found, last) {
			t.Fatalf("the key has the scopes %q, the state says %q", last, found)
		}
	}
}

// correct applies some of the configuration again.
func (e *managedOrganization) correct(t *testing.T, random *rand.Rand) {
	t.Helper()
	d := e.driver(t)
	for _, m := range e.objects {
		if m.object == nil || m.deleted || random.IntN(2) == 0 {
			continue
		}
		var diags []*tfprotov6.Diagnostic
		m.object, diags = d.Apply(t, m.typeName, m.object, m.config)
		for _, problem := range diags {
			t.Fatalf("%s: %s: %s", m.typeName, problem.Summary, problem.Detail)
		}
	}
}

// A log that cannot be relied on is said to be so once, and everything is read.
func TestAuditLogRefresh_unusable(t *testing.T) {
	for name, test := range map[string]struct {
		behavior api.Behavior
		message  string
	}{
		"off":           {api.Behavior{AuditLogOff: true}, "it may have been off"},
		"no permission": {api.Behavior{AuditLogForbidden: true}, "api.audit_logs.read"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := newManagedOrganization(t, api.Behavior{})
			e.build(t, e.driver(t), 2)
			e.pass(t, time.Hour)
			e.Emulator.Behave(test.behavior)
			e.Do(t, "POST", "/organization/projects/"+e.objects[0].object.Attribute("id"), map[string]any{"name": "edited"}, nil)
			warnings := e.refresh(t)
			if len(warnings) != 1 || !strings.Contains(warnings[0], test.message) {
				t.Errorf("the warnings are %q", warnings)
			}
			if name := e.objects[0].object.Attribute("name"); name != "edited" {
				t.Errorf("the project is still called %q", name)
			}
		})
	}
}

// The log must have been on all the time: it is not enough that it is on now.
func TestAuditLogRefresh_switchedOnLater(t *testing.T) {
	clock := acctest.NewClock()
	b := acctest.Start(t, func(o *emulator.Options) { o.Now = clock.Now })
	b.Emulator.Behave(api.Behavior{AuditLogOff: true})
	e := &managedOrganization{Backend: b, clock: clock, settings: map[string]any{"refresh_mode": "audit_log", "plan_checks": false}}
	e.build(t, e.driver(t), 1)
	e.pass(t, time.Hour)
	e.Do(t, "POST", "/organization/projects/"+e.objects[0].object.Attribute("id"), map[string]any{"name": "edited in the dark"}, nil)
	e.pass(t, time.Hour)
	b.Emulator.Behave(api.Behavior{AuditLogSince: clock.Now()})
	e.Project(t, "in the light")
	if warnings := e.refresh(t); len(warnings) != 1 {
		t.Errorf("the warnings are %q", warnings)
	}
	if name := e.objects[0].object.Attribute("name"); name != "edited in the dark" {
		t.Errorf("the project is still called %q", name)
	}
}

// An object that belongs to another one is read one by one, or in one list for
// each parent. The audit log saves these requests, or its definition says why it
// cannot.
func TestAuditLogRefresh_everyResourceIsAccountedFor(t *testing.T) {
	audited := 0
	for _, object := range provider.Registry() {
		parent, _ := strings.CutSuffix(object.Path(), "/*")
		isReasonNeeded := !object.Audited && strings.Contains(parent, "*")
		if isReasonNeeded != (object.Unaudited != "") {
			t.Errorf("%s: audited %t, reason not to be %q", object.Type, object.Audited, object.Unaudited)
		}
		if object.Audited {
			audited++
		}
	}
	if audited < 5 {
		t.Errorf("the audit log is followed for %d types", audited)
	}
}

// Real Terraform keeps the private state: the next run reads the log alone,
// unless another client has changed something.
func TestAccAuditLogRefresh(t *testing.T) {
	var ahead atomic.Int64
	b := acctest.Start(t, func(o *emulator.Options) {
		o.Now = func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }
	})
	later := func() { ahead.Add(int64(2 * time.Hour)) }
	config := fmt.Sprintf(`
provider "openai" {
  base_url      = %q
  admin_api_key = %q
  refresh_mode  = "audit_log"
}

resource "openai_project" "dev" {
  name = "dev"
}

resource "openai_project_service_account" "app" {
  project_id = openai_project.dev.id
  name       = "app"
}

resource "openai_project_api_key" "app" {
  project_id         = openai_project.dev.id
  service_account_id = openai_project_service_account.app.id
  name               = "app"
  scopes             = ["api.all.read"]
}
`, b.URL, b.AdminKey)
	var project, key string
	readsNothing := func() {
		t.Helper()
		// The log and the events of our own writes: no object is read.
		if all, log := b.CountAll(t), b.Count(t, "GET", "/v1/organization/audit_logs"); log == 0 || all != log {
			t.Errorf("%d requests, %d for the log: %v", all, log, b.Requests(t))
		}
		b.Mark(t)
	}
	acctest.Test(t,
		resource.TestStep{Config: strings.Replace(config, `"audit_log"`, `"full"`, 1)},
		// An apply that changes nothing records the events that it has read, too.
		resource.TestStep{PreConfig: later, Config: config, Check: resource.ComposeTestCheckFunc(
			acctest.TakeID("openai_project.dev", &project), acctest.TakeID("openai_project_api_key.app", &key),
			func(*terraform.State) error { b.Mark(t); return nil },
		)},
		resource.TestStep{PreConfig: later, Config: config, PlanOnly: true},
		resource.TestStep{PreConfig: func() {
			readsNothing()
			later()
			b.Do(t, "POST", "/organization/projects/"+project+"/api_keys/"+key, map[string]any{"scopes": []string{"api.all.write"}}, nil)
			b.Mark(t)
		}, Config: config, PlanOnly: true, ExpectNonEmptyPlan: true},
		resource.TestStep{
			PreConfig:        later, // the log has whole seconds, and this change comes after the other
			Config:           config,
			ConfigPlanChecks: acctest.Action("openai_project_api_key.app", plancheck.ResourceActionUpdate),
			Check:            func(*terraform.State) error { b.Mark(t); return nil },
		},
		resource.TestStep{PreConfig: later, Config: config, PlanOnly: true},
	)
}
