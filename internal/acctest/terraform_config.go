package acctest

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// configFile is the name under which the test framework writes a configuration,
// and under which diagnostics show it.
const configFile = "terraform_plugin_test.tf"

// The modes of blocks that a provider serves.
const (
	managedMode   = "managed"
	dataMode      = "data"
	ephemeralMode = "ephemeral"
)

// configuration is a parsed configuration of one module.
type configuration struct {
	source    []byte
	providers map[string]*block
	// objects are the resource, data and ephemeral blocks by their address.
	objects   map[string]*block
	outputs   map[string]*block
	variables map[string]*block
	locals    map[string]hcl.Expression
	removed   map[string]*block
	imports   []*block
	checks    map[string]*block
}

// block is a block of a configuration. Only blocks that a provider serves have
// the arguments of Terraform itself.
type block struct {
	// address is how the block is referred to, and described how diagnostics
	// call it.
	address, described string
	mode, kind, name   string
	body               *hclsyntax.Body
	// rest is the body without the arguments of Terraform.
	rest  hcl.Body
	where hcl.Range

	provider            string
	count, forEach      hcl.Expression
	dependsOn           []hcl.Traversal
	ignored             []hcl.Traversal
	ignoreAll           bool
	createBeforeDestroy bool
	preventDestroy      bool
	replaceTriggeredBy  []hcl.Expression
	asserted            []*hclsyntax.Block
}

// argument is the expression of an argument, or nil.
func (b *block) argument(name string) hcl.Expression {
	if a, ok := b.body.Attributes[name]; ok {
		return a.Expr
	}
	return nil
}

// unsupported stops a test that uses something that the core does not have.
func unsupported(t testing.TB, what string, where hcl.Range) {
	t.Helper()
	t.Fatalf("the in-process Terraform supports no %s (line %d); use acctest.Terraform, or add it", what, where.Start.Line)
}

// parse reads a configuration. Invalid HCL is an error of Terraform, and a
// feature that the core does not support fails the test.
func parse(t testing.TB, source string) (*configuration, hcl.Diagnostics) {
	t.Helper()
	file, diags := hclsyntax.ParseConfig([]byte(source), configFile, hcl.InitialPos)
	if diags.HasErrors() {
		return nil, diags
	}
	c := &configuration{
		source: []byte(source), providers: map[string]*block{}, objects: map[string]*block{}, outputs: map[string]*block{},
		variables: map[string]*block{}, locals: map[string]hcl.Expression{}, removed: map[string]*block{}, checks: map[string]*block{},
	}
	body, _ := file.Body.(*hclsyntax.Body)
	for _, found := range slices.Sorted(maps.Keys(body.Attributes)) {
		unsupported(t, "argument "+found+" outside blocks", body.Attributes[found].Range())
	}
	for _, found := range body.Blocks {
		diags = append(diags, c.add(t, found)...)
	}
	return c, diags
}

func newBlock(found *hclsyntax.Block, address string) *block {
	described := found.Type
	for _, label := range found.Labels {
		described += fmt.Sprintf(" %q", label)
	}
	return &block{address: address, described: described, body: found.Body, rest: found.Body, where: found.DefRange()}
}

func (c *configuration) add(t testing.TB, found *hclsyntax.Block) hcl.Diagnostics {
	t.Helper()
	label := func(i int) string {
		if i >= len(found.Labels) {
			unsupported(t, "block "+found.Type+" with so few labels", found.DefRange())
		}
		return found.Labels[i]
	}
	single := func(all map[string]*block, key, address string) {
		if all[key] != nil {
			unsupported(t, "second block "+address, found.DefRange())
		}
		all[key] = newBlock(found, address)
	}
	switch found.Type {
	case "resource", "data", "ephemeral":
		b, diags := newObject(t, found, label(0), label(1))
		if c.objects[b.address] != nil {
			unsupported(t, "second block "+b.address, found.DefRange())
		}
		c.objects[b.address] = b
		return diags
	case "provider":
		key := label(0)
		if alias := found.Body.Attributes["alias"]; alias != nil {
			name, diags := alias.Expr.Value(nil)
			if diags.HasErrors() {
				return diags
			}
			key += "." + name.AsString()
		}
		single(c.providers, key, "provider."+key)
		c.providers[key].kind = label(0)
		c.providers[key].rest = without(t, found.Body, []string{"alias"}, nil)
	case "output":
		single(c.outputs, label(0), "output."+label(0))
		known(t, found.Body, "value", "sensitive", "description", "depends_on")
	case "variable":
		single(c.variables, label(0), "var."+label(0))
		known(t, found.Body, "type", "default", "sensitive", "ephemeral", "nullable", "description")
	case "locals":
		for name, a := range found.Body.Attributes {
			c.locals[name] = a.Expr
		}
	case "import":
		c.imports = append(c.imports, newBlock(found, "import"))
		known(t, found.Body, "to", "id", "for_each")
	case "removed":
		b := newBlock(found, "removed")
		from := found.Body.Attributes["from"]
		for _, inner := range found.Body.Blocks {
			if inner.Type != "lifecycle" {
				unsupported(t, "block "+inner.Type+" in removed", inner.DefRange())
			}
			b.body = inner.Body
		}
		c.removed[string(from.Expr.Range().SliceBytes(c.source))] = b
	case "check":
		c.addCheck(t, found, label(0))
	case "terraform":
		for _, inner := range found.Body.Blocks {
			if inner.Type != "required_providers" {
				unsupported(t, "block "+inner.Type+" in terraform", inner.DefRange())
			}
		}
	default:
		unsupported(t, "block "+found.Type, found.DefRange())
	}
	return nil
}

