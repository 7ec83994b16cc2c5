package acctest

import (
	"github.com/zclconf/go-cty/cty"
)

// planOrphan plans the removal of an instance that the configuration has no
// longer. The plan is made with the state before the read.
func (p *planner) planOrphan(instance *instanceState) diagnostics {
	diags := p.planDeposed(instance)
	if diags.failed() || instance.current == nil {
		return diags
	}
	plugin, current := p.plugin(instance.provider), *instance
	forget, more := p.forgets(instance.blockAddress)
	if diags = append(diags, more...); diags.failed() {
		return diags
	}
	object, more := p.load(plugin, instance, instance.current)
	if diags = append(diags, more...); diags.failed() {
		return diags
	}
	b := p.config.objects[instance.blockAddress]
	removal := &change{action: actionForget, instance: &current, before: object.state, after: cty.NullVal(object.schema.kind), dependencies: object.dependencies, createFirst: object.createFirst}
	if !forget && !p.request.refreshOnly {
		removal.Plan = plugin.planDestroy(p.t, instance.kind, object.Object)
		removal.action = ActionDelete
		if diags = append(diags, ofProvider(b, instance.address, removal.Diagnostics)...); diags.failed() {
			return diags
		}
		if b != nil && b.preventDestroy {
			return append(diags, preventedDestroy(b, instance.address)...)
		}
	}
	if !p.request.skipRefresh {
		read, found := plugin.read(p.t, object.Object)
		if diags = append(diags, ofProvider(b, instance.address, found)...); diags.failed() {
			return diags
		}
		refreshed := *object
		refreshed.Object, current.current = read, &refreshed
		if !read.exists() {
			current.current = nil
		}
	}
	p.putState(&current)
	if !p.request.refreshOnly && current.current != nil {
		p.record(removal)
	}
	return diags
}

// forgets reports whether a removed block removes an object from state without
// destroying it.
func (p *planner) forgets(blockAddress string) (bool, diagnostics) {
	b := p.config.removed[blockAddress]
	if b == nil || b.argument("destroy") == nil {
		return false, nil
	}
	value, diags := b.argument("destroy").Value(nil)
	if diags.HasErrors() {
		return false, ofHCL(b, "", diags)
	}
	return value.False(), nil
}

// planRemoval plans the removal of an instance by terraform destroy.
func (p *planner) planRemoval(instance *instanceState) diagnostics {
	diags := p.planDeposed(instance)
	if diags.failed() || instance.current == nil {
		return diags
	}
	b := p.config.objects[instance.blockAddress]
	plugin := p.plugin(instance.provider)
	object, more := p.load(plugin, instance, instance.current)
	if diags = append(diags, more...); diags.failed() {
		return diags
	}
	planned := plugin.planDestroy(p.t, instance.kind, object.Object)
	if diags = append(diags, ofProvider(b, instance.address, planned.Diagnostics)...); diags.failed() {
		return diags
	}
	if b != nil && b.preventDestroy {
		return append(diags, preventedDestroy(b, instance.address)...)
	}
	p.record(&change{
		Plan: planned, action: ActionDelete, instance: instance, block: b, dependencies: object.dependencies, createFirst: object.createFirst,
		before: object.state, after: cty.NullVal(object.schema.kind),
	})
	return diags
}

// planDeposed reads the deposed objects of an instance and plans their removal.
func (p *planner) planDeposed(instance *instanceState) (diags diagnostics) {
	plugin, b := p.plugin(instance.provider), p.config.objects[instance.blockAddress]
	var left []*stateObject
	for _, deposed := range instance.deposed {
		object, more := p.load(plugin, instance, deposed)
		if diags = append(diags, more...); diags.failed() {
			return diags
		}
		if !p.request.skipRefresh && !p.request.destroy {
			read, found := plugin.read(p.t, object.Object)
			if diags = append(diags, ofProvider(b, instance.address, found)...); diags.failed() {
				return diags
			}
			if !read.exists() {
				continue
			}
			refreshed := *object
			refreshed.Object = read
			object = &refreshed
		}
		left = append(left, object)
		if p.request.refreshOnly {
			continue
		}
		planned := plugin.planDestroy(p.t, instance.kind, object.Object)
		if diags = append(diags, ofProvider(b, instance.address, planned.Diagnostics)...); diags.failed() {
			return diags
		}
		p.record(&change{
			Plan: planned, action: ActionDelete, instance: instance, block: b, deposed: object, dependencies: object.dependencies,
			before: object.state, after: cty.NullVal(object.schema.kind),
		})
	}
	instance.deposed = left
	return diags
}
