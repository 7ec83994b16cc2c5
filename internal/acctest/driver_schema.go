package acctest

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"
	"github.com/zclconf/go-cty/cty/msgpack"

	"github.com/allthingsai/terraform-provider-openai/internal/provider"
)

// The driver keeps values as Terraform does, in the types of its language. So
// strings are composed, sets are ordered and numbers compared as there.

// blockSchema is a schema of the provider with Terraform's types.
type blockSchema struct {
	version    int64
	attributes map[string]*attributeSchema
	kind       cty.Type
	tfKind     tftypes.Type
}

// attributeSchema is an attribute with Terraform's type, and the attributes of
// its objects when it has a nested schema.
type attributeSchema struct {
	*tfprotov6.SchemaAttribute
	kind   cty.Type
	nested map[string]*attributeSchema
	// block says that it is a block in configurations.
	block bool
}

// serverSchemas are the schemas of a provider that the driver needs.
type serverSchemas struct {
	provider                                   *blockSchema
	resources, lists, data, ephemeral, actions map[string]*blockSchema
	functions                                  map[string]*tfprotov6.Function
}

func newServerSchemas(server tfprotov6.ProviderServer) (*serverSchemas, error) {
	resp, err := server.GetProviderSchema(context.Background(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		return nil, err
	}
	var all serverSchemas
	if all.provider, err = newSchema(resp.Provider); err != nil {
		return nil, err
	}
	if all.resources, err = newSchemas(resp.ResourceSchemas); err != nil {
		return nil, err
	}
	if all.lists, err = newSchemas(resp.ListResourceSchemas); err != nil {
		return nil, err
	}
	if all.data, err = newSchemas(resp.DataSourceSchemas); err != nil {
		return nil, err
	}
	actions := map[string]*tfprotov6.Schema{}
	for name, action := range resp.ActionSchemas {
		actions[name] = action.Schema
	}
	if all.actions, err = newSchemas(actions); err != nil {
		return nil, err
	}
	all.functions = resp.Functions
	all.ephemeral, err = newSchemas(resp.EphemeralResourceSchemas)
	return &all, err
}

// providerSchemas are asked for once: they are the same for every provider, and
// a third of the time that a driver takes.
var providerSchemas = sync.OnceValues(func() (*serverSchemas, error) { return newServerSchemas(provider.NewServer("test", noWait{})) })

func newSchema(s *tfprotov6.Schema) (*blockSchema, error) {
	all := slices.Clone(s.Block.Attributes)
	for _, block := range s.Block.BlockTypes {
		if block.Nesting != tfprotov6.SchemaNestedBlockNestingModeSingle || len(block.Block.BlockTypes) > 0 {
			return nil, fmt.Errorf("the driver supports no blocks such as %s", block.TypeName)
		}
		// Terraform treats it as it does an optional object.
		all = append(all, &tfprotov6.SchemaAttribute{
			Name: block.TypeName, Optional: true,
			NestedType: &tfprotov6.SchemaObject{Attributes: block.Block.Attributes, Nesting: tfprotov6.SchemaObjectNestingModeSingle},
		})
	}
	attributes, err := newAttributes(all)
	if err != nil {
		return nil, err
	}
	for _, block := range s.Block.BlockTypes {
		attributes[block.TypeName].block = true
	}
	kind, err := ctyType(s.ValueType())
	return &blockSchema{s.Version, attributes, kind, s.ValueType()}, err
}

func newSchemas(all map[string]*tfprotov6.Schema) (map[string]*blockSchema, error) {
	converted := map[string]*blockSchema{}
	for name, s := range all {
		schema, err := newSchema(s)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		converted[name] = schema
	}
	return converted, nil
}

func newAttributes(all []*tfprotov6.SchemaAttribute) (map[string]*attributeSchema, error) {
	attributes := map[string]*attributeSchema{}
	for _, a := range all {
		kind, err := ctyType(a.ValueType())
		if err != nil {
			return nil, fmt.Errorf("%s: %w", a.Name, err)
		}
		attribute := &attributeSchema{SchemaAttribute: a, kind: kind}
		if a.NestedType != nil {
			if attribute.nested, err = newAttributes(a.NestedType.Attributes); err != nil {
				return nil, err
			}
		}
		attributes[a.Name] = attribute
	}
	return attributes, nil
}

// ctyType converts a type by its JSON, which both libraries share.
func ctyType(kind tftypes.Type) (cty.Type, error) {
	encoded, err := kind.MarshalJSON() //nolint:staticcheck // the encoding of types in the protocol
	if err != nil {
		return cty.NilType, err
	}
	return ctyjson.UnmarshalType(encoded)
}

// encode encodes a value as Terraform sends it.
func encode(t testing.TB, value cty.Value, kind cty.Type) *tfprotov6.DynamicValue {
	t.Helper()
	encoded, err := encodeValue(value, kind)
	if err != nil {
		t.Fatalf("%#v does not conform to its schema: %v", value, err)
	}
	return encoded
}

func encodeValue(value cty.Value, kind cty.Type) (*tfprotov6.DynamicValue, error) {
	encoded, err := msgpack.Marshal(value, kind)
	return &tfprotov6.DynamicValue{MsgPack: encoded}, err
}

// decode decodes a value of the provider, which must conform to the schema.
func decode(value *tfprotov6.DynamicValue, kind cty.Type) (cty.Value, error) {
	switch {
	case value == nil:
		return cty.NullVal(kind), nil
	case len(value.MsgPack) > 0:
		return msgpack.Unmarshal(value.MsgPack, kind)
	default:
		return ctyjson.Unmarshal(value.JSON, kind)
	}
}

// unknown marks a configured value that is known only after apply.
type unknown struct{}

// Unknown is a configured value that another resource of the plan brings.
var Unknown any = unknown{}

// configuration makes a value of a schema of configured attributes; all others
// are null.
func (s *blockSchema) configuration(t testing.TB, configured map[string]any) cty.Value {
	t.Helper()
	values := map[string]cty.Value{}
	for name, a := range s.attributes {
		value, ok := configured[name]
		switch {
		case !ok || value == nil:
			values[name] = cty.NullVal(a.kind)
		case value == Unknown:
			values[name] = cty.UnknownVal(a.kind)
		default:
			encoded, err := json.Marshal(value)
			if err != nil {
				t.Fatal(err)
			}
			if values[name], err = ctyjson.Unmarshal(encoded, a.kind); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}
	}
	for name := range configured {
		if s.attributes[name] == nil {
			t.Fatalf("the schema has no attribute %q", name)
		}
	}
	return cty.ObjectVal(values)
}

// tfValue converts a value to the library of the provider.
func (s *blockSchema) tfValue(value cty.Value) (tftypes.Value, error) {
	encoded, err := msgpack.Marshal(value, s.kind)
	if err != nil {
		return tftypes.Value{}, err
	}
	return tfprotov6.DynamicValue{MsgPack: encoded}.Unmarshal(s.tfKind)
}

// ctyValue converts a value of the provider's library.
func ctyValue(t testing.TB, value tftypes.Value, kind cty.Type) cty.Value {
	t.Helper()
	encoded, err := tfprotov6.NewDynamicValue(value.Type(), value)
	if err != nil {
		t.Fatal(err)
	}
	converted, err := decode(&encoded, kind)
	if err != nil {
		t.Fatal(err)
	}
	return converted
}

// Attribute describes an attribute of a resource type.
type Attribute struct {
	Computed bool
	// OtherType is JSON that the type of the attribute does not fit.
	OtherType string
}

// Attributes describes the attributes of a resource type.
func (d *Driver) Attributes(t testing.TB, typeName string) map[string]Attribute {
	t.Helper()
	all := map[string]Attribute{}
	for name, a := range d.schema(t, typeName).attributes {
		other := `"text"`
		if a.kind == cty.String {
			other = `{"a":["b:c"]}`
		}
		all[name] = Attribute{a.Computed, other}
	}
	return all
}
