package acctest

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/zclconf/go-cty/cty"
)

// PlanAction is the action of a plan for an object.
type PlanAction string

// The actions of a plan.
const (
	ActionNoOp   PlanAction = "no-op"
	ActionCreate PlanAction = "create"
	ActionUpdate PlanAction = "update"
	// ActionReplace removes the object and creates another.
	ActionReplace PlanAction = "replace"
	// ActionReplaceCreateFirst creates another object and removes the first.
	ActionReplaceCreateFirst PlanAction = "create before destroy"
	ActionDelete             PlanAction = "delete"
)

// Replaces reports whether the action is one of the two replacements.
func (a PlanAction) Replaces() bool { return a == ActionReplace || a == ActionReplaceCreateFirst }

// PlanOption is something that Terraform plans with.
type PlanOption func(*planOptions)

type planOptions struct {
	forceReplace, createBeforeDestroy bool
	// removed is the private state of an object that the refresh did not find.
	removed []byte
	// ignoreChanges makes the configuration that the provider gets, nil for none.
	ignoreChanges func(prior, config cty.Value) cty.Value
}

// ForceReplace replaces the object, as -replace and replace_triggered_by do.
func ForceReplace(o *planOptions) { o.forceReplace = true }

// CreateBeforeDestroy creates the replacement of an object before it removes
// the object.
func CreateBeforeDestroy(o *planOptions) { o.createBeforeDestroy = true }

// Plan is a planned change of one object.
type Plan struct {
	Type   string
	Action PlanAction
	// Diagnostics are those that Terraform shows: a replacement is planned
	// twice, and warnings of the second time are dropped.
	Diagnostics []*tfprotov6.Diagnostic
	// ChangedPaths are the attributes that differ from the prior state, or may
	// once they are known.
	ChangedPaths []string
	// RequiresReplace are the attributes that the object must be replaced for.
	RequiresReplace []string

	schema  *blockSchema
	options planOptions
	prior   *Object
	config  cty.Value
	planned cty.Value
	private []byte
}

// Failed reports whether there are errors, so that the plan cannot be applied.
func (p *Plan) Failed() bool { return failed(p.Diagnostics) }

// Warnings are the warnings that Terraform shows with the plan.
func (p *Plan) Warnings() []Warning { return warnings(p.Diagnostics) }

// Planned is the planned object. Unknown attributes read as empty.
func (p *Plan) Planned() *Object {
	if p.planned == cty.NilVal || p.planned.IsNull() {
		return nil
	}
	return &Object{Type: p.Type, state: p.planned, schema: p.schema}
}

// Private is the planned private state.
func (p *Plan) Private() []byte { return p.private }

// Plan plans to bring an object, nil when there is none yet, to a
// configuration, or to remove it when that is nil.
func (d *Driver) Plan(t testing.TB, typeName string, prior *Object, configured map[string]any, options ...PlanOption) *Plan {
	t.Helper()
	var chosen planOptions
	for _, option := range options {
		option(&chosen)
	}
	if !prior.exists() {
		prior = prior.withoutCurrent()
		if configured != nil {
			chosen.removed = d.takeRemoved(typeName)
		}
	}
	var diags []*tfprotov6.Diagnostic
	if prior != nil {
		for _, deposed := range prior.Deposed {
			diags = append(diags, d.planDestroy(t, typeName, deposed).Diagnostics...)
		}
	}
	var p *Plan
	if configured == nil {
		p = d.planDestroy(t, typeName, prior)
	} else {
		p = d.plan(t, typeName, prior, d.schema(t, typeName).configuration(t, configured), chosen)
	}
	p.Diagnostics = append(diags, p.Diagnostics...)
	return p
}

// plan is a plan of a configured object, during plan and again during apply.
func (d *Driver) plan(t testing.TB, typeName string, prior *Object, config cty.Value, options planOptions) *Plan {
	t.Helper()
	schema := d.schema(t, typeName)
	p := &Plan{Type: typeName, schema: schema, options: options, prior: prior, config: config, planned: cty.NullVal(schema.kind)}
	if diags := d.validate(t, typeName, config); failed(diags) {
		p.Diagnostics = diags
		return p
	}
	// A tainted object is planned as if it was not there, so that neither its
	// state nor its private state reaches the provider.
	before, private := cty.NullVal(schema.kind), []byte(nil)
	switch {
	case prior.exists() && !prior.Tainted:
		before, private = prior.state, prior.private
	case !prior.exists():
		private = options.removed
	}
	if options.ignoreChanges != nil {
		config = options.ignoreChanges(before, config)
	}
	resp := d.planOnce(t, p, before, config, private)
	if p.Failed() {
		return p
	}
	p.RequiresReplace = d.requiresReplace(t, p, before, resp.RequiresReplace)
	replacement := ActionReplace
	if options.createBeforeDestroy {
		replacement = ActionReplaceCreateFirst
	}
	equal := p.planned.Equals(before)
	switch {
	case p.Failed():
		return p
	case before.IsNull():
		p.Action = ActionCreate
	case equal.IsKnown() && equal.True() && !options.forceReplace:
		p.Action = ActionNoOp
	case options.forceReplace || len(p.RequiresReplace) > 0:
		p.Action = replacement
		// The replacement is planned as a new object. It has only its private state
		// in common with the first plan.
		shown := p.Diagnostics
		d.planOnce(t, p, cty.NullVal(schema.kind), config, p.private)
		if !p.Failed() {
			p.Diagnostics = shown
		}
	default:
		p.Action = ActionUpdate
	}
	if prior.exists() && prior.Tainted {
		p.Action, before = replacement, prior.state
	}
	p.ChangedPaths = schema.changed(before, p.planned)
	return p
}

