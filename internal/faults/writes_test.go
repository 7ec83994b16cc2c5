package faults_test

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/transport"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/faultinjection"
	"github.com/allthingsai/terraform-provider-openai/internal/provider"
)

const noFault = "no fault"

// readingFaults are faults of the requests of operations that only read.
var readingFaults = map[string]faultinjection.Plan{
	noFault:                  {},
	"every GET answers 500":  {Rules: []faultinjection.Rule{{Method: http.MethodGet, Fault: faultinjection.Status, Status: 500}}},
	"every GET answers 404":  {Rules: []faultinjection.Rule{{Method: http.MethodGet, Fault: faultinjection.Status, Status: 404}}},
	"the second GET is 404":  {Rules: []faultinjection.Rule{{Method: http.MethodGet, Fault: faultinjection.Status, Status: 404, Skip: 1, Times: 1}}},
	"every answer has nulls": {Rules: []faultinjection.Rule{{Method: http.MethodGet, Fault: faultinjection.NullFields}}},
}

// reading is the check of one operation that only reads.
type reading struct {
	t    *testing.T
	w    *world
	name string
	plan faultinjection.Plan
	// tried counts the operations.
	tried *atomic.Int64
}

// do runs an operation under the fault. It must write nothing, and must not
// have tried to.
func (r reading) do(operation string, mustWork bool, run func(d *acctest.Driver) []*tfprotov6.Diagnostic) {
	r.t.Helper()
	before := len(r.w.journal.writes())
	d := r.w.driver(r.t)
	r.w.lab.Set(r.plan)
	diags := run(d)
	r.w.lab.Set(faultinjection.Plan{})
	r.tried.Add(1)
	for _, write := range r.w.journal.writes()[before:] {
		r.t.Errorf("%s, %s: %s %s was sent", r.name, operation, write.method, write.path)
	}
	for _, diag := range diags {
		if strings.Contains(diag.Summary+diag.Detail, "bug in the provider") {
			r.t.Errorf("%s, %s: %s: %s", r.name, operation, diag.Summary, diag.Detail)
		}
		if mustWork && len(r.plan.Rules) == 0 && diag.Severity == tfprotov6.DiagnosticSeverityError {
			r.t.Errorf("%s fails: %s: %s", operation, diag.Summary, diag.Detail)
		}
	}
}

// identityTypes are the types of the identities of all resources.
var identityTypes = sync.OnceValues(func() (map[string]*tfprotov6.ResourceIdentitySchema, error) {
	resp, err := provider.NewServer("test", transport.SystemClock{}).GetResourceIdentitySchemas(context.Background(), &tfprotov6.GetResourceIdentitySchemasRequest{})
	if err != nil {
		return nil, err
	}
	return resp.IdentitySchemas, nil
})

// identityValues are the parts of an identity.
func identityValues(t *testing.T, typeName string, identity *tfprotov6.ResourceIdentityData) (parts []string) {
	t.Helper()
	kinds, err := identityTypes()
	if err != nil {
		t.Fatal(err)
	}
	object, err := identity.IdentityData.Unmarshal(kinds[typeName].ValueType())
	if err != nil {
		t.Fatal(err)
	}
	var values map[string]tftypes.Value
	if err := object.As(&values); err != nil {
		t.Fatal(err)
	}
	for _, value := range values {
		var text string
		if err := value.As(&text); err != nil {
			t.Fatal(err)
		}
		parts = append(parts, text)
	}
	return parts
}

// permutations are all orders of some values.
func permutations(values []string) (all [][]string) {
	if len(values) < 2 {
		return [][]string{values}
	}
	for i := range values {
		rest := slices.Delete(slices.Clone(values), i, i+1)
		for _, tail := range permutations(rest) {
			all = append(all, append([]string{values[i]}, tail...))
		}
	}
	return all
}

