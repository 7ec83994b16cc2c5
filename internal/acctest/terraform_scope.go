package acctest

import (
	"sync"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/typeexpr"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
)

// instanceKey identifies an instance of a block: cty.NilVal, a number
// with count, a string with for_each.
type instanceKey struct{ key, value cty.Value }

func (k instanceKey) isSet() bool { return k.key != cty.NilVal }

// suffix is how the key ends an address.
func (k instanceKey) suffix() string {
	switch {
	case !k.isSet() || !k.key.IsKnown():
		return ""
	case k.key.Type() == cty.Number:
		return "[" + k.key.AsBigFloat().Text('f', 0) + "]"
	default:
		return `["` + k.key.AsString() + `"]`
	}
}

// walk is one pass over the configuration.
type walk struct {
	*command
	// validating is set when nothing is known yet but the configuration.
	validating bool

	valuesMu sync.Mutex
	// values are the values of served blocks in expressions.
	values map[string]cty.Value
	// opened are the ephemeral resources that are closed when the walk ends.
	opened []openedEphemeral
}

func (c *command) newWalk() *walk { return &walk{command: c, values: map[string]cty.Value{}} }

func (w *walk) set(address string, value cty.Value) {
	w.valuesMu.Lock()
	defer w.valuesMu.Unlock()
	w.values[address] = value
}

func (w *walk) value(address string) (cty.Value, bool) {
	w.valuesMu.Lock()
	defer w.valuesMu.Unlock()
	value, ok := w.values[address]
	return value, ok
}

// scope is the evaluation context of expressions with these references.
func (w *walk) scope(traversals []hcl.Traversal, key instanceKey) (*hcl.EvalContext, hcl.Diagnostics) {
	tree, diags := map[string]any{}, hcl.Diagnostics(nil)
	put := func(value cty.Value, path ...string) {
		at := tree
		for _, name := range path[:len(path)-1] {
			if at[name] == nil {
				at[name] = map[string]any{}
			}
			at = at[name].(map[string]any)
		}
		at[path[len(path)-1]] = value
	}
	for _, traversal := range traversals {
		parts := names(traversal)
		if len(parts) < 2 && target(traversal) != "" {
			diags = append(diags, undeclared(traversal, "Invalid reference", "A reference to a resource type must be followed by at least one attribute access, specifying the resource name."))
			continue
		}
		switch parts[0] {
		case "each":
			if key.isSet() && key.key.Type() == cty.String {
				put(key.key, "each", "key")
				put(key.value, "each", "value")
			}
		case "count":
			if key.isSet() && key.key.Type() == cty.Number {
				put(key.key, "count", "index")
			}
		case "path":
			put(cty.StringVal("."), "path", "module")
			put(cty.StringVal("."), "path", "root")
		case "terraform":
			put(cty.StringVal("default"), "terraform", "workspace")
		case "var":
			value, more := w.variable(parts[1], traversal)
			diags = append(diags, more...)
			put(value, "var", parts[1])
		case "local":
			expr := w.config.locals[parts[1]]
			if expr == nil {
				diags = append(diags, undeclared(traversal, "Reference to undeclared local value", `A local value with the name "`+parts[1]+`" has not been declared.`))
				continue
			}
			value, more := w.evaluate(expr, instanceKey{})
			diags = append(diags, more...)
			put(value, "local", parts[1])
		default:
			address := target(traversal)
			value, ok := w.value(address)
			switch {
			case w.config.objects[address] == nil:
				diags = append(diags, undeclared(traversal, "Reference to undeclared resource", "A resource "+address+" has not been declared in the root module."))
				continue
			case w.validating:
				value = cty.DynamicVal
			case !ok:
				value = cty.DynamicVal
			}
			path := parts[:2]
			if parts[0] == dataMode || parts[0] == ephemeralMode {
				path = parts[:3]
			}
			put(value, path...)
		}
	}
	scope := &hcl.EvalContext{Variables: map[string]cty.Value{}, Functions: w.called()}
	for name, part := range tree {
		scope.Variables[name] = objectOf(part)
	}
	return scope, diags
}

func objectOf(tree any) cty.Value {
	switch tree := tree.(type) {
	case cty.Value:
		return tree
	case map[string]any:
		values := map[string]cty.Value{}
		for name, part := range tree {
			values[name] = objectOf(part)
		}
		return cty.ObjectVal(values)
	}
	return cty.DynamicVal
}

func undeclared(traversal hcl.Traversal, summary, detail string) *hcl.Diagnostic {
	where := traversal.SourceRange()
	return &hcl.Diagnostic{Severity: hcl.DiagError, Summary: summary, Detail: detail, Subject: &where}
}

func (w *walk) evaluate(expr hcl.Expression, key instanceKey) (cty.Value, hcl.Diagnostics) {
	scope, diags := w.scope(expr.Variables(), key)
	if diags.HasErrors() {
		return cty.DynamicVal, diags
	}
	value, more := expr.Value(scope)
	return value, append(diags, more...)
}

// decode makes a value of a block, with the marks of the values in it.
func (w *walk) decode(b *block, schema *blockSchema, key instanceKey) (cty.Value, []cty.PathValueMarks, diagnostics) {
	address := b.address + key.suffix()
	scope, diags := w.scope(b.traversals(), key)
	if diags.HasErrors() {
		return cty.UnknownVal(schema.kind), nil, ofHCL(b, address, diags)
	}
	value, marks, more := schema.decodeBody(b.rest, scope)
	return value, marks, ofHCL(b, address, append(diags, more...))
}

