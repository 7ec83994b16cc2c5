package acctest

import (
	"maps"
	"slices"
	"sync"

	"github.com/zclconf/go-cty/cty"
)

// applier is a walk that applies a plan.
type applier struct {
	*walk
	plan *terraformPlan

	mu    sync.Mutex
	state *terraformState
}

// applyVertex is one of the two parts of a change: the create or update, or the
// destroy.
type applyVertex struct {
	*vertex
	change   *change
	destroys bool
}

// apply applies a plan, also that of another command, and returns the state.
func (c *command) apply(plan *terraformPlan) (*terraformState, diagnostics) {
	a := &applier{walk: c.newWalk(), plan: plan, state: plan.prior.clone()}
	a.seed(a.state)
	vertices := a.applyVertices()
	diags := walkGraph(vertices)
	diags = append(diags, a.applyOutputs(diags.failed())...)
	return a.state, append(diags, a.closeEphemeral()...)
}

func (a *applier) applyVertices() (all []*vertex) {
	creators, destroyers := map[string][]*applyVertex{}, map[string][]*applyVertex{}
	objects, providers := map[string][]*vertex{}, map[string]*vertex{}
	add := func(c *change, destroys bool, run func(c *change) diagnostics) *applyVertex {
		name := c.instance.address
		if destroys {
			name += " (destroy)"
		}
		v := &applyVertex{newVertex(name, func() diagnostics {
			return a.inSlot(func() diagnostics { return run(c) })
		}), c, destroys}
		v.needs[a.provider(providers, c.instance.provider)] = true
		all = append(all, v.vertex)
		if destroys {
			destroyers[c.instance.blockAddress] = append(destroyers[c.instance.blockAddress], v)
		} else {
			creators[c.instance.blockAddress] = append(creators[c.instance.blockAddress], v)
			objects[c.instance.blockAddress] = append(objects[c.instance.blockAddress], v.vertex)
		}
		return v
	}
	for _, c := range a.plan.changes {
		switch {
		case c.deposed != nil:
			add(c, true, a.destroyDeposedObject)
		case c.action == ActionDelete:
			add(c, true, a.destroy)
		case c.action == ActionReplace:
			add(c, false, a.createOrUpdate).needs[add(c, true, a.destroy).vertex] = true
		case c.action == ActionReplaceCreateFirst:
			destroyer := add(c, true, a.destroyReplaced)
			destroyer.needs[add(c, false, a.createOrUpdate).vertex] = true
		case c.action == actionForget:
			add(c, true, a.forget)
		case c.action == actionRead:
			add(c, false, a.readLater)
		case c.action != ActionNoOp:
			add(c, false, a.createOrUpdate)
		}
	}
	if !a.plan.destroy {
		for address, b := range a.config.objects {
			configured := a.provider(providers, b.provider)
			if b.mode == ephemeralMode {
				v := newVertex(address, func() diagnostics { return a.openBlock(b) })
				v.needs[configured] = true
				objects[address], all = append(objects[address], v), append(all, v)
			}
		}
	}
	for address, vertices := range objects {
		for needed := range a.allNeeds(a.config.objects[address]) {
			for _, v := range vertices {
				for _, other := range objects[needed] {
					v.needs[other] = true
				}
			}
		}
	}
	for key, v := range providers {
		if b := a.config.providers[key]; b != nil {
			for needed := range a.needs(b) {
				for _, other := range objects[needed] {
					v.needs[other] = true
				}
			}
		}
		all = append(all, v)
	}
	orderDestroyers(creators, destroyers)
	return all
}

// orderDestroyers makes the destroy of an object wait for the destroys of
// objects that depend on it, and a create or update for the destroys of objects
// that it depended on, unless their replacements are created first.
func orderDestroyers(creators, destroyers map[string][]*applyVertex) {
	for _, all := range destroyers {
		for _, v := range all {
			for _, dependency := range v.change.dependencies {
				for _, other := range destroyers[dependency] {
					other.needs[v.vertex] = true
				}
				for _, other := range creators[dependency] {
					if !v.change.createFirst {
						other.needs[v.vertex] = true
					} else {
						v.needs[other.vertex] = true
					}
				}
			}
		}
	}
	for _, all := range creators {
		for _, v := range all {
			if v.change.instance.current == nil {
				continue
			}
			for _, dependency := range v.change.instance.current.dependencies {
				for _, other := range destroyers[dependency] {
					if other.change.createFirst {
						other.needs[v.vertex] = true
					} else {
						v.needs[other.vertex] = true
					}
				}
			}
		}
	}
}

// keep writes an object of an instance into the state, nil for none.
func (a *applier) keep(c *change, current *stateObject, deposed func(all []*stateObject) []*stateObject) {
	a.mu.Lock()
	defer a.mu.Unlock()
	instance := *c.instance
	if found := a.state.instances[instance.address]; found != nil {
		instance.deposed = found.deposed
	} else {
		instance.deposed = nil
	}
	instance.current = current
	if deposed != nil {
		instance.deposed = deposed(slices.Clone(instance.deposed))
	}
	a.state.put(&instance)
	if b := a.config.objects[instance.blockAddress]; b != nil {
		a.setInstances(b, a.state.of(b.address))
	}
}