// Validating, planning, refreshing, importing, moving, upgrading and listing
// write nothing, for any answer of the API: for every object, before and after
// a change, also long after. In a short run, each meets one fault.
func TestReadingWritesNothing(t *testing.T) {
	var tried atomic.Int64
	faults := slices.Sorted(maps.Keys(readingFaults))
	t.Run("subject", func(t *testing.T) {
		for i, s := range subjects {
			t.Run(fmt.Sprintf("%d %s", i, s.typeName), func(t *testing.T) {
				t.Parallel()
				w := newWorld(t)
				object, _ := mustApply(t, w, s, nil, s.first(w))
				struck := w.lab.Struck()
				for _, name := range faults {
					if long() || name == noFault {
						readAll(reading{t, w, name, readingFaults[name], &tried}, s, object)
					}
				}
				object, _ = mustApply(t, w, s, object, s.second(w))
				w.clock.Advance(400 * 24 * time.Hour)
				for j, name := range faults {
					if long() || j == i%len(faults) {
						readAll(reading{t, w, name + ", after a year", readingFaults[name], &tried}, s, object)
					}
				}
				rules := readingFaults[faults[i%len(faults)]].Rules
				if len(rules) > 0 && rules[0].Skip == 0 && w.lab.Struck() == struck {
					t.Error("no request was disturbed")
				}
			})
		}
	})
	fmt.Printf("operations that only read: %d\n", tried.Load())
}

func readAll(r reading, s subject, object *acctest.Object) {
	t, w := r.t, r.w
	first, second := s.first(w), s.second(w)
	planned := func(prior *acctest.Object, configured map[string]any, options ...acctest.PlanOption) func(d *acctest.Driver) []*tfprotov6.Diagnostic {
		return func(d *acctest.Driver) []*tfprotov6.Diagnostic {
			return d.Plan(t, s.typeName, prior, configured, options...).Diagnostics
		}
	}
	r.do("validate", true, func(d *acctest.Driver) []*tfprotov6.Diagnostic { return d.Validate(t, s.typeName, first) })
	r.do("plan of a create", false, planned(nil, first))
	r.do("plan of no change", true, planned(object, first))
	r.do("plan of an update", true, planned(object, second))
	r.do("plan of a replacement", true, planned(object, first, acctest.ForceReplace))
	r.do("plan of a replacement created first", true, planned(object, first, acctest.ForceReplace, acctest.CreateBeforeDestroy))
	r.do("plan of a destroy", true, planned(object, nil))
	tainted := *object
	tainted.Tainted = true
	r.do("plan of a tainted object", true, planned(&tainted, first))
	r.do("refresh", true, func(d *acctest.Driver) []*tfprotov6.Diagnostic {
		read, diags := d.Refresh(t, object)
		if read == nil {
			return diags
		}
		return append(diags, d.Plan(t, s.typeName, read, second).Diagnostics...)
	})

	state := object.JSON(t)
	for what, foreign := range map[string][]byte{"own state": state, "state with an id alone": []byte(`{"id":"` + object.Attribute("id") + `"}`), "empty state": []byte(`{}`)} {
		plans := func(d *acctest.Driver, adopted *acctest.Object, diags []*tfprotov6.Diagnostic) []*tfprotov6.Diagnostic {
			if adopted == nil {
				return diags
			}
			diags = append(diags, d.Plan(t, s.typeName, adopted, first).Diagnostics...)
			return append(diags, w.driver(t).Plan(t, s.typeName, adopted, nil).Diagnostics...)
		}
		r.do("upgrade of "+what, what == "own state", func(d *acctest.Driver) []*tfprotov6.Diagnostic {
			object, diags := d.Upgrade(t, s.typeName, foreign)
			return plans(d, object, diags)
		})
		for _, namespace := range []string{"allthingsai", "openai", "jianyuan", "mkdev-me"} {
			r.do("move from "+namespace+" of "+what, false, func(d *acctest.Driver) []*tfprotov6.Diagnostic {
				object, diags := d.Move(t, "registry.terraform.io/"+namespace+"/openai", s.typeName, s.typeName, foreign)
				return plans(d, object, diags)
			})
		}
	}

	if !registered[s.typeName].Listed {
		return
	}
	var listed []acctest.Listed
	for _, withObject := range []bool{false, true} {
		r.do("list", true, func(d *acctest.Driver) []*tfprotov6.Diagnostic {
			found, diags := d.List(t, s.typeName, nil, withObject, 0)
			listed = found
			return diags
		})
	}
	if len(listed) == 0 {
		listed, _ = w.driver(t).List(t, s.typeName, nil, true, 0)
	}
	if len(listed) == 0 {
		if specialOf(s.typeName).notListed == "" {
			t.Error("nothing is listed")
		}
		return
	}
	for _, one := range listed[:min(len(listed), 3)] {
		r.do("import by identity", true, func(d *acctest.Driver) []*tfprotov6.Diagnostic {
			imported, diags := d.Import(t, s.typeName, one.Identity)
			if imported == nil {
				return diags
			}
			config := d.Generate(t, imported)
			_, more := d.Changes(t, imported, config)
			return append(diags, more...)
		})
		worked := false
		for _, parts := range permutations(identityValues(t, s.typeName, one.Identity)) {
			r.do("import by id", false, func(d *acctest.Driver) []*tfprotov6.Diagnostic {
				imported, diags := d.ImportID(t, s.typeName, strings.Join(parts, "/"))
				worked = worked || imported != nil && !hasError(diags)
				return diags
			})
		}
		if !worked && len(r.plan.Rules) == 0 {
			t.Errorf("%s is not imported by id", one.Name)
		}
	}
}

