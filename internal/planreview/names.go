package planreview

const ours = "openai_"

// names resolves ids to the names that people know, from the objects in the
// plan.
type names struct {
	// Planned names are better than those of drifted objects, and these are better
	// than those of the state, such as in lists of data sources.
	planned, drifted, state labeled
	byAddress               map[string]*resourceChange
	// instances are the planned resources by address, without the key of the
	// instance.
	instances map[string]*instances
	config    *configuration
}

// instances are those of one resource.
type instances struct {
	count int
	first *resourceChange
	byKey map[any]*resourceChange
}

func newNames() *names {
	return &names{
		planned: labeled{}, drifted: labeled{}, state: labeled{},
		byAddress: map[string]*resourceChange{}, instances: map[string]*instances{},
	}
}

// add makes a planned resource known to references.
func (n *names) add(c *resourceChange) {
	if n.byAddress[c.Address] == nil { // a deposed object has the same address
		n.byAddress[c.Address] = c
	}
	address := joinAddress(c.ModuleAddress, c.Type+"."+c.Name)
	known := n.instances[address]
	if known == nil {
		known = &instances{first: c, byKey: map[any]*resourceChange{}}
		n.instances[address] = known
	}
	known.count++
	if known.byKey[c.Index] == nil {
		known.byKey[c.Index] = c
	}
}

// labeled has names by id.
type labeled map[string]string

// labels are the attributes that hold a name, the best first.
var labels = []string{"email", "name", "role_name", "group_name"}

// learn takes the names of an object, and of those in its lists.
func (n labeled) learn(v value) {
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
			if id != "" && n[id] == "" {
				n[id] = name
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
	for _, known := range []labeled{n.planned, n.drifted, n.state} {
		if name := known[id]; name != "" {
			return name
		}
	}
	return id
}
