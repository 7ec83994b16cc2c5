package acctest

import (
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/zclconf/go-cty/cty"
)

// planBlock plans the instances of a block, and those that it has no longer.
func (p *planner) planBlock(b *block) diagnostics {
	if _, diags := p.blockSchemaOf(b); diags.failed() {
		return diags
	}
	keys, diags := p.expand(b)
	if diags.failed() {
		return diags
	}
	imports, diags := p.importsOf(b)
	if diags.failed() {
		return diags
	}
	values := make([]cty.Value, len(keys))
	var instances []*vertex
	for i, key := range keys {
		instances = append(instances, newVertex(b.address+key.suffix(), func() diagnostics {
			return p.inSlot(func() (diags diagnostics) {
				values[i], diags = p.planInstance(b, key, imports[b.address+key.suffix()])
				return diags
			})
		}))
	}
	p.mu.Lock()
	inState := p.plan.prior.of(b.address)
	p.mu.Unlock()
	for _, instance := range inState {
		if !slices.ContainsFunc(keys, func(key instanceKey) bool { return key.suffix() == instance.key.suffix() }) {
			if b.mode != managedMode {
				p.putState(&instanceState{address: instance.address})
				continue
			}
			instances = append(instances, newVertex(instance.address, func() diagnostics {
				return p.inSlot(func() diagnostics { return p.planOrphan(instance) })
			}))
		}
	}
	if diags = walkGraph(instances); diags.failed() {
		return diags
	}
	p.set(b.address, combine(b, keys, values))
	return diags
}

// importsOf are the ids with which instances of a block are imported.
func (p *planner) importsOf(b *block) (ids map[string]string, diags diagnostics) {
	ids = map[string]string{}
	for address, id := range p.request.imports {
		ids[address] = id
	}
	for _, imported := range p.config.imports {
		if target(imported.to()) != b.address {
			continue
		}
		keys := []instanceKey{{}}
		if expr := imported.argument("for_each"); expr != nil {
			var more diagnostics
			keys, more = p.expandForEach(imported, expr)
			diags = append(diags, more...)
		}
		for _, key := range keys {
			address := p.importTarget(imported, key)
			id, more := p.evaluate(imported.argument("id"), key)
			diags = append(diags, ofHCL(imported, "", more)...)
			if diags.failed() {
				return nil, diags
			}
			if !id.IsKnown() || id.IsNull() {
				return nil, append(diags, failure(imported, "", "Invalid import id argument", "The import block \"id\" argument depends on resource attributes that cannot be determined until apply, so Terraform cannot plan to import this resource.")...)
			}
			ids[address] = id.AsString()
		}
	}
	return ids, diags
}

// importTarget is the address of the instance that an import refers to.
func (p *planner) importTarget(imported *block, key instanceKey) string {
	expr := imported.argument("to")
	address := target(imported.to())
	traversal, diags := hcl.AbsTraversalForExpr(expr)
	if !diags.HasErrors() {
		for _, step := range traversal {
			if index, ok := step.(hcl.TraverseIndex); ok {
				return address + instanceKey{key: index.Key}.suffix()
			}
		}
		return address
	}
	_, index, found := strings.Cut(string(expr.Range().SliceBytes(p.config.source)), "[")
	if !found || index != "each.key]" {
		p.t.Fatalf("the in-process Terraform supports no import to %s", expr.Range().SliceBytes(p.config.source))
	}
	return address + instanceKey{key: key.key}.suffix()
}

// planInstance plans one instance of a block, and returns the value that others
// see of it.
func (p *planner) planInstance(b *block, key instanceKey, importID string) (cty.Value, diagnostics) {
	switch b.mode {
	case dataMode:
		return p.planData(b, key)
	case ephemeralMode:
		return p.open(b, key)
	default:
		return p.planManaged(b, key, importID)
	}
}

func (p *planner) planManaged(b *block, key instanceKey, importID string) (cty.Value, diagnostics) {
	schema, plugin := p.plugin(b.provider).schemas.resources[b.kind], p.plugin(b.provider)
	p.mu.Lock()
	instance := *p.plan.prior.instance(b, key)
	p.mu.Unlock()
	imported, removed := "", []byte(nil)
	diags := p.planDeposed(&instance)
	if diags.failed() {
		return cty.DynamicVal, diags
	}
	object, more := p.load(plugin, &instance, instance.current)
	if diags = append(diags, more...); diags.failed() {
		return cty.DynamicVal, diags
	}
	switch {
	case object != nil && p.request.imports[instance.address] != "":
		return cty.DynamicVal, failure(nil, "", "Resource already managed by Terraform", "Terraform is already managing a remote object for %s. To import to this address you must first remove the existing object from the state.", instance.address)
	case object == nil && importID != "":
		read, more := p.importObject(b, plugin, instance.address, importID)
		if diags = append(diags, more...); diags.failed() {
			return cty.DynamicVal, diags
		}
		object, imported = &stateObject{Object: read}, importID
	case object != nil && !p.request.skipRefresh:
		read, found := plugin.read(p.t, object.Object)
		if diags = append(diags, ofProvider(b, instance.address, found)...); diags.failed() {
			return cty.DynamicVal, diags
		}
		if !read.exists() {
			object, removed = nil, read.private
			break
		}
		refreshed := *object
		refreshed.Object = read
		object = &refreshed
	}
	instance.current = object
	p.putState(&instance)
	if p.request.refreshOnly || p.request.imports != nil {
		if object == nil {
			return cty.DynamicVal, diags
		}
		return object.marked(), diags
	}
	change, more := p.planChange(b, schema, plugin, &instance, removed)
	if diags = append(diags, more...); diags.failed() {
		return cty.DynamicVal, diags
	}
	change.importedID = imported
	p.record(change)
	if change.action == ActionNoOp && object != nil {
		current := *object
		current.marks, current.dependencies, current.createFirst = change.marks, change.dependencies, change.createFirst
		instance.current = &current
		p.putState(&instance)
	}
	return withMarks(schema, change.planned, change.marks), diags
}

