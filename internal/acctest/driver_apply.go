package acctest

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/zclconf/go-cty/cty"
)

// ApplyPlan applies a plan, also one of another driver, as terraform apply does
// with a plan in a file. A final configuration replaces unknown values of the
// planned one. It returns the object in state afterwards, also when there are
// errors.
func (d *Driver) ApplyPlan(t testing.TB, p *Plan, final ...map[string]any) (*Object, []*tfprotov6.Diagnostic) {
	t.Helper()
	if p.Failed() {
		t.Fatalf("a plan with errors cannot be applied: %s: %s", p.Diagnostics[0].Summary, p.Diagnostics[0].Detail)
	}
	config := p.config
	if len(final) > 0 {
		config = p.schema.configuration(t, final[0])
	}
	prior, deposed, diags := p.prior, []*Object(nil), []*tfprotov6.Diagnostic(nil)
	if prior != nil {
		// Objects that an earlier replacement left deposed are removed first.
		for _, left := range prior.Deposed {
			kept, more := d.destroyDeposed(t, left)
			diags = append(diags, more...)
			if kept != nil {
				deposed = append(deposed, kept)
			}
		}
	}
	object, more := d.applyCurrent(t, p, prior, config)
	diags = append(diags, more...)
	if len(deposed) > 0 {
		object = object.deposing(p.Type, p.schema, deposed...)
	}
	return object, diags
}

func (d *Driver) applyCurrent(t testing.TB, p *Plan, prior *Object, config cty.Value) (*Object, []*tfprotov6.Diagnostic) {
	t.Helper()
	if prior != nil {
		current := *prior
		current.Deposed = nil
		prior = &current
		if !prior.exists() {
			prior = nil
		}
	}
	switch p.Action {
	case ActionNoOp:
		return prior, nil
	case ActionDelete:
		return d.change(t, p, ActionDelete, prior)
	case ActionReplace:
		// The removal gets the private state that the replacement was planned
		// with; that of a tainted object is none of the object's own.
		left, diags := d.change(t, p, ActionDelete, prior)
		if left != nil || failed(diags) {
			return left, diags
		}
		created, more := d.applyConfigured(t, p, nil, config)
		return created, append(diags, more...)
	case ActionReplaceCreateFirst:
		created, diags := d.applyConfigured(t, p, nil, config)
		if failed(diags) {
			if created == nil {
				return prior, diags
			}
			return created.deposing(p.Type, p.schema, prior), diags
		}
		left, more := d.destroyDeposed(t, prior)
		if left != nil {
			created = created.deposing(p.Type, p.schema, left)
		}
		return created, append(diags, more...)
	default:
		return d.applyConfigured(t, p, prior, config)
	}
}

// applyConfigured plans a configured object once more, and applies that plan.
func (d *Driver) applyConfigured(t testing.TB, p *Plan, prior *Object, config cty.Value) (*Object, []*tfprotov6.Diagnostic) {
	t.Helper()
	options := p.options
	if prior == nil {
		options = planOptions{}
	}
	final := d.plan(t, p.Type, prior, config, options)
	diags := final.Diagnostics
	if failed(diags) {
		return prior, diags
	}
	expected := p.Action
	if expected.Replaces() {
		expected = ActionCreate
	}
	if final.Action != expected && (expected != ActionUpdate || final.Action != ActionNoOp) {
		diags = append(diags, d.bug(t, "Provider produced inconsistent final plan", p.Type+": the planned action changed from "+string(p.Action)+" to "+string(final.Action)))
	}
	for _, problem := range p.schema.checkCompleted(p.planned, final.planned) {
		diags = append(diags, d.bug(t, "Provider produced inconsistent final plan", p.Type+problem))
	}
	if failed(diags) || final.Action == ActionNoOp {
		return prior, diags
	}
	if left := unknowns(config); len(left) > 0 {
		t.Fatalf("%s: the configuration still has unknown values when it is applied: %v", p.Type, left)
	}
	object, more := d.change(t, final, final.Action, prior)
	return object, append(diags, more...)
}

// destroyDeposed removes an object that its replacement has deposed. It is
// planned only now, with its own private state.
func (d *Driver) destroyDeposed(t testing.TB, deposed *Object) (*Object, []*tfprotov6.Diagnostic) {
	t.Helper()
	p := d.planDestroy(t, deposed.Type, deposed)
	if p.Failed() {
		return deposed, p.Diagnostics
	}
	left, diags := d.change(t, p, ActionDelete, deposed)
	return left, append(p.Diagnostics, diags...)
}

// change asks the provider for one change and checks the result.
func (d *Driver) change(t testing.TB, p *Plan, action PlanAction, prior *Object) (*Object, []*tfprotov6.Diagnostic) {
	t.Helper()
	kind := p.schema.kind
	before, planned, config := cty.NullVal(kind), cty.NullVal(kind), cty.NullVal(kind)
	if prior != nil {
		before = prior.state
	}
	if action != ActionDelete {
		planned, config = p.planned, p.config
	}
	resp, err := d.server.ApplyResourceChange(d.Context, &tfprotov6.ApplyResourceChangeRequest{
		TypeName: p.Type, PriorState: encode(t, before, kind), PlannedState: encode(t, planned, kind), Config: encode(t, config, kind), PlannedPrivate: p.private,
	})
	if err != nil {
		t.Fatal(err)
	}
	diags := resp.Diagnostics
	state, err := decode(resp.NewState, kind)
	if err != nil {
		return nil, append(diags, d.bug(t, "Provider produced invalid object", p.Type+": "+err.Error()))
	}
	for _, path := range unknowns(state) {
		diags = append(diags, d.bug(t, "Provider returned invalid result object after apply", p.Type+path+" is still unknown"))
	}
	if state = cty.UnknownAsNull(state); action != ActionDelete && !failed(diags) {
		for _, problem := range p.schema.checkCompleted(planned, state) {
			diags = append(diags, d.bug(t, "Provider produced inconsistent result after apply", p.Type+problem))
		}
	}
	if !failed(diags) && state.IsNull() != (action == ActionDelete) {
		diags = append(diags, d.bug(t, "Provider returned invalid result object after apply", p.Type+": the object is there after its removal, or absent after another change"))
	}
	if state.IsNull() {
		if failed(diags) {
			return prior, diags
		}
		return nil, diags
	}
	object := &Object{Type: p.Type, state: state, private: resp.Private, schema: p.schema}
	if failed(diags) {
		object.Tainted = action == ActionCreate || prior != nil && prior.Tainted
	}
	return object, diags
}
