package planreview

import (
	"encoding/json"
	"strings"

	tfjson "github.com/hashicorp/terraform-json"
)

const ours = "openai_"

// names resolves ids to the names that people know, from the objects in the
// plan.
type names struct {
	byID map[string]string
	// instances are the planned resources by module and resource, without the
	// key of the instance.
	instances map[string][]*tfjson.ResourceChange
	config    *tfjson.Config
}

func newNames(plan *tfjson.Plan) *names {
	n := &names{byID: map[string]string{}, instances: map[string][]*tfjson.ResourceChange{}, config: plan.Config}
	// Planned values come before present ones, so that new names win.
	for _, c := range plan.ResourceChanges {
		if c.Change == nil || !strings.HasPrefix(c.Type, ours) {
			continue
		}
		key := instancesKey(c.ModuleAddress, c.Type+"."+c.Name)
		n.instances[key] = append(n.instances[key], c)
		n.learn(after(c.Change))
		n.learn(before(c.Change))
	}
	if plan.PriorState != nil && plan.PriorState.Values != nil {
		n.learnModule(plan.PriorState.Values.RootModule)
	}
	return n
}

func instancesKey(module, resource string) string { return module + "\x00" + resource }

func (n *names) learnModule(module *tfjson.StateModule) {
	if module == nil {
		return
	}
	for _, r := range module.Resources {
		// Managed resources are among the changes, with their marks.
		if r.Mode != tfjson.DataResourceMode || !strings.HasPrefix(r.Type, ours) {
			continue
		}
		var marks any
		if len(r.SensitiveValues) > 0 && json.Unmarshal(r.SensitiveValues, &marks) != nil {
			continue
		}
		n.learn(value{raw: r.AttributeValues, sensitive: marks})
	}
	for _, child := range module.ChildModules {
		n.learnModule(child)
	}
}

// labels are the attributes that hold a name, the best first.
var labels = []string{"email", "name", "role_name", "group_name"}

// learn takes the names of an object, and of those in its lists.
func (n *names) learn(v value) {
	object, ok := v.raw.(map[string]any)
	if !ok {
		return
	}
	for _, label := range labels {
		name := v.get(label).text()
		if name == "" {
			continue
		}
		for _, id := range []string{v.get("id").text(), v.get("user_id").text()} {
			if id != "" && n.byID[id] == "" {
				n.byID[id] = name
			}
		}
		break
	}
	for attribute := range object {
		inner := v.get(attribute)
		list, _ := inner.raw.([]any)
		if len(list) > 0 && !inner.isSensitive() {
			for _, item := range list {
				n.learn(value{raw: item})
			}
		}
	}
}

// of is the name of an id, or the id itself.
func (n *names) of(id string) string {
	if name := n.byID[id]; name != "" {
		return name
	}
	return id
}