// planOnce asks the provider for a plan and checks it.
func (d *Driver) planOnce(t testing.TB, p *Plan, before, config cty.Value, private []byte) *tfprotov6.PlanResourceChangeResponse {
	t.Helper()
	resp, err := d.server.PlanResourceChange(d.Context, &tfprotov6.PlanResourceChangeRequest{
		TypeName: p.Type, PriorState: encode(t, before, p.schema.kind), ProposedNewState: encode(t, p.schema.proposed(before, config), p.schema.kind),
		Config: encode(t, config, p.schema.kind), PriorPrivate: private,
	})
	if err != nil {
		t.Fatal(err)
	}
	p.Diagnostics = append(p.Diagnostics, resp.Diagnostics...)
	if failed(resp.Diagnostics) {
		return resp
	}
	planned, err := decode(resp.PlannedState, p.schema.kind)
	if err != nil {
		p.Diagnostics = append(p.Diagnostics, d.bug(t, "Provider produced invalid plan", p.Type+": "+err.Error()))
		return resp
	}
	for _, problem := range p.schema.checkPlan(before, config, planned) {
		p.Diagnostics = append(p.Diagnostics, d.bug(t, "Provider produced invalid plan", p.Type+problem))
	}
	p.planned, p.private = planned, resp.PlannedPrivate
	return resp
}

// requiresReplace lists the attributes among those that the provider names
// that really change.
func (d *Driver) requiresReplace(t testing.TB, p *Plan, before cty.Value, paths []*tftypes.AttributePath) (names []string) {
	t.Helper()
	if before.IsNull() {
		return nil
	}
	for _, path := range paths {
		var steps cty.Path
		for _, step := range path.Steps() {
			switch step := step.(type) {
			case tftypes.AttributeName:
				steps = steps.GetAttr(string(step))
			case tftypes.ElementKeyString:
				steps = steps.IndexString(string(step))
			case tftypes.ElementKeyInt:
				steps = steps.IndexInt(int(step))
			default:
				t.Fatalf("%s: unsupported path %s", p.Type, path)
			}
		}
		was, errWas := steps.Apply(before)
		is, errIs := steps.Apply(p.planned)
		if errWas != nil && errIs != nil {
			p.Diagnostics = append(p.Diagnostics, d.bug(t, "Provider produced invalid plan", p.Type+": requires replacement for the path "+path.String()+", which does not exist"))
			continue
		}
		if errWas == nil && errIs == nil {
			if equal := is.Equals(was); equal.IsKnown() && equal.True() {
				continue
			}
		}
		names = append(names, strings.TrimPrefix(pathString(steps), "."))
	}
	return names
}

// planDestroy plans the removal of an object.
func (d *Driver) planDestroy(t testing.TB, typeName string, prior *Object) *Plan {
	t.Helper()
	schema := d.schema(t, typeName)
	none := cty.NullVal(schema.kind)
	p := &Plan{Type: typeName, Action: ActionNoOp, schema: schema, prior: prior, planned: none}
	if !prior.exists() {
		return p
	}
	p.Action = ActionDelete
	resp, err := d.server.PlanResourceChange(d.Context, &tfprotov6.PlanResourceChangeRequest{
		TypeName: typeName, PriorState: encode(t, prior.state, schema.kind), ProposedNewState: encode(t, none, schema.kind),
		Config: encode(t, none, schema.kind), PriorPrivate: prior.private,
	})
	if err != nil {
		t.Fatal(err)
	}
	p.Diagnostics, p.private = resp.Diagnostics, resp.PlannedPrivate
	if p.Failed() {
		return p
	}
	if planned, err := decode(resp.PlannedState, schema.kind); err != nil || !planned.IsNull() {
		p.Diagnostics = append(p.Diagnostics, d.bug(t, "Provider produced invalid plan", typeName+": planned a non-null destroy value"))
	}
	p.ChangedPaths = schema.changed(prior.state, none)
	return p
}

// Remove plays a resource block that is no longer in the configuration: the
// removal of its object is planned with the state before the refresh.
func (d *Driver) Remove(t testing.TB, prior *Object) (*Object, []*tfprotov6.Diagnostic) {
	t.Helper()
	p := d.Plan(t, prior.Type, prior, nil)
	if p.Failed() {
		return prior, p.Diagnostics
	}
	refreshed, diags := d.Refresh(t, prior)
	diags = append(p.Diagnostics, diags...)
	if refreshed == nil || failed(diags) {
		return refreshed, diags
	}
	object, more := d.ApplyPlan(t, p)
	return object, append(diags, more...)
}
