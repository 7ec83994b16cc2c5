package acctest

import (
	"maps"
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"
)

// terraformState is a state.
type terraformState struct {
	instances map[string]*instanceState
	outputs   map[string]outputState
}

// instanceState is an instance of a block with its objects.
type instanceState struct {
	address, blockAddress, mode, kind, name, provider string

	key     instanceKey
	current *stateObject
	deposed []*stateObject
}

// stateObject is an object with the properties of its block that Terraform
// stores.
type stateObject struct {
	*Object
	marks        []cty.PathValueMarks
	dependencies []string
	createFirst  bool
	// foreign is the state of another provider or version, as JSON.
	foreign        []byte
	foreignVersion int64
}

type outputState struct {
	value     cty.Value
	sensitive bool
}

func newState() *terraformState {
	return &terraformState{instances: map[string]*instanceState{}, outputs: map[string]outputState{}}
}

func (s *terraformState) clone() *terraformState {
	copied := &terraformState{instances: map[string]*instanceState{}, outputs: maps.Clone(s.outputs)}
	for address, instance := range s.instances {
		one := *instance
		one.deposed = slices.Clone(instance.deposed)
		copied.instances[address] = &one
	}
	return copied
}

// instance is an instance of a block, which is empty unless it is in the state.
func (s *terraformState) instance(b *block, key instanceKey) *instanceState {
	address := b.address + key.suffix()
	if found := s.instances[address]; found != nil {
		found.provider = b.provider
		return found
	}
	return &instanceState{address: address, blockAddress: b.address, mode: b.mode, kind: b.kind, name: b.name, provider: b.provider, key: key}
}

// put keeps an instance that has objects, and removes another.
func (s *terraformState) put(instance *instanceState) {
	if instance.current == nil && len(instance.deposed) == 0 {
		delete(s.instances, instance.address)
		return
	}
	s.instances[instance.address] = instance
}

// of are the instances of a block, in the order of their keys.
func (s *terraformState) of(blockAddress string) (all []*instanceState) {
	for _, address := range slices.Sorted(maps.Keys(s.instances)) {
		if s.instances[address].blockAddress == blockAddress {
			all = append(all, s.instances[address])
		}
	}
	slices.SortStableFunc(all, func(a, b *instanceState) int {
		if a.key.isSet() && b.key.isSet() && a.key.key.Type() == cty.Number && b.key.key.Type() == cty.Number {
			return a.key.key.AsBigFloat().Cmp(b.key.key.AsBigFloat())
		}
		return strings.Compare(a.address, b.address)
	})
	return all
}

// load passes an object to the provider, as it would be read from a state file.
func (c *command) load(p *providerProcess, instance *instanceState, object *stateObject) (*stateObject, diagnostics) {
	if object == nil || instance.mode != managedMode {
		return object, nil
	}
	encoded, version := object.foreign, object.foreignVersion
	if encoded == nil {
		var err error
		if encoded, err = ctyjson.Marshal(object.state, object.schema.kind); err != nil {
			c.t.Fatal(err)
		}
		version = object.schema.version
	}
	read, diags := p.FromForeignState(c.t, instance.kind, version, encoded)
	if failed(diags) {
		return object, ofProvider(c.config.objects[instance.blockAddress], instance.address, diags)
	}
	read.private, read.Tainted = object.private, object.Tainted
	loaded := *object
	loaded.Object, loaded.foreign = read, nil
	return &loaded, nil
}

// marked is the value of an object as other blocks see it.
func (o *stateObject) marked() cty.Value {
	return withMarks(o.schema, o.state, o.marks)
}

func withMarks(schema *blockSchema, value cty.Value, marks []cty.PathValueMarks) cty.Value {
	return value.MarkWithPaths(slices.Concat(onlySensitive(marks), schema.sensitivePaths(value)))
}

func onlySensitive(marks []cty.PathValueMarks) (kept []cty.PathValueMarks) {
	for _, mark := range marks {
		if _, ok := mark.Marks[sensitiveMark]; ok {
			kept = append(kept, cty.PathValueMarks{Path: mark.Path, Marks: cty.NewValueMarks(sensitiveMark)})
		}
	}
	return kept
}