func (p *planner) planChange(b *block, schema *blockSchema, plugin *providerProcess, instance *instanceState, removed []byte) (*change, diagnostics) {
	config, marks, diags := p.decode(b, schema, instance.key)
	if diags = append(diags, checkEphemeral(b, schema, instance.address, marks)...); diags.failed() {
		return nil, diags
	}
	options := planOptions{createBeforeDestroy: p.createsFirst(b), removed: removed, forceReplace: p.triggered(b, instance)}
	if b.ignoreAll || len(b.ignored) > 0 {
		options.ignoreChanges = func(prior, config cty.Value) cty.Value { return b.ignoreChanges(prior, config) }
	}
	var prior *Object
	before := cty.NullVal(schema.kind)
	if instance.current != nil {
		prior, before = instance.current.Object, instance.current.state
	}
	planned := plugin.plan(p.t, b.kind, prior, config, options)
	if diags = append(diags, ofProvider(b, instance.address, planned.Diagnostics)...); diags.failed() {
		return nil, diags
	}
	if b.preventDestroy && planned.Action.Replaces() {
		return nil, append(diags, preventedDestroy(b, instance.address)...)
	}
	return &change{
		Plan: planned, action: planned.Action, instance: instance, block: b, marks: onlySensitive(marks), dependencies: p.dependencies(b),
		createFirst: options.createBeforeDestroy, before: before, after: planned.planned,
	}, diags
}

func preventedDestroy(b *block, address string) diagnostics {
	return failure(b, "", "Instance cannot be destroyed", "Resource %s has lifecycle.prevent_destroy set, but the plan calls for this resource to be destroyed. To avoid this error and continue with the plan, either disable lifecycle.prevent_destroy or reduce the scope of the plan using the -target option.", address)
}

// createsFirst reports whether the block, or one that depends on it, is created
// before it is destroyed.
func (c *command) createsFirst(b *block) bool {
	if b.createBeforeDestroy {
		return true
	}
	for _, other := range c.config.objects {
		if other.mode == managedMode && other.createBeforeDestroy && c.allNeeds(other)[b.address] {
			return true
		}
	}
	return false
}

// dependencies are the blocks in state that a block depends on.
func (c *command) dependencies(b *block) (all []string) {
	for address := range c.allNeeds(b) {
		if c.config.objects[address].mode != ephemeralMode {
			all = append(all, address)
		}
	}
	slices.Sort(all)
	return all
}

// triggered reports whether replace_triggered_by or -replace ask for a
// replacement.
func (p *planner) triggered(b *block, instance *instanceState) bool {
	if instance.current == nil {
		return false
	}
	if p.request.replace == instance.address {
		return true
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, expr := range b.replaceTriggeredBy {
		for _, traversal := range expr.Variables() {
			for _, other := range p.plan.changes {
				if other.instance.blockAddress != target(traversal) || other.action == ActionNoOp {
					continue
				}
				if parts := names(traversal); len(parts) < 3 || slices.Contains(other.ChangedPaths, parts[2]) {
					return true
				}
			}
		}
	}
	return false
}

// ignoreChanges is a configuration with the prior values of ignored attributes.
func (b *block) ignoreChanges(prior, config cty.Value) cty.Value {
	if prior.IsNull() {
		return config
	}
	if b.ignoreAll {
		return prior
	}
	ignored, err := cty.Transform(config, func(at cty.Path, value cty.Value) (cty.Value, error) {
		for _, traversal := range b.ignored {
			if pathString(at) == pathString(ignoredPath(traversal)) {
				if before, err := at.Apply(prior); err == nil {
					return before, nil
				}
			}
		}
		return value, nil
	})
	if err != nil {
		return config
	}
	return ignored
}

func ignoredPath(traversal hcl.Traversal) (path cty.Path) {
	for _, step := range traversal {
		switch step := step.(type) {
		case hcl.TraverseRoot:
			path = path.GetAttr(step.Name)
		case hcl.TraverseAttr:
			path = path.GetAttr(step.Name)
		case hcl.TraverseIndex:
			path = path.Index(step.Key)
		}
	}
	return path
}

// importObject imports an object and reads it.
func (p *planner) importObject(b *block, plugin *providerProcess, address, id string) (*Object, diagnostics) {
	resp, err := plugin.server.ImportResourceState(p.ctx, &tfprotov6.ImportResourceStateRequest{TypeName: b.kind, ID: id})
	if err != nil {
		p.t.Fatal(err)
	}
	diags := ofProvider(b, address, resp.Diagnostics)
	if diags.failed() {
		return nil, diags
	}
	if len(resp.ImportedResources) != 1 {
		return nil, append(diags, failure(b, address, "Import returned no resources", "While attempting to import with ID %s, the provider returned no instance states.", id)...)
	}
	found := resp.ImportedResources[0]
	read, more := plugin.read(p.t, plugin.object(p.t, b.kind, found.State, found.Private))
	if diags = append(diags, ofProvider(b, address, more)...); diags.failed() {
		return nil, diags
	}
	if !read.exists() {
		return nil, append(diags, failure(nil, "", "Cannot import non-existent remote object", "While attempting to import an existing object to %q, the provider detected that no object exists with the given id. "+
			"Only pre-existing objects can be imported; check that the id is correct and that it is associated with the provider's configured region or endpoint, or use \"terraform apply\" to create a new remote object for this resource.", address)...)
	}
	return read, diags
}
