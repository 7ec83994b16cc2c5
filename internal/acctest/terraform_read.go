package acctest

import (
	"maps"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
)

// planData reads a data source, or plans to read it once its dependencies are
// known.
func (p *planner) planData(b *block, key instanceKey) (cty.Value, diagnostics) {
	schema := p.plugin(b.provider).schemas.data[b.kind]
	config, marks, diags := p.decode(b, schema, key)
	p.mu.Lock()
	instance := *p.plan.prior.instance(b, key)
	// Direct references to resources count as depends_on.
	pending := slices.ContainsFunc(p.plan.changes, func(c *change) bool {
		return c.action != ActionNoOp && c.instance.mode == managedMode && slices.ContainsFunc(slices.Concat(b.dependsOn, b.traversals()), func(traversal hcl.Traversal) bool {
			return target(traversal) == c.instance.blockAddress
		})
	})
	p.mu.Unlock()
	if diags = append(diags, checkEphemeral(b, schema, instance.address, marks)...); diags.failed() {
		return cty.DynamicVal, diags
	}
	if !config.IsWhollyKnown() || pending {
		planned := schema.plannedData(config)
		if p.request.refreshOnly || p.request.imports != nil {
			return withMarks(schema, planned, marks), diags
		}
		before := cty.NullVal(schema.kind)
		instance.current = nil
		p.putState(&instance)
		p.record(&change{
			Plan: &Plan{Type: b.kind, schema: schema, planned: planned}, action: actionRead, instance: &instance, block: b,
			marks: onlySensitive(marks), before: before, after: planned,
		})
		return withMarks(schema, planned, marks), diags
	}
	object, more := p.readData(b, schema, instance.address, config)
	if diags = append(diags, more...); diags.failed() {
		return cty.DynamicVal, diags
	}
	object.marks = onlySensitive(marks)
	instance.current = object
	p.putState(&instance)
	return object.marked(), diags
}

// readData validates and reads a data source.
func (w *walk) readData(b *block, schema *blockSchema, address string, config cty.Value) (*stateObject, diagnostics) {
	read, found := w.plugin(b.provider).readData(w.t, b.kind, encode(w.t, config, schema.kind))
	diags := ofProvider(b, address, found)
	if diags.failed() {
		return nil, diags
	}
	state, err := decode(read, schema.kind)
	switch {
	case err != nil:
		return nil, append(diags, failure(b, address, "Provider produced invalid object", "%s", err)...)
	case state.IsNull():
		return nil, append(diags, failure(b, address, "Provider produced null object", "Provider %q produced a null value for %s.", providerAddress(b.provider), address)...)
	case !state.IsWhollyKnown():
		return nil, append(diags, failure(b, address, "Provider produced invalid object", "Provider %q produced a value for %s that is not wholly known: %v.", providerAddress(b.provider), address, unknowns(state))...)
	}
	for _, problem := range schema.checkConfigured(config, state) {
		diags = append(diags, failure(b, address, "Provider produced invalid object", "%s%s", address, problem)...)
	}
	return &stateObject{Object: &Object{Type: b.kind, schema: schema, state: state}}, diags
}

// checkConfigured lists configured values that a data source has not kept.
func (s *blockSchema) checkConfigured(config, state cty.Value) (problems []string) {
	for _, name := range slices.Sorted(maps.Keys(s.attributes)) {
		configured := config.GetAttr(name)
		if !configured.IsNull() && configured.IsWhollyKnown() && s.attributes[name].nested == nil && state.GetAttr(name).IsNull() {
			problems = append(problems, "."+name+": configured, but null after it was read")
		}
	}
	return problems
}

// openedEphemeral is an ephemeral resource that has to be closed.
type openedEphemeral struct {
	block   *block
	address string
	private []byte
}

// open opens an ephemeral resource. One that depends on unknown values is not
// opened yet.
func (w *walk) open(b *block, key instanceKey) (cty.Value, diagnostics) {
	plugin := w.plugin(b.provider)
	schema, address := plugin.schemas.ephemeral[b.kind], b.address+key.suffix()
	config, _, diags := w.decode(b, schema, key)
	if diags.failed() {
		return cty.DynamicVal, diags
	}
	if !config.IsWhollyKnown() {
		return schema.plannedData(config).Mark(ephemeralMark), diags
	}
	encoded := encode(w.t, config, schema.kind)
	if diags = append(diags, ofProvider(b, address, plugin.validateEphemeral(w.t, b.kind, encoded))...); diags.failed() {
		return cty.DynamicVal, diags
	}
	resp, err := plugin.server.OpenEphemeralResource(w.ctx, &tfprotov6.OpenEphemeralResourceRequest{TypeName: b.kind, Config: encoded})
	if err != nil {
		w.t.Fatal(err)
	}
	if diags = append(diags, ofProvider(b, address, resp.Diagnostics)...); diags.failed() {
		return cty.DynamicVal, diags
	}
	result, err := decode(resp.Result, schema.kind)
	if err != nil {
		return cty.DynamicVal, append(diags, failure(b, address, "Provider produced invalid ephemeral resource instance", "%s", err)...)
	}
	w.valuesMu.Lock()
	w.opened = append(w.opened, openedEphemeral{b, address, resp.Private})
	w.valuesMu.Unlock()
	return withMarks(schema, result, nil).Mark(ephemeralMark), diags
}

