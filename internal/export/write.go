package export

import (
	"bytes"
	"cmp"
	"math/big"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/zclconf/go-cty/cty"
)

// versions is the file with the required versions.
const versions = `terraform {
  required_version = ">= 1.5"

  required_providers {
    openai = {
      source = "allthingsai/openai"
    }
  }
}
`

// writer writes objects as configuration. It knows all of them, to refer to
// one where another holds its id.
type writer struct {
	// known are the attributes to refer to, by path and value.
	known map[reference]target
}

type target struct {
	object    *object
	attribute string
}

func newWriter(objects []*object) *writer {
	w := &writer{map[reference]target{}}
	for _, o := range objects {
		for _, r := range o.kind.referred {
			if value := text(o.state[r.attribute]); value != "" {
				w.known[reference{r.path, value}] = target{o, r.attribute}
			}
		}
	}
	return w
}

// file writes these objects, each behind its import block.
func (w *writer) file(objects []*object) []byte {
	file := hclwrite.NewEmptyFile()
	body := file.Body()
	for i, o := range objects {
		if i > 0 {
			body.AppendNewline()
		}
		block := body.AppendNewBlock("import", nil).Body()
		block.SetAttributeTraversal("to", traversal(o.kind.typeName, o.name))
		block.SetAttributeValue("id", cty.StringVal(o.importID))
		body.AppendNewline()
		if o.kind.note != "" {
			body.AppendUnstructuredTokens(hclwrite.Tokens{{Type: hclsyntax.TokenComment, Bytes: []byte("# " + o.kind.note + "\n")}})
		}
		w.resource(body.AppendNewBlock("resource", []string{o.kind.typeName, o.name}).Body(), o)
	}
	return hclwrite.Format(file.Bytes())
}

// resource writes the references of an object, then its names, then the rest by
// name.
func (w *writer) resource(body *hclwrite.Body, o *object) {
	var attributes []string
	for name, value := range o.config {
		if !value.IsNull() {
			attributes = append(attributes, name)
		}
	}
	rank := func(name string) int {
		switch {
		case w.refers(o, name, o.config[name]):
			return 0
		case slices.Contains(o.kind.label, name):
			return 1
		default:
			return 2
		}
	}
	slices.SortFunc(attributes, func(a, b string) int { return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a, b)) })
	for _, name := range attributes {
		body.SetAttributeRaw(name, w.tokens(o, name, o.config[name]))
	}
}

func (w *writer) find(o *object, path string, value tftypes.Value) (target, bool) {
	found, ok := w.known[reference{path, text(value)}]
	return found, ok && found.object.kind != o.kind
}

func (w *writer) refers(o *object, path string, value tftypes.Value) bool {
	_, ok := w.find(o, path, value)
	return ok
}

// tokens writes a value, or the reference that stands for it.
func (w *writer) tokens(o *object, path string, value tftypes.Value) hclwrite.Tokens {
	if found, ok := w.find(o, path, value); ok {
		return hclwrite.TokensForTraversal(traversal(found.object.kind.typeName, found.object.name, found.attribute))
	}
	var (
		words  string
		number big.Float
		truth  bool
		items  []tftypes.Value
		fields map[string]tftypes.Value
	)
	switch {
	case value.As(&words) == nil:
		return textTokens(words)
	case value.As(&number) == nil:
		return hclwrite.TokensForValue(cty.NumberVal(&number))
	case value.As(&truth) == nil:
		return hclwrite.TokensForValue(cty.BoolVal(truth))
	case value.As(&items) == nil:
		return w.list(o, path, items, value.Type().Is(tftypes.Set{}))
	case value.As(&fields) == nil:
		return w.fields(o, path, fields)
	default:
		return hclwrite.TokensForValue(cty.NullVal(cty.DynamicPseudoType))
	}
}

// textTokens writes a text, a certificate line by line.
func textTokens(words string) hclwrite.Tokens {
	if !pemText.MatchString(words) {
		return hclwrite.TokensForValue(cty.StringVal(words))
	}
	return hclwrite.Tokens{
		{Type: hclsyntax.TokenOHeredoc, Bytes: []byte("<<EOT\n")},
		{Type: hclsyntax.TokenStringLit, Bytes: []byte(words)},
		{Type: hclsyntax.TokenCHeredoc, Bytes: []byte("EOT")},
	}
}

// pemText has no line that would mean anything else in a heredoc.
var pemText = regexp.MustCompile(`^-----BEGIN [A-Z ]+-----\n([A-Za-z0-9+/=]{4,}\n)+-----END [A-Z ]+-----\n$`)

// list writes lists and sets. Sets have no order of their own, and get one.
func (w *writer) list(o *object, path string, items []tftypes.Value, set bool) hclwrite.Tokens {
	var written []hclwrite.Tokens
	for _, item := range items {
		written = append(written, w.tokens(o, path, item))
	}
	if set {
		slices.SortFunc(written, func(a, b hclwrite.Tokens) int { return bytes.Compare(a.Bytes(), b.Bytes()) })
	}
	return hclwrite.TokensForTuple(written)
}

func (w *writer) fields(o *object, path string, fields map[string]tftypes.Value) hclwrite.Tokens {
	var written []hclwrite.ObjectAttrTokens
	for name, value := range fields {
		if !value.IsNull() {
			key := hclwrite.TokensForValue(cty.StringVal(name))
			if hclsyntax.ValidIdentifier(name) {
				key = hclwrite.TokensForIdentifier(name)
			}
			written = append(written, hclwrite.ObjectAttrTokens{Name: key, Value: w.tokens(o, path+"."+name, value)})
		}
	}
	slices.SortFunc(written, func(a, b hclwrite.ObjectAttrTokens) int {
		return strings.Compare(string(a.Name.Bytes()), string(b.Name.Bytes()))
	})
	return hclwrite.TokensForObject(written)
}

func traversal(names ...string) hcl.Traversal {
	path := hcl.Traversal{hcl.TraverseRoot{Name: names[0]}}
	for _, name := range names[1:] {
		path = append(path, hcl.TraverseAttr{Name: name})
	}
	return path
}