func (a *applier) currentOf(c *change) *stateObject {
	a.mu.Lock()
	defer a.mu.Unlock()
	if found := a.state.instances[c.instance.address]; found != nil {
		return found.current
	}
	return nil
}

// createOrUpdate plans once more and applies that plan. An object whose
// replacement is created first becomes deposed before it.
func (a *applier) createOrUpdate(c *change) diagnostics {
	plugin := a.plugin(c.instance.provider)
	config, marks, diags := a.decode(c.block, c.schema, c.instance.key)
	if diags.failed() {
		return diags
	}
	replaced := a.currentOf(c)
	var prior *Object
	switch {
	case c.action == ActionReplaceCreateFirst:
		a.keep(c, nil, func(all []*stateObject) []*stateObject { return append(all, replaced) })
	case replaced != nil:
		prior = replaced.Object
	}
	object, found := plugin.applyConfigured(a.t, c.Plan, prior, config)
	diags = append(diags, ofProvider(c.block, c.instance.address, found)...)
	switch {
	case object == nil && c.action == ActionReplaceCreateFirst:
		// Without a successor, the object is not deposed.
		a.keep(c, replaced, func(all []*stateObject) []*stateObject {
			return slices.DeleteFunc(all, func(one *stateObject) bool { return one == replaced })
		})
	case object == nil:
		a.keep(c, nil, nil)
	default:
		a.keep(c, &stateObject{Object: object, marks: onlySensitive(marks), dependencies: c.dependencies, createFirst: c.createFirst}, nil)
	}
	return diags
}

// destroy removes the current object of an instance.
func (a *applier) destroy(c *change) diagnostics {
	current := a.currentOf(c)
	if current == nil {
		return nil
	}
	// An object whose block was removed is removed as it was before the refresh.
	left, found := a.plugin(c.instance.provider).change(a.t, c.Plan, ActionDelete, c.prior)
	a.keepLeft(c, current, left)
	return ofProvider(c.block, c.instance.address, found)
}

func (a *applier) keepLeft(c *change, current *stateObject, left *Object) {
	if left == nil {
		a.keep(c, nil, nil)
		return
	}
	kept := *current
	kept.Object = left
	a.keep(c, &kept, nil)
}

// destroyReplaced removes the object that createOrUpdate has deposed.
func (a *applier) destroyReplaced(c *change) diagnostics {
	a.mu.Lock()
	var deposed *stateObject
	if found := a.state.instances[c.instance.address]; found != nil && len(found.deposed) > 0 {
		deposed = found.deposed[len(found.deposed)-1]
	}
	a.mu.Unlock()
	if deposed == nil {
		return nil
	}
	return a.removeDeposed(c, deposed)
}

// destroyDeposedObject removes an object that an earlier apply has left.
func (a *applier) destroyDeposedObject(c *change) diagnostics { return a.removeDeposed(c, c.deposed) }

func (a *applier) removeDeposed(c *change, deposed *stateObject) diagnostics {
	left, found := a.plugin(c.instance.provider).destroyDeposed(a.t, deposed.Object)
	a.keep(c, a.currentOf(c), func(all []*stateObject) []*stateObject {
		at := slices.Index(all, deposed)
		if at < 0 {
			return all
		}
		if left == nil {
			return slices.Delete(all, at, at+1)
		}
		kept := *deposed
		kept.Object, all[at] = left, &kept
		return all
	})
	return ofProvider(c.block, c.instance.address, found)
}

// forget removes an object from the state only.
func (a *applier) forget(c *change) diagnostics {
	a.keep(c, nil, nil)
	return nil
}

// readLater reads a data source that depended on changes that are now applied.
func (a *applier) readLater(c *change) diagnostics {
	config, marks, diags := a.decode(c.block, c.schema, c.instance.key)
	if diags.failed() {
		return diags
	}
	object, more := a.readData(c.block, c.schema, c.instance.address, config)
	if diags = append(diags, more...); diags.failed() {
		return diags
	}
	object.marks = onlySensitive(marks)
	a.keep(c, object, nil)
	return diags
}

// openBlock opens the instances of an ephemeral block.
func (a *applier) openBlock(b *block) diagnostics {
	keys, diags := a.expand(b)
	if diags.failed() {
		return diags
	}
	values := make([]cty.Value, len(keys))
	for i, key := range keys {
		diags = append(diags, a.inSlot(func() (diags diagnostics) {
			values[i], diags = a.open(b, key)
			return diags
		})...)
	}
	a.set(b.address, combine(b, keys, values))
	return diags
}

// applyOutputs writes the outputs into the state. After an error, those that
// cannot be evaluated stay as they were.
func (a *applier) applyOutputs(failed bool) (diags diagnostics) {
	if a.plan.destroy {
		a.state.outputs = map[string]outputState{}
		return nil
	}
	outputs := maps.Clone(a.state.outputs)
	for name := range outputs {
		if a.config.outputs[name] == nil {
			delete(outputs, name)
		}
	}
	for name, b := range a.config.outputs {
		output, more := a.output(b)
		switch {
		case more.failed() || !output.value.IsWhollyKnown():
			if !failed {
				diags = append(diags, more...)
			}
		case output.value.IsNull():
			delete(outputs, name)
		default:
			outputs[name] = output
		}
	}
	a.state.outputs = outputs
	return diags
}