// variable is the value of an input variable.
func (w *walk) variable(name string, traversal hcl.Traversal) (cty.Value, hcl.Diagnostics) {
	b := w.config.variables[name]
	if b == nil {
		return cty.DynamicVal, hcl.Diagnostics{undeclared(traversal, "Reference to undeclared input variable", `An input variable with the name "`+name+`" has not been declared.`)}
	}
	kind, diags := cty.DynamicPseudoType, hcl.Diagnostics(nil)
	if expr := b.argument("type"); expr != nil {
		var more hcl.Diagnostics
		kind, more = typeexpr.TypeConstraint(expr)
		diags = append(diags, more...)
	}
	value, given := w.variables[name]
	switch {
	case w.validating:
		value = cty.UnknownVal(kind)
	case !given && b.argument("default") != nil:
		var more hcl.Diagnostics
		value, more = b.argument("default").Value(nil)
		diags = append(diags, more...)
	case !given:
		where := b.where
		return cty.DynamicVal, hcl.Diagnostics{{Severity: hcl.DiagError, Summary: "No value for required variable", Subject: &where,
			Detail: `The root module input variable "` + name + `" is not set, and has no default value. Use a -var or -var-file command line argument to provide a value for this variable.`}}
	}
	value, err := convert.Convert(value, kind)
	if err != nil {
		return cty.DynamicVal, append(diags, undeclared(traversal, "Invalid value for input variable", err.Error()))
	}
	for _, mark := range []valueMark{sensitiveMark, ephemeralMark} {
		if w.flag(b, string(mark)) {
			value = value.Mark(mark)
		}
	}
	return value, diags
}

// flag is an argument that is true or not there.
func (w *walk) flag(b *block, name string) bool {
	expr := b.argument(name)
	if expr == nil {
		return false
	}
	value, diags := expr.Value(nil)
	return !diags.HasErrors() && value.Type() == cty.Bool && value.IsKnown() && !value.IsNull() && value.True()
}

// expand are the keys of the instances of a block.
func (w *walk) expand(b *block) ([]instanceKey, diagnostics) {
	switch {
	case b.count != nil:
		value, diags := w.evaluate(b.count, instanceKey{})
		if diags.HasErrors() {
			return nil, ofHCL(b, b.address, diags)
		}
		value, marks := value.Unmark()
		count, err := convert.Convert(value, cty.Number)
		switch {
		case w.validating:
			return []instanceKey{{cty.UnknownVal(cty.Number), cty.NilVal}}, nil
		case err != nil || count.IsNull() || len(marks) > 0:
			return nil, failure(b, b.address, "Invalid count argument", "The given \"count\" argument value is unsuitable.")
		case !count.IsKnown():
			return nil, failure(b, b.address, "Invalid count argument", "The \"count\" value depends on resource attributes that cannot be determined until apply, so Terraform cannot predict how many instances will be created. "+
				"To work around this, use the -target argument to first apply only the resources that the count depends on.")
		}
		number, _ := count.AsBigFloat().Int64()
		var keys []instanceKey
		for i := range number {
			keys = append(keys, instanceKey{cty.NumberIntVal(i), cty.NilVal})
		}
		return keys, nil
	case b.forEach != nil:
		return w.expandForEach(b, b.forEach)
	default:
		return []instanceKey{{}}, nil
	}
}

func (w *walk) expandForEach(b *block, expr hcl.Expression) (keys []instanceKey, all diagnostics) {
	value, diags := w.evaluate(expr, instanceKey{})
	if diags.HasErrors() {
		return nil, ofHCL(b, b.address, diags)
	}
	unmarked, marks := value.Unmark()
	if _, secret := marks[sensitiveMark]; secret {
		return nil, failure(b, b.address, "Invalid for_each argument", "Sensitive values, or values derived from sensitive values, cannot be used as for_each arguments. "+
			"If used, the sensitive value could be exposed as a resource instance key.")
	}
	kind := unmarked.Type()
	switch {
	case w.validating:
		return []instanceKey{{cty.UnknownVal(cty.String), cty.DynamicVal}}, nil
	case !unmarked.IsKnown() || kind.IsSetType() && !unmarked.IsWhollyKnown():
		return nil, failure(b, b.address, "Invalid for_each argument", "The \"for_each\" value depends on resource attributes that cannot be determined until apply, and so Terraform cannot determine the full set of keys that will identify the instances of this resource.")
	case unmarked.IsNull() || !kind.IsMapType() && !kind.IsObjectType() && !kind.IsSetType():
		return nil, failure(b, b.address, "Invalid for_each argument", "The given \"for_each\" argument value is unsuitable: the \"for_each\" argument must be a map, or set of strings, and you have provided a value of type %s.", kind.FriendlyName())
	case unmarked.LengthInt() == 0:
		return nil, nil
	}
	for it := unmarked.ElementIterator(); it.Next(); {
		key, item := it.Element()
		if key.Type() != cty.String {
			return nil, failure(b, b.address, "Invalid for_each set argument", "The given \"for_each\" argument value is unsuitable: \"for_each\" supports maps and sets of strings, but you have provided a set containing type %s.", key.Type().FriendlyName())
		}
		keys = append(keys, instanceKey{key, item})
	}
	return keys, nil
}

// combine makes the value of a block of those of its instances.
func combine(b *block, keys []instanceKey, values []cty.Value) cty.Value {
	switch {
	case b.count != nil:
		return cty.TupleVal(values)
	case b.forEach != nil:
		all := map[string]cty.Value{}
		for i, key := range keys {
			all[key.key.AsString()] = values[i]
		}
		return cty.ObjectVal(all)
	case len(values) == 0:
		return cty.DynamicVal
	default:
		return values[0]
	}
}
