package acctest

import (
	"maps"
	"slices"
	"sync"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/zclconf/go-cty/cty"
)

// More actions than the driver has.
const (
	actionForget PlanAction = "forget"
	actionRead   PlanAction = "read"
)

// planRequest has the options of a plan.
type planRequest struct {
	destroy, refreshOnly, skipRefresh bool
	// imports are the ids that terraform import has for addresses.
	imports map[string]string
	// replace is the address of an instance that -replace names.
	replace string
}

// terraformPlan is a plan of a whole configuration.
type terraformPlan struct {
	config    *configuration
	variables map[string]cty.Value
	destroy   bool
	// before is the state before it was refreshed, prior the one afterwards.
	before, prior *terraformState
	changes       []*change
	outputs       map[string]*outputChange
	checks        []checkResult
}

// change is a planned change of one object.
type change struct {
	*Plan
	action     PlanAction
	instance   *instanceState
	block      *block
	importedID string
	deposed    *stateObject
	marks      []cty.PathValueMarks
	// dependencies are the blocks in state that the block depends on.
	dependencies  []string
	createFirst   bool
	before, after cty.Value
}

type outputChange struct {
	action        PlanAction
	before, after cty.Value
	sensitive     bool
}

// planner is a walk that plans.
type planner struct {
	*walk
	request planRequest

	mu   sync.Mutex
	plan *terraformPlan
}

// validate validates the configuration.
func (c *command) validate() diagnostics {
	w := c.newWalk()
	w.validating = true
	return walkGraph(w.vertices(map[string]*vertex{}, func(b *block) diagnostics {
		return w.inSlot(func() diagnostics { return w.validateBlock(b) })
	}))
}

// vertices are those of the providers, of the served blocks and of the outputs.
// The providers may have some already that are needed for objects that are only
// in the state.
func (w *walk) vertices(providers map[string]*vertex, run func(b *block) diagnostics) (all []*vertex) {
	objects := map[string]*vertex{}
	for _, address := range slices.Sorted(maps.Keys(w.config.objects)) {
		b := w.config.objects[address]
		objects[address] = newVertex(address, func() diagnostics { return run(b) })
		objects[address].needs[w.provider(providers, b.provider)] = true
	}
	require := func(v *vertex, addresses map[string]bool) {
		for address := range addresses {
			v.needs[objects[address]] = true
		}
	}
	for key, v := range providers {
		if b := w.config.providers[key]; b != nil {
			require(v, w.needs(b))
		}
		all = append(all, v)
	}
	for address, v := range objects {
		require(v, w.needs(w.config.objects[address]))
		for _, imported := range w.config.imports {
			if target(imported.to()) == address {
				require(v, w.importNeeds(imported))
			}
		}
		all = append(all, v)
	}
	for name, b := range w.config.outputs {
		if !w.validating {
			break
		}
		v := newVertex("output."+name, func() diagnostics {
			_, diags := w.output(b)
			return diags
		})
		require(v, w.needs(b))
		all = append(all, v)
	}
	return all
}

// provider is the vertex that configures a provider, one for each key.
func (w *walk) provider(known map[string]*vertex, key string) *vertex {
	if known[key] == nil {
		known[key] = newVertex("provider."+key, func() diagnostics { return w.configure(key) })
	}
	return known[key]
}

// configure validates and configures the provider of a block.
func (w *walk) configure(key string) diagnostics {
	b, p := w.config.providers[key], w.plugin(key)
	config := p.schemas.provider.configuration(w.t, nil)
	var diags diagnostics
	if b != nil {
		if config, _, diags = w.decode(b, p.schemas.provider, instanceKey{}); diags.failed() {
			return diags
		}
	}
	encoded := encode(w.t, config, p.schemas.provider.kind)
	valid, err := p.server.ValidateProviderConfig(w.ctx, &tfprotov6.ValidateProviderConfigRequest{Config: encoded})
	if err != nil {
		w.t.Fatal(err)
	}
	address := `provider["` + providerAddress(key) + `"]`
	if diags = append(diags, ofProvider(b, address, valid.Diagnostics)...); diags.failed() || w.validating {
		return diags
	}
	configured, err := p.server.ConfigureProvider(w.ctx, &tfprotov6.ConfigureProviderRequest{TerraformVersion: terraformVersion, Config: encoded})
	if err != nil {
		w.t.Fatal(err)
	}
	return append(diags, ofProvider(b, address, configured.Diagnostics)...)
}

// validateBlock validates a block once for all its instances.
func (w *walk) validateBlock(b *block) diagnostics {
	schema, diags := w.blockSchemaOf(b)
	if diags.failed() {
		return diags
	}
	keys, diags := w.expand(b)
	if diags.failed() || len(keys) == 0 {
		return diags
	}
	config, marks, more := w.decode(b, schema, keys[0])
	if diags = append(diags, more...); diags.failed() {
		return diags
	}
	if diags = append(diags, checkEphemeral(b, schema, b.address, marks)...); diags.failed() {
		return diags
	}
	p := w.plugin(b.provider)
	var found []*tfprotov6.Diagnostic
	switch b.mode {
	case managedMode:
		found = p.validate(w.t, b.kind, config)
	case dataMode:
		found = p.validateData(w.t, b.kind, encode(w.t, config, schema.kind))
	case ephemeralMode:
		found = p.validateEphemeral(w.t, b.kind, encode(w.t, config, schema.kind))
	}
	return append(diags, ofProvider(b, b.address, found)...)
}