// known fails the test when a block has other arguments, or blocks.
func known(t testing.TB, body *hclsyntax.Body, arguments ...string) {
	t.Helper()
	for name, a := range body.Attributes {
		if !slices.Contains(arguments, name) {
			unsupported(t, "argument "+name, a.NameRange)
		}
	}
	for _, inner := range body.Blocks {
		unsupported(t, "block "+inner.Type, inner.DefRange())
	}
}

func (c *configuration) addCheck(t testing.TB, found *hclsyntax.Block, name string) {
	t.Helper()
	b := newBlock(found, "check."+name)
	b.name = name
	for _, inner := range found.Body.Blocks {
		if inner.Type != "assert" {
			unsupported(t, "block "+inner.Type+" in check", inner.DefRange())
		}
		known(t, inner.Body, "condition", "error_message")
		b.asserted = append(b.asserted, inner)
	}
	c.checks[name] = b
}

// without is a body that has no longer these arguments and blocks.
func without(t testing.TB, body *hclsyntax.Body, arguments []string, blocks []string) hcl.Body {
	t.Helper()
	schema := &hcl.BodySchema{}
	for _, name := range arguments {
		schema.Attributes = append(schema.Attributes, hcl.AttributeSchema{Name: name})
	}
	for _, name := range blocks {
		schema.Blocks = append(schema.Blocks, hcl.BlockHeaderSchema{Type: name})
	}
	_, rest, diags := body.PartialContent(schema)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	return rest
}

func newObject(t testing.TB, found *hclsyntax.Block, kind, name string) (*block, hcl.Diagnostics) {
	t.Helper()
	b := newBlock(found, kind+"."+name)
	b.mode, b.kind, b.name = managedMode, kind, name
	if found.Type != "resource" {
		b.mode, b.address = found.Type, found.Type+"."+kind+"."+name
	}
	b.rest = without(t, found.Body, []string{"count", "for_each", "depends_on", "provider"}, []string{"lifecycle", "connection", "provisioner"})
	b.count, b.forEach = b.argument("count"), b.argument("for_each")
	b.provider, _, _ = strings.Cut(kind, "_")
	var diags hcl.Diagnostics
	if chosen := b.argument("provider"); chosen != nil {
		traversal, more := hcl.AbsTraversalForExpr(chosen)
		diags = append(diags, more...)
		b.provider = strings.Join(names(traversal), ".")
	}
	if before := b.argument("depends_on"); before != nil {
		all, more := hcl.ExprList(before)
		diags = append(diags, more...)
		for _, expr := range all {
			traversal, more := hcl.AbsTraversalForExpr(expr)
			b.dependsOn, diags = append(b.dependsOn, traversal), append(diags, more...)
		}
	}
	for _, inner := range found.Body.Blocks {
		switch inner.Type {
		case "lifecycle":
			diags = append(diags, b.readLifecycle(t, inner)...)
		case "connection", "provisioner", "dynamic":
			unsupported(t, "block "+inner.Type, inner.DefRange())
		}
	}
	return b, diags
}

func (b *block) readLifecycle(t testing.TB, found *hclsyntax.Block) (diags hcl.Diagnostics) {
	t.Helper()
	known(t, found.Body, "create_before_destroy", "prevent_destroy", "ignore_changes", "replace_triggered_by")
	flag := func(name string, set *bool) {
		if a, ok := found.Body.Attributes[name]; ok {
			value, more := a.Expr.Value(nil)
			if diags = append(diags, more...); !more.HasErrors() {
				*set = value.True()
			}
		}
	}
	flag("create_before_destroy", &b.createBeforeDestroy)
	flag("prevent_destroy", &b.preventDestroy)
	if a, ok := found.Body.Attributes["ignore_changes"]; ok {
		if hcl.ExprAsKeyword(a.Expr) == "all" {
			b.ignoreAll = true
			return diags
		}
		all, more := hcl.ExprList(a.Expr)
		diags = append(diags, more...)
		for _, expr := range all {
			traversal, more := hcl.RelTraversalForExpr(expr)
			b.ignored, diags = append(b.ignored, traversal), append(diags, more...)
		}
	}
	if a, ok := found.Body.Attributes["replace_triggered_by"]; ok {
		all, more := hcl.ExprList(a.Expr)
		b.replaceTriggeredBy, diags = all, append(diags, more...)
	}
	return diags
}

// names are the names of a traversal up to its first index.
func names(traversal hcl.Traversal) (all []string) {
	for _, step := range traversal {
		switch step := step.(type) {
		case hcl.TraverseRoot:
			all = append(all, step.Name)
		case hcl.TraverseAttr:
			all = append(all, step.Name)
		default:
			return all
		}
	}
	return all
}

// target is the address that a traversal refers to: of a block, of a variable
// or of a local value. It is empty for names that Terraform itself defines.
func target(traversal hcl.Traversal) string {
	parts := names(traversal)
	length := 2
	switch parts[0] {
	case "each", "count", "self", "path", "terraform":
		return ""
	case dataMode, ephemeralMode:
		length = 3
	}
	return strings.Join(parts[:min(length, len(parts))], ".")
}
