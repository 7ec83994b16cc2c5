package provider_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
)

// diagnosticAt returns the first diagnostic of a severity at an attribute.
func diagnosticAt(diags []*tfprotov6.Diagnostic, severity tfprotov6.DiagnosticSeverity, attribute string) string {
	for _, d := range diags {
		if d.Severity == severity && d.Attribute != nil && strings.Contains(d.Attribute.String(), `"`+attribute+`"`) {
			return d.Detail
		}
	}
	return ""
}

// A number that is not whole, or too large, is an error at its attribute that
// says so, for every resource that takes whole numbers.
func TestWholeNumbersAreExplained(t *testing.T) {
	b := acctest.Start(t)
	d := acctest.NewDriver(t, b.URL, b.AdminKey, acctest.NewClock())
	numbers := 0
	for typeName, r := range resources(t) {
		for name, attribute := range resourceSchema(t, r).Attributes {
			if !attribute.GetType().Equal(types.Int64Type) || attribute.IsComputed() && !attribute.IsOptional() {
				continue
			}
			numbers++
			for number, want := range map[json.Number]string{
				"12.5": "must be a whole number, got 12.5", "9223372036854775808": "is too large: 9223372036854775808",
				"1e30": "is too large: 1e+30", "-1e30": "is too small: -1e+30",
			} {
				diags := d.Validate(t, typeName, map[string]any{name: number})
				if got := diagnosticAt(diags, tfprotov6.DiagnosticSeverityError, name); !strings.Contains(got, want) {
					t.Errorf("%s.%s = %s: %q, expected %q", typeName, name, number, got, want)
				}
			}
		}
	}
	if numbers < 10 {
		t.Errorf("only %d attributes take whole numbers", numbers)
	}
}

// A name where an id is expected deserves a warning, an id none.
func TestNamesAreNotIDs(t *testing.T) {
	b := acctest.Start(t)
	d := acctest.NewDriver(t, b.URL, b.AdminKey, acctest.NewClock())
	examples := map[string]string{"project_id": "proj_1", "group_id": "group_1", "user_id": "user-1", "workload_identity_provider_id": "wip_1"}
	var found []string
	for typeName, r := range resources(t) {
		attributes := resourceSchema(t, r).Attributes
		for name, id := range examples {
			attribute, ok := attributes[name]
			if !ok || !attribute.IsRequired() {
				continue
			}
			found = append(found, name)
			warning := diagnosticAt(d.Validate(t, typeName, map[string]any{name: "shop-dev"}), tfprotov6.DiagnosticSeverityWarning, name)
			if !strings.Contains(warning, `"shop-dev"`) || !strings.Contains(warning, "ids begin with") {
				t.Errorf("%s.%s: a name gives the warning %q", typeName, name, warning)
			}
			if warning := diagnosticAt(d.Validate(t, typeName, map[string]any{name: id}), tfprotov6.DiagnosticSeverityWarning, name); warning != "" {
				t.Errorf("%s.%s: %s gives the warning %q", typeName, name, id, warning)
			}
		}
	}
	for name := range examples {
		if !slices.Contains(found, name) {
			t.Errorf("no resource requires %s", name)
		}
	}
}

// An invalid element of a set is named by its value, and an object in a set by
// its id: the framework writes a path with all attributes of the object.
func TestElementsAreNamed(t *testing.T) {
	b := acctest.Start(t)
	d := acctest.NewDriver(t, b.URL, b.AdminKey, acctest.NewClock())
	named := map[string]int{}
	for typeName, r := range resources(t) {
		for name, attribute := range resourceSchema(t, r).Attributes {
			elements := map[any]string{"": `[""]`, `a")]b`: `["a\")]b"]`}
			switch {
			case attribute.GetType().Equal(types.SetType{ElemType: types.StringType}):
			case name == "projects" && attribute.IsOptional():
				elements = map[any]string{"object": `["proj_(1)"].role`}
			default:
				continue
			}
			for element, want := range elements {
				if element == "object" {
					element = map[string]any{"id": "proj_(1)", "role": "reader"}
				}
				for _, diag := range d.Validate(t, typeName, map[string]any{name: []any{element}}) {
					if strings.Contains(diag.Detail, "Value(") {
						t.Errorf("%s.%s: %s", typeName, name, diag.Detail)
					}
					if strings.Contains(diag.Detail, name+want) {
						named[want]++
					}
				}
			}
		}
	}
	if named[`[""]`] < 8 || named[`["a\")]b"]`] < 2 || named[`["proj_(1)"].role`] < 2 {
		t.Errorf("elements that are named: %v", named)
	}
	// A value that looks like the beginning of a path.
	diags := d.Validate(t, "openai_project_spend_alert", map[string]any{"notification_channel_recipients": []string{"[Value("}})
	if got := diagnosticAt(diags, tfprotov6.DiagnosticSeverityError, "notification_channel_recipients"); !strings.Contains(got, `notification_channel_recipients["[Value("]`) {
		t.Errorf("it says %q", got)
	}
}