// checkEphemeral reports values that would be kept although they may not.
func checkEphemeral(b *block, schema *blockSchema, address string, marks []cty.PathValueMarks) (diags diagnostics) {
	if b.mode == ephemeralMode {
		return nil
	}
	for _, mark := range marks {
		if _, found := mark.Marks[ephemeralMark]; found && !schema.writeOnly(mark.Path) {
			diags = append(diags, failure(b, address, "Invalid use of ephemeral value", "Ephemeral values are not valid for %q, because it is not a write-only attribute and must be persisted to state.", pathString(mark.Path)[1:])...)
		}
	}
	return diags
}

// createPlan plans the configuration against a state.
func (c *command) createPlan(state *terraformState, request planRequest) (*terraformPlan, diagnostics) {
	if request.destroy {
		return c.planDestroyAll(state, request)
	}
	p := &planner{walk: c.newWalk(), request: request, plan: &terraformPlan{
		config: c.config, variables: c.variables, before: state, prior: state.clone(), outputs: map[string]*outputChange{},
	}}
	var orphans []*vertex
	providers := map[string]*vertex{}
	for _, address := range slices.Sorted(maps.Keys(state.instances)) {
		instance := state.instances[address]
		switch {
		case c.config.objects[instance.blockAddress] == nil && instance.mode == managedMode && request.imports == nil:
			v := newVertex(address+" (orphan)", func() diagnostics {
				return p.inSlot(func() diagnostics { return p.planOrphan(instance) })
			})
			v.needs[p.provider(providers, instance.provider)] = true
			orphans = append(orphans, v)
		case c.config.objects[instance.blockAddress] == nil && instance.mode != managedMode:
			delete(p.plan.prior.instances, address)
		}
	}
	diags := walkGraph(append(p.vertices(providers, p.planBlock), orphans...))
	if !diags.failed() {
		diags = append(diags, p.planOutputs()...)
		diags = append(diags, p.planChecks()...)
	}
	diags = append(diags, p.closeEphemeral()...)
	return p.plan, diags
}

// importNeeds are the addresses of the served blocks that an import refers to.
func (c *command) importNeeds(imported *block) map[string]bool {
	found := map[string]bool{}
	for _, name := range []string{"id", "for_each"} {
		if expr := imported.argument(name); expr != nil {
			c.references(expr.Variables(), found)
		}
	}
	maps.DeleteFunc(found, func(address string, _ bool) bool { return c.config.objects[address] == nil })
	return found
}

// to is the address of an import block.
func (b *block) to() hcl.Traversal {
	expr := b.argument("to")
	if expr == nil {
		return hcl.Traversal{hcl.TraverseRoot{Name: "import"}}
	}
	variables := expr.Variables()
	for _, traversal := range variables {
		if target(traversal) != "" {
			return traversal
		}
	}
	return hcl.Traversal{hcl.TraverseRoot{Name: "import"}}
}

// planDestroyAll plans the removal of all objects. The objects are refreshed by
// a plan of the configuration first, whose warnings are not shown.
func (c *command) planDestroyAll(state *terraformState, request planRequest) (*terraformPlan, diagnostics) {
	refreshed := state
	if !request.skipRefresh {
		plan, more := c.createPlan(state, planRequest{})
		if more.failed() {
			return plan, more
		}
		refreshed = plan.prior
	}
	p := &planner{walk: c.newWalk(), request: request, plan: &terraformPlan{
		config: c.config, variables: c.variables, destroy: true, before: state, prior: refreshed.clone(), outputs: map[string]*outputChange{},
	}}
	p.seed(refreshed)
	vertices, providers := map[string]*vertex{}, map[string]*vertex{}
	var all []*vertex
	for _, address := range slices.Sorted(maps.Keys(refreshed.instances)) {
		instance := refreshed.instances[address]
		if instance.mode != managedMode {
			delete(p.plan.prior.instances, address)
			continue
		}
		v := newVertex(address, func() diagnostics {
			return p.inSlot(func() diagnostics { return p.planRemoval(instance) })
		})
		v.needs[p.provider(providers, instance.provider)] = true
		vertices[address], all = v, append(all, v)
	}
	all = slices.AppendSeq(all, maps.Values(providers))
	for address, v := range vertices {
		instance := refreshed.instances[address]
		if instance.current == nil {
			continue
		}
		for _, dependency := range instance.current.dependencies {
			for _, other := range refreshed.of(dependency) {
				if vertices[other.address] != nil {
					vertices[other.address].needs[v] = true
				}
			}
		}
	}
	diags := walkGraph(all)
	for name, output := range state.outputs {
		p.plan.outputs[name] = &outputChange{action: ActionDelete, before: output.value, after: cty.NullVal(cty.DynamicPseudoType), sensitive: output.sensitive}
	}
	return p.plan, diags
}

// seed makes the objects in a state visible to expressions.
func (w *walk) seed(state *terraformState) {
	for address, b := range w.config.objects {
		w.setInstances(b, state.of(address))
	}
}

// setInstances makes the objects of a block visible to expressions.
func (w *walk) setInstances(b *block, instances []*instanceState) {
	var keys []instanceKey
	var values []cty.Value
	for _, instance := range instances {
		if instance.current != nil {
			keys, values = append(keys, instance.key), append(values, instance.current.marked())
		}
	}
	w.set(b.address, combine(b, keys, values))
}

func (p *planner) record(c *change) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.plan.changes = append(p.plan.changes, c)
}

func (p *planner) putState(instance *instanceState) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.plan.prior.put(instance)
}
