package planreview

import (
	"strings"

	tfjson "github.com/hashicorp/terraform-json"
)

// The id of an object that does not exist yet is not known, but the
// configuration names the object whose id it will be.

// moduleInstance is a module of the configuration and one of its instances.
type moduleInstance struct {
	parent *moduleInstance
	// call is the module's name in its parent.
	call    string
	address string
	// key of the instance, nil where there is only one.
	key    any
	module *tfjson.ConfigModule
}

// maxHops is how many variables and outputs are followed at most.
const maxHops = 12

// referred finds the one planned resource whose attribute a resource has as
// one of its own, or nil.
func (n *names) referred(c *tfjson.ResourceChange, attribute string) *tfjson.ResourceChange {
	if n.config == nil || n.config.RootModule == nil {
		return nil
	}
	here := &moduleInstance{module: n.config.RootModule}
	for _, step := range splitModule(c.ModuleAddress) {
		if here = here.child(step); here == nil {
			return nil
		}
	}
	for _, r := range here.module.Resources {
		if r.Mode == c.Mode && r.Type == c.Type && r.Name == c.Name {
			return n.follow(here, r.Expressions[attribute], r.ForEachExpression, c.Index, maxHops)
		}
	}
	return nil
}

// child is the module of a step such as `dev` or `team["a"]`.
func (p *moduleInstance) child(step string) *moduleInstance {
	name, key, _ := strings.Cut(step, "[")
	call := p.module.ModuleCalls[name]
	if call == nil || call.Module == nil {
		return nil
	}
	child := &moduleInstance{parent: p, call: name, address: joinAddress(p.address, "module."+step), module: call.Module}
	if key = strings.TrimSuffix(key, "]"); key != "" {
		child.key = strings.Trim(key, `"`)
	}
	return child
}

// splitModule takes the address of a module instance apart.
func splitModule(address string) []string {
	var steps []string
	for rest := address; rest != ""; {
		rest = strings.TrimPrefix(strings.TrimPrefix(rest, "."), "module.")
		end, quoted := len(rest), false
		for i, r := range rest {
			if r == '"' {
				quoted = !quoted
			}
			if r == '.' && !quoted {
				end = i
				break
			}
		}
		steps = append(steps, rest[:end])
		rest = rest[end:]
	}
	return steps
}

func joinAddress(module, rest string) string {
	if module == "" {
		return rest
	}
	return module + "." + rest
}

// follow finds the resource that an expression takes its value from. key is
// that of the instance in which the expression stands.
func (n *names) follow(here *moduleInstance, expression, forEach *tfjson.Expression, key any, hops int) *tfjson.ResourceChange {
	if expression == nil || expression.ExpressionData == nil || hops == 0 {
		return nil
	}
	for _, reference := range expression.References {
		parts := strings.SplitN(reference, ".", 3)
		var found *tfjson.ResourceChange
		switch {
		case parts[0] == "each":
			if forEach != nil {
				found = n.follow(here, forEach, nil, key, hops-1)
			}
		case len(parts) < 2:
		case parts[0] == "var" && here.parent != nil:
			call := here.parent.module.ModuleCalls[here.call]
			found = n.follow(here.parent, call.Expressions[parts[1]], call.ForEachExpression, here.key, hops-1)
		case parts[0] == "module" && len(parts) == 3:
			found = n.output(here, parts[1], parts[2], key, hops)
		case strings.HasPrefix(parts[0], ours):
			found = n.instance(here.address, parts[0]+"."+parts[1], key)
		}
		if found != nil {
			return found
		}
	}
	return nil
}

// output follows an output of a child module, of the instance that is named or
// has the same key.
func (n *names) output(here *moduleInstance, step, output string, key any, hops int) *tfjson.ResourceChange {
	name, _, _ := strings.Cut(step, "[")
	call := here.module.ModuleCalls[name]
	if call == nil {
		return nil
	}
	if text, ok := key.(string); ok && name == step && call.ForEachExpression != nil {
		step = name + `["` + text + `"]`
	}
	child := here.child(step)
	if child == nil {
		return nil
	}
	output, _, _ = strings.Cut(output, ".")
	declared := child.module.Outputs[output]
	if declared == nil {
		return nil
	}
	return n.follow(child, declared.Expression, nil, child.key, hops-1)
}

// instance finds the planned instance of a resource: the one that is named, the
// one with the same key, or the only one.
func (n *names) instance(module, resource string, key any) *tfjson.ResourceChange {
	name, _, _ := strings.Cut(resource, "[")
	instances := n.instances[instancesKey(module, name)]
	for _, c := range instances {
		if c.Address == joinAddress(module, resource) || c.Index != nil && c.Index == key {
			return c
		}
	}
	if len(instances) == 1 {
		return instances[0]
	}
	return nil
}
