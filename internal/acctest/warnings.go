package acctest

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// Warning is a warning of a plan.
type Warning struct{ Attribute, Summary, Detail string }

// Warnings plans an object, nil when there is none yet, towards a
// configuration, nil to remove it, and returns the warnings of the plan.
func (d *Driver) Warnings(t testing.TB, typeName string, prior *Object, configured map[string]any) []Warning {
	t.Helper()
	d.newWalk()
	p := d.Plan(t, typeName, prior, configured)
	for _, diag := range p.Diagnostics {
		if diag.Severity == tfprotov6.DiagnosticSeverityError {
			t.Fatalf("%s: %s", diag.Summary, diag.Detail)
		}
	}
	return p.Warnings()
}

func warnings(diags []*tfprotov6.Diagnostic) (found []Warning) {
	for _, diag := range diags {
		if diag.Severity == tfprotov6.DiagnosticSeverityWarning {
			found = append(found, Warning{diag.Attribute.String(), diag.Summary, diag.Detail})
		}
	}
	return found
}