// closeEphemeral closes the opened resources, the last first.
func (w *walk) closeEphemeral() (diags diagnostics) {
	for _, opened := range slices.Backward(w.opened) {
		resp, err := w.plugin(opened.block.provider).server.CloseEphemeralResource(w.ctx, &tfprotov6.CloseEphemeralResourceRequest{TypeName: opened.block.kind, Private: opened.private})
		if err != nil {
			w.t.Fatal(err)
		}
		diags = append(diags, ofProvider(opened.block, opened.address, resp.Diagnostics)...)
	}
	w.opened = nil
	return diags
}

// output evaluates an output.
func (w *walk) output(b *block) (outputState, diagnostics) {
	value, diags := w.evaluate(b.argument("value"), instanceKey{})
	if diags.HasErrors() {
		return outputState{}, ofHCL(b, "", diags)
	}
	sensitive := w.flag(b, "sensitive")
	plain, marks := value.UnmarkDeepWithPaths()
	for _, mark := range marks {
		if _, found := mark.Marks[sensitiveMark]; found && !sensitive {
			return outputState{}, failure(b, "", "Output refers to sensitive values", "To reduce the risk of accidentally exporting sensitive data that was intended to be only internal, Terraform requires that any root module output containing sensitive data be explicitly marked as sensitive, to confirm your intent.")
		}
		if _, found := mark.Marks[ephemeralMark]; found {
			return outputState{}, failure(b, "", "Invalid output value", "Ephemeral outputs are not allowed in context of a root module")
		}
	}
	return outputState{plain, sensitive}, ofHCL(b, "", diags)
}

// planOutputs compares the outputs with those in state.
func (p *planner) planOutputs() (diags diagnostics) {
	for name, b := range p.config.outputs {
		output, more := p.output(b)
		if diags = append(diags, more...); more.failed() {
			continue
		}
		before, had := p.plan.before.outputs[name]
		planned := &outputChange{action: ActionUpdate, before: before.value, after: output.value, sensitive: output.sensitive}
		switch {
		case !had && output.value.IsNull():
			planned.action, planned.before = ActionNoOp, cty.NullVal(cty.DynamicPseudoType)
		case !had:
			planned.action, planned.before = ActionCreate, cty.NullVal(cty.DynamicPseudoType)
		case output.value.IsWhollyKnown() && output.value.RawEquals(before.value) && output.sensitive == before.sensitive:
			planned.action = ActionNoOp
		}
		p.plan.outputs[name] = planned
		if output.value.IsWhollyKnown() && (p.request.refreshOnly || p.request.imports != nil) {
			p.plan.prior.outputs[name] = output
		}
	}
	for name, before := range p.plan.before.outputs {
		if p.config.outputs[name] == nil {
			p.plan.outputs[name] = &outputChange{action: ActionDelete, before: before.value, after: cty.NullVal(cty.DynamicPseudoType), sensitive: before.sensitive}
		}
	}
	return diags
}

// checkResult is the result of a check block.
type checkResult struct {
	name     string
	problems []string
}

// planChecks evaluates the check blocks, whose failures are warnings.
func (p *planner) planChecks() (diags diagnostics) {
	for name, b := range p.config.checks {
		result := checkResult{name: name}
		for _, assert := range b.asserted {
			one := &block{body: assert.Body}
			condition, more := p.evaluate(one.argument("condition"), instanceKey{})
			if more.HasErrors() {
				diags = append(diags, ofHCL(b, "", more).asWarnings()...)
				continue
			}
			condition, _ = condition.Unmark()
			met, err := convert.Convert(condition, cty.Bool)
			if err != nil || !met.IsKnown() || met.True() {
				continue
			}
			message, more := p.evaluate(one.argument("error_message"), instanceKey{})
			diags = append(diags, ofHCL(b, "", more).asWarnings()...)
			if message, _ = message.Unmark(); message.IsKnown() && message.Type() == cty.String {
				result.problems = append(result.problems, message.AsString())
			}
		}
		p.plan.checks = append(p.plan.checks, result)
	}
	return diags
}
