package acctest

import (
	"context"
	"maps"
	"strings"
	"sync"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-log/tfsdklog"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

// factories make servers of providers, by the names of the providers.
type factories map[string]func() (tfprotov6.ProviderServer, error)

// parallelism is how many objects Terraform handles at a time.
const parallelism = 10

// command is one command of Terraform, with servers of providers of its own.
type command struct {
	t         testing.TB
	ctx       context.Context
	config    *configuration
	factories factories
	variables map[string]cty.Value
	slots     chan struct{}

	mu        sync.Mutex
	plugins   map[string]*providerProcess
	functions map[string]function.Function
}

// providerProcess is a server of a provider for one provider block.
type providerProcess struct {
	*Driver
	name    string
	schemas *serverSchemas
}

// schemasOf remembers the schemas of the providers of this process, which are
// the same for all servers.
var schemasOf sync.Map

// loggedContext logs as the servers of the test framework do.
func loggedContext(t testing.TB) context.Context {
	logFolder()
	ctx := tfsdklog.ContextWithTestLogging(context.Background(), t.Name())
	ctx = tfsdklog.NewRootSDKLogger(ctx)
	return tfsdklog.NewRootProviderLogger(ctx)
}

func newCommand(t testing.TB, ctx context.Context, config *configuration, variables map[string]cty.Value, all factories) *command {
	return &command{
		t: t, ctx: ctx, config: config, factories: all, slots: make(chan struct{}, parallelism),
		plugins: map[string]*providerProcess{}, variables: variables,
	}
}

// plugin starts a server, once for each provider block.
func (c *command) plugin(key string) *providerProcess {
	c.mu.Lock()
	defer c.mu.Unlock()
	if started := c.plugins[key]; started != nil {
		return started
	}
	name, _, _ := strings.Cut(key, ".")
	factory := c.factories[name]
	if name == builtInProvider {
		factory = newBuiltInServer
	}
	if factory == nil {
		c.t.Fatalf("the configuration needs the provider %s, which the test does not have", name)
	}
	server, err := factory()
	if err != nil {
		c.t.Fatal(err)
	}
	known, ok := schemasOf.Load(name)
	if !ok {
		if known, err = newServerSchemas(server); err != nil {
			c.t.Fatal(err)
		}
		schemasOf.Store(name, known)
	}
	schemas := known.(*serverSchemas)
	started := &providerProcess{name: name, schemas: schemas, Driver: &Driver{
		Context: c.ctx, server: server, schemas: schemas.resources, lists: schemas.lists, data: schemas.data, removed: map[string][]byte{},
		onBug: func(testing.TB, string, string) {},
	}}
	c.plugins[key] = started
	return started
}

// blockSchemaOf is the schema of a block that a provider serves.
func (c *command) blockSchemaOf(b *block) (*blockSchema, diagnostics) {
	schemas := c.plugin(b.provider).schemas
	all, what := schemas.resources, "resource type"
	switch b.mode {
	case dataMode:
		all, what = schemas.data, "data source"
	case ephemeralMode:
		all, what = schemas.ephemeral, "ephemeral resource"
	}
	schema := all[b.kind]
	if schema == nil {
		return nil, failure(b, b.address, "Invalid "+what, "The provider %s does not support %s %q.", providerAddress(b.provider), what, b.kind)
	}
	return schema, nil
}

// called are all functions that expressions can call.
func (c *command) called() map[string]function.Function {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.functions != nil {
		return c.functions
	}
	all := maps.Clone(builtInFunctions)
	for name := range c.factories {
		if !strings.Contains(string(c.config.source), "provider::"+name+"::") {
			continue
		}
		c.mu.Unlock()
		p := c.plugin(name)
		c.mu.Lock()
		added, err := providerFunctions(c.ctx, name, p.server, p.schemas.functions)
		if err != nil {
			c.t.Fatal(err)
		}
		maps.Copy(all, added)
	}
	c.functions = all
	return all
}

// inSlot runs an operation that counts for parallelism.
func (c *command) inSlot(run func() diagnostics) diagnostics {
	c.slots <- struct{}{}
	defer func() { <-c.slots }()
	return run()
}

// providerAddress is the source address of a provider of the test framework.
func providerAddress(key string) string {
	name, _, _ := strings.Cut(key, ".")
	if name == builtInProvider {
		return "terraform.io/builtin/terraform"
	}
	return "registry.terraform.io/hashicorp/" + name
}

// references are the addresses of blocks that served blocks, the provider of
// one or an output depends on, through local values, but not through others.
func (c *command) references(traversals []hcl.Traversal, found map[string]bool) {
	for _, traversal := range traversals {
		address := target(traversal)
		name, isLocal := strings.CutPrefix(address, "local.")
		switch {
		case isLocal:
			if expr := c.config.locals[name]; expr != nil && !found[address] {
				found[address] = true
				c.references(expr.Variables(), found)
			}
		case c.config.objects[address] != nil:
			found[address] = true
		}
	}
}

// needs are the addresses of the served blocks that a block depends on.
func (c *command) needs(b *block) map[string]bool {
	found := map[string]bool{}
	c.references(b.dependsOn, found)
	c.references(append(b.traversals(), b.extraTraversals()...), found)
	for address := range found {
		if c.config.objects[address] == nil {
			delete(found, address)
		}
	}
	delete(found, b.address)
	return found
}

// traversals are all references in the body of a block.
func (b *block) traversals() (all []hcl.Traversal) {
	for name, a := range b.body.Attributes {
		if name != "depends_on" && name != "provider" {
			all = append(all, a.Expr.Variables()...)
		}
	}
	for _, inner := range b.body.Blocks {
		if inner.Type != "lifecycle" && inner.Type != "data" {
			all = append(all, (&block{body: inner.Body}).traversals()...)
		}
	}
	return all
}

func (b *block) extraTraversals() (all []hcl.Traversal) {
	for _, expr := range b.replaceTriggeredBy {
		all = append(all, expr.Variables()...)
	}
	return all
}

// allNeeds are the resources that a block depends on, directly or not, also
// through the settings of its provider.
func (c *command) allNeeds(b *block) map[string]bool {
	all := map[string]bool{}
	var visit func(b *block)
	visit = func(b *block) {
		for address := range c.needs(b) {
			if !all[address] {
				all[address] = true
				visit(c.config.objects[address])
			}
		}
		if settings := c.config.providers[b.provider]; settings != nil {
			visit(settings)
		}
	}
	visit(b)
	return all
}
