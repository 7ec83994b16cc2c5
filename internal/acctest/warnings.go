package acctest

import (
	"context"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// Warning is a warning of a plan.
type Warning struct{ Attribute, Summary, Detail string }

// Warnings plans an object, nil when there is none yet, towards a
// configuration, nil to remove it, and returns what the plan is warned of.
func (d *Driver) Warnings(t testing.TB, typeName string, prior *Object, configured map[string]any) []Warning {
	t.Helper()
	var diags []*tfprotov6.Diagnostic
	if configured != nil {
		_, _, _, diags = d.plan(t, typeName, prior, configured)
	} else {
		none := dynamic(t, d.none(typeName))
		resp, err := d.server.PlanResourceChange(context.Background(), &tfprotov6.PlanResourceChangeRequest{
			TypeName: typeName, PriorState: dynamic(t, prior.state), ProposedNewState: none, Config: none, PriorPrivate: prior.private,
		})
		if err != nil {
			t.Fatal(err)
		}
		diags = resp.Diagnostics
	}
	var warnings []Warning
	for _, diag := range diags {
		if diag.Severity == tfprotov6.DiagnosticSeverityError {
			t.Fatalf("%s: %s", diag.Summary, diag.Detail)
		}
		warnings = append(warnings, Warning{diag.Attribute.String(), diag.Summary, diag.Detail})
	}
	return warnings
}