// chosen has the arguments that a data source needs in addition to the required
// ones.
var chosen = map[string]map[string]any{
	"openai_group":                   {"name": "world"},
	"openai_invite":                  {"email": "member@example.com"},
	"openai_organization_user":       {"email": "member@example.com"},
	"openai_project":                 {"name": "world"},
	"openai_project_role":            {"role_id": "role-api-project-member"},
	"openai_role":                    {"role_id": "role-api-organization-reader"},
	"openai_project_api_key":         {"name": "key"},
	"openai_project_rate_limit":      {"model": "gpt-4o"},
	"openai_project_service_account": {"name": "world"},
	"openai_project_user":            {"email": "member@example.com"},
}

// All data sources write nothing, and each reads something.
func TestDataSourcesWriteNothing(t *testing.T) {
	w := newWorld(t)
	names := w.driver(t).DataSources()
	if len(names) < 40 {
		t.Fatalf("only %d data sources", len(names))
	}
	var tried atomic.Int64
	values := map[string]any{
		"project_id": w.project, "user_id": w.member, "group_id": w.people, "role_id": "role-api-project-member", "certificate_id": w.certificates[0],
		"alert_id": "spend_alert_1", "id": "id_none", "fine_tuned_model_checkpoint": w.checkpoint, "kind": "completions", "start_time": "2026-11-01T00:00:00Z", "at_or_after": "2026-11-01T00:00:00Z",
	}
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			configured := map[string]any{}
			for _, attribute := range w.driver(t).RequiredOf(t, name) {
				if configured[attribute] = values[attribute]; configured[attribute] == nil {
					t.Fatalf("no value for %s", attribute)
				}
			}
			for attribute, value := range chosen[name] {
				configured[attribute] = value
			}
			before := w.lab.Struck()
			var said []*tfprotov6.Diagnostic
			for fault, plan := range readingFaults {
				reading{t, w, fault, plan, &tried}.do("read", false, func(d *acctest.Driver) []*tfprotov6.Diagnostic {
					said = d.ReadData(t, name, configured)
					return said
				})
			}
			if w.lab.Struck() == before {
				t.Errorf("it has read nothing: %v", summaries(said, tfprotov6.DiagnosticSeverityError))
			}
		})
	}
	fmt.Printf("reads of data sources: %d\n", tried.Load())
}
