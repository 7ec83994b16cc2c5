package acctest

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hcldec"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
)

// The marks of values, as Terraform has them.
type valueMark string

const (
	sensitiveMark valueMark = "sensitive"
	ephemeralMark valueMark = "ephemeral"
)

// spec says how the blocks of a schema are decoded.
func (s *blockSchema) spec() hcldec.ObjectSpec { return specOf(s.attributes) }

func specOf(attributes map[string]*attributeSchema) hcldec.ObjectSpec {
	spec := hcldec.ObjectSpec{}
	for name, a := range attributes {
		if a.block {
			spec[name] = &hcldec.BlockSpec{TypeName: name, Nested: specOf(a.nested)}
			continue
		}
		spec[name] = &hcldec.AttrSpec{Name: name, Type: a.inputType(), Required: a.Required}
	}
	return spec
}

// inputType is the type of the attribute, with optional those parts of nested
// objects that a configuration can leave out.
func (a *attributeSchema) inputType() cty.Type {
	if a.nested == nil {
		return a.kind
	}
	types, optional := map[string]cty.Type{}, []string{}
	for name, inner := range a.nested {
		types[name] = inner.inputType()
		if !inner.Required {
			optional = append(optional, name)
		}
	}
	kind := cty.ObjectWithOptionalAttrs(types, optional)
	switch a.NestedType.Nesting {
	case tfprotov6.SchemaObjectNestingModeList:
		return cty.List(kind)
	case tfprotov6.SchemaObjectNestingModeSet:
		return cty.Set(kind)
	case tfprotov6.SchemaObjectNestingModeMap:
		return cty.Map(kind)
	default:
		return kind
	}
}

// decodeBody makes a value of a block, and returns its marks separately.
func (s *blockSchema) decodeBody(body hcl.Body, scope *hcl.EvalContext) (cty.Value, []cty.PathValueMarks, hcl.Diagnostics) {
	value, diags := hcldec.Decode(body, s.spec(), scope)
	if diags.HasErrors() {
		return cty.UnknownVal(s.kind), nil, diags
	}
	plain, marks := value.UnmarkDeepWithPaths()
	converted, err := convert.Convert(plain, s.kind)
	if err != nil {
		return cty.UnknownVal(s.kind), nil, append(diags, &hcl.Diagnostic{Severity: hcl.DiagError, Summary: "Invalid value", Detail: err.Error()})
	}
	return converted, marks, diags
}

// sensitivePaths are the paths of a value that its schema calls sensitive.
func (s *blockSchema) sensitivePaths(value cty.Value) []cty.PathValueMarks {
	return sensitiveIn(s.attributes, value, nil)
}

func sensitiveIn(attributes map[string]*attributeSchema, value cty.Value, at cty.Path) (marks []cty.PathValueMarks) {
	if value.IsNull() || !value.IsKnown() {
		return nil
	}
	for name, a := range attributes {
		path := at.Copy().GetAttr(name)
		inner := value.GetAttr(name)
		switch {
		case a.Sensitive:
			marks = append(marks, cty.PathValueMarks{Path: path, Marks: cty.NewValueMarks(sensitiveMark)})
		case a.nested == nil || inner.IsNull() || !inner.IsKnown():
		case a.NestedType.Nesting == tfprotov6.SchemaObjectNestingModeSingle:
			marks = append(marks, sensitiveIn(a.nested, inner, path)...)
		case hasSensitive(a.nested):
			for key, item := range inner.Elements() {
				marks = append(marks, sensitiveIn(a.nested, item, path.Copy().Index(key))...)
			}
		}
	}
	return marks
}

func hasSensitive(attributes map[string]*attributeSchema) bool {
	for _, a := range attributes {
		if a.Sensitive || a.nested != nil && hasSensitive(a.nested) {
			return true
		}
	}
	return false
}

// writeOnly reports whether a path begins with a write-only attribute.
func (s *blockSchema) writeOnly(path cty.Path) bool {
	attributes := s.attributes
	for _, step := range path {
		name, ok := step.(cty.GetAttrStep)
		if !ok {
			continue
		}
		a := attributes[name.Name]
		if a == nil {
			return false
		}
		if a.WriteOnly {
			return true
		}
		attributes = a.nested
	}
	return false
}

// plannedData is the result of a data source as far as it is known before the
// read.
func (s *blockSchema) plannedData(config cty.Value) cty.Value {
	values := config.AsValueMap()
	for name, a := range s.attributes {
		if a.Computed && values[name].IsNull() {
			values[name] = cty.UnknownVal(a.kind)
		}
	}
	return cty.ObjectVal(values)
}
