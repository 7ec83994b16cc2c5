package planreview

import (
	"encoding/json"
	"slices"
	"strings"
)

// The id of an object that does not exist yet is not known, but the
// configuration names the object whose id it will be.

// configuration is the part of the plan's configuration that has references.
type configuration struct {
	RootModule *configModule `json:"root_module"`
}

type configModule struct {
	Outputs     map[string]configOutput   `json:"outputs"`
	Resources   []*configResource         `json:"resources"`
	ModuleCalls map[string]*configCall    `json:"module_calls"`
	Variables   map[string]configVariable `json:"variables"`

	byName map[string]*configResource
}

type configOutput struct {
	Expression references `json:"expression"`
}

type configVariable struct {
	Sensitive bool `json:"sensitive"`
}

type configResource struct {
	Mode string `json:"mode"`
	Type string `json:"type"`
	Name string `json:"name"`
	// Expressions are the attributes that are configured.
	Expressions map[string]references `json:"expressions"`
	ForEach     references            `json:"for_each_expression"`
}

type configCall struct {
	Expressions map[string]references `json:"expressions"`
	ForEach     references            `json:"for_each_expression"`
	Module      *configModule         `json:"module"`
}

// index prepares the module and those in it for look-ups of resources.
func (m *configModule) index() {
	m.byName = make(map[string]*configResource, len(m.Resources))
	for _, r := range m.Resources {
		m.byName[r.Mode+"."+r.Type+"."+r.Name] = r
	}
	for _, call := range m.ModuleCalls {
		if call != nil && call.Module != nil {
			call.Module.index()
		}
	}
}

// references are the objects that an expression refers to. Constants and nested
// blocks have none.
type references []string

// UnmarshalJSON takes the references of an expression.
func (r *references) UnmarshalJSON(content []byte) error {
	var expression struct {
		References []string `json:"references"`
	}
	if json.Unmarshal(content, &expression) == nil {
		*r = slices.Clip(expression.References)
	}
	return nil
}

// moduleInstance is a module of the configuration and one of its instances.
type moduleInstance struct {
	parent *moduleInstance
	// call is the module's name in its parent.
	call    string
	address string
	// key of the instance, nil where there is only one.
	key    any
	module *configModule
}

// maxHops is how many variables and outputs are followed at most.
const maxHops = 12

// configured is the resource's configuration and the module instance that has it,
// nil where the plan does not have it.
func (n *names) configured(c *resourceChange) (*configResource, *moduleInstance) {
	if n.config == nil || n.config.RootModule == nil {
		return nil, nil
	}
	here := &moduleInstance{module: n.config.RootModule}
	for _, step := range splitModule(c.ModuleAddress) {
		if here = here.child(step); here == nil {
			return nil, nil
		}
	}
	return here.module.byName[string(c.Mode)+"."+c.Type+"."+c.Name], here
}

// isDefault says whether the configuration leaves an attribute out.
func (n *names) isDefault(c *resourceChange, attribute string) bool {
	r, _ := n.configured(c)
	if r == nil {
		return false
	}
	_, given := r.Expressions[attribute]
	return !given
}

// referred finds the one planned resource whose attribute a resource has as
// one of its own, or nil.
func (n *names) referred(c *resourceChange, attribute string) *resourceChange {
	r, here := n.configured(c)
	if r == nil {
		return nil
	}
	return n.follow(here, r.Expressions[attribute], r.ForEach, c.Index, maxHops)
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
func (n *names) follow(here *moduleInstance, expression, forEach references, key any, hops int) *resourceChange {
	if hops == 0 {
		return nil
	}
	for _, reference := range expression {
		parts := strings.SplitN(reference, ".", 3)
		var found *resourceChange
		switch {
		case parts[0] == "each":
			if forEach != nil {
				found = n.follow(here, forEach, nil, key, hops-1)
			}
		case len(parts) < 2:
		case parts[0] == "var" && here.parent != nil:
			call := here.parent.module.ModuleCalls[here.call]
			found = n.follow(here.parent, call.Expressions[parts[1]], call.ForEach, here.key, hops-1)
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
func (n *names) output(here *moduleInstance, step, output string, key any, hops int) *resourceChange {
	name, _, _ := strings.Cut(step, "[")
	call := here.module.ModuleCalls[name]
	if call == nil {
		return nil
	}
	if text, ok := key.(string); ok && name == step && call.ForEach != nil {
		step = name + `["` + text + `"]`
	}
	child := here.child(step)
	if child == nil {
		return nil
	}
	output, _, _ = strings.Cut(output, ".")
	return n.follow(child, child.module.Outputs[output].Expression, nil, child.key, hops-1)
}

// instance finds the planned instance of a resource: the one that is named, the
// one with the same key, or the only one.
func (n *names) instance(module, resource string, key any) *resourceChange {
	name, _, _ := strings.Cut(resource, "[")
	if c := n.byAddress[joinAddress(module, resource)]; c != nil {
		return c
	}
	instances := n.instances[joinAddress(module, name)]
	if instances == nil {
		return nil
	}
	if c := instances.byKey[key]; c != nil && key != nil {
		return c
	}
	if instances.count == 1 {
		return instances.first
	}
	return nil
}
