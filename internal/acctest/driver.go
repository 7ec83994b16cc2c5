package acctest

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"sync"
	"testing"

	frameworkprovider "github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider"
)

// Driver plays Terraform for one resource: it plans, applies and refreshes
// over the provider's protocol, thousands of times faster than a process
// would.
type Driver struct {
	server  tfprotov6.ProviderServer
	schemas map[string]*tfprotov6.Schema
	lists   map[string]*tfprotov6.Schema
}

// NewDriver returns a driver with a provider of its own, as every Terraform
// command has, configured for this API.
// More settings than those two replace the driver's own.
func NewDriver(t testing.TB, url, adminKey string, clock adminapi.Clock, settings ...map[string]any) *Driver {
	t.Helper()
	all := map[string]any{"base_url": url, "admin_api_key": adminKey, "max_wait": "10m"}
	for _, more := range settings {
		maps.Copy(all, more)
	}
	return NewDriverWith(t, clock, all)
}

// NewDriverWith is NewDriver with these settings of the provider.
func NewDriverWith(t testing.TB, clock adminapi.Clock, settings map[string]any) *Driver {
	t.Helper()
	ctx := context.Background()
	server := provider.NewServer("test", clock)
	schemas, err := schemas()
	if err != nil {
		t.Fatal(err)
	}
	config := object(t, schemas.Provider, settings, nil)
	value, err := tfprotov6.NewDynamicValue(config.Type(), config)
	if err != nil {
		t.Fatal(err)
	}
	configured, err := server.ConfigureProvider(ctx, &tfprotov6.ConfigureProviderRequest{Config: &value})
	if err != nil || len(configured.Diagnostics) > 0 {
		t.Fatal(err, configured)
	}
	return &Driver{server, schemas.ResourceSchemas, schemas.ListResourceSchemas}
}

// schemas are asked for once: they are the same for every provider, and a
// third of what a driver costs.
var schemas = sync.OnceValues(func() (*tfprotov6.GetProviderSchemaResponse, error) {
	return provider.NewServer("test", hasty{}).GetProviderSchema(context.Background(), &tfprotov6.GetProviderSchemaRequest{})
})

// Object is a resource in state.
type Object struct {
	Type    string
	state   tftypes.Value
	private []byte
	// Tainted says that its creation failed half-way, so that the next apply
	// replaces it.
	Tainted bool
}

// Attribute reads a text of the state.
func (o *Object) Attribute(name string) string {
	if o == nil {
		return ""
	}
	var attributes map[string]tftypes.Value
	var text string
	if o.state.As(&attributes) != nil || attributes[name].As(&text) != nil {
		return ""
	}
	return text
}

// Texts reads a set of texts of the state.
func (o *Object) Texts(name string) []string {
	var attributes, items = map[string]tftypes.Value{}, []tftypes.Value{}
	if o == nil || o.state.As(&attributes) != nil || attributes[name].As(&items) != nil {
		return nil
	}
	texts := make([]string, len(items))
	for i, item := range items {
		_ = item.As(&texts[i])
	}
	return texts
}

// String shows the whole state, secrets included, to compare it.
func (o *Object) String() string {
	if o == nil {
		return "none"
	}
	return o.Type + " " + o.state.String()
}

// Number reads a number of the state, 0 when it is null.
func (o *Object) Number(name string) int64 {
	var attributes map[string]tftypes.Value
	var number big.Float
	if o == nil || o.state.As(&attributes) != nil || attributes[name].As(&number) != nil {
		return 0
	}
	whole, _ := number.Int64()
	return whole
}

// object makes a value of a schema: what is configured, then what the schema
// computes from prior, or unknown for a new object.
func object(t testing.TB, schema *tfprotov6.Schema, configured map[string]any, computed func(a *tfprotov6.SchemaAttribute) tftypes.Value) tftypes.Value {
	t.Helper()
	kind := schema.ValueType()
	values := map[string]tftypes.Value{}
	for _, a := range schema.Block.Attributes {
		if value, ok := configured[a.Name]; ok && value != nil {
			encoded, err := json.Marshal(value)
			if err != nil {
				t.Fatal(err)
			}
			if values[a.Name], err = tftypes.ValueFromJSON(encoded, a.ValueType()); err != nil { //nolint:staticcheck // the values are Terraform's own JSON
				t.Fatalf("%s: %v", a.Name, err)
			}
			continue
		}
		values[a.Name] = tftypes.NewValue(a.ValueType(), nil)
		if a.Computed && computed != nil {
			values[a.Name] = computed(a)
		}
	}
	return tftypes.NewValue(kind, values)
}

func dynamic(t testing.TB, value tftypes.Value) *tfprotov6.DynamicValue {
	t.Helper()
	encoded, err := tfprotov6.NewDynamicValue(value.Type(), value)
	if err != nil {
		t.Fatal(err)
	}
	return &encoded
}

func (d *Driver) none(typeName string) tftypes.Value {
	return tftypes.NewValue(d.schemas[typeName].ValueType(), nil)
}

// Apply brings an object, nil when there is none yet, to a configuration, or
// removes it when that is nil. It returns what is in state afterwards, also
// when there are errors.
func (d *Driver) Apply(t testing.TB, typeName string, prior *Object, configured map[string]any) (*Object, []*tfprotov6.Diagnostic) {
	t.Helper()
	if prior != nil && (prior.Tainted || configured == nil) {
		left, diags := d.change(t, typeName, prior, nil, nil)
		if left != nil || configured == nil {
			return left, diags
		}
		prior = nil
	}
	planned, replace, private, diags := d.plan(t, typeName, prior, configured)
	if failed(diags) {
		return prior, diags
	}
	if prior != nil && replace {
		left, diags := d.change(t, typeName, prior, nil, nil)
		if left != nil {
			return left, diags
		}
		prior = nil
		if planned, _, private, diags = d.plan(t, typeName, nil, configured); failed(diags) {
			return nil, diags
		}
	}
	if prior != nil && planned.Equal(prior.state) {
		return prior, diags
	}
	prior2, more := d.change(t, typeName, prior, configured, &plan{planned, private})
	return prior2, append(diags, more...)
}

// Validate validates a configuration.
func (d *Driver) Validate(t testing.TB, typeName string, configured map[string]any) []*tfprotov6.Diagnostic {
	t.Helper()
	resp, err := d.server.ValidateResourceConfig(context.Background(), &tfprotov6.ValidateResourceConfigRequest{
		TypeName: typeName, Config: dynamic(t, object(t, d.schemas[typeName], configured, nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	return resp.Diagnostics
}

// PlanDestroy plans the removal of an object, and says whether that worked.
func (d *Driver) PlanDestroy(t testing.TB, prior *Object) (ok bool, diags []*tfprotov6.Diagnostic) {
	t.Helper()
	none := dynamic(t, d.none(prior.Type))
	resp, err := d.server.PlanResourceChange(context.Background(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: prior.Type, PriorState: dynamic(t, prior.state), ProposedNewState: none, Config: none, PriorPrivate: prior.private,
	})
	if err != nil {
		t.Fatal(err)
	}
	return !failed(resp.Diagnostics), resp.Diagnostics
}

type plan struct {
	state   tftypes.Value
	private []byte
}

func (d *Driver) plan(t testing.TB, typeName string, prior *Object, configured map[string]any) (planned tftypes.Value, replace bool, private []byte, diags []*tfprotov6.Diagnostic) {
	t.Helper()
	schema := d.schemas[typeName]
	config := object(t, schema, configured, nil)
	before := d.none(typeName)
	var former map[string]tftypes.Value
	var kept []byte
	if prior != nil {
		before, kept = prior.state, prior.private
		if err := prior.state.As(&former); err != nil {
			t.Fatal(err)
		}
	}
	proposed := object(t, schema, configured, func(a *tfprotov6.SchemaAttribute) tftypes.Value {
		if prior == nil {
			return tftypes.NewValue(a.ValueType(), tftypes.UnknownValue)
		}
		return former[a.Name]
	})
	resp, err := d.server.PlanResourceChange(context.Background(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: typeName, PriorState: dynamic(t, before), ProposedNewState: dynamic(t, proposed), Config: dynamic(t, config), PriorPrivate: kept,
	})
	if err != nil {
		t.Fatal(err)
	}
	if failed(resp.Diagnostics) {
		return planned, false, nil, resp.Diagnostics
	}
	planned, err = resp.PlannedState.Unmarshal(schema.ValueType())
	if err != nil {
		t.Fatal(err)
	}
	return planned, len(resp.RequiresReplace) > 0, resp.PlannedPrivate, resp.Diagnostics
}

// change applies a plan, or removes the object when there is none.
func (d *Driver) change(t testing.TB, typeName string, prior *Object, configured map[string]any, p *plan) (*Object, []*tfprotov6.Diagnostic) {
	t.Helper()
	schema := d.schemas[typeName]
	req := &tfprotov6.ApplyResourceChangeRequest{TypeName: typeName, PriorState: dynamic(t, d.none(typeName)), PlannedState: dynamic(t, d.none(typeName)), Config: dynamic(t, d.none(typeName))}
	if prior != nil {
		req.PriorState, req.PlannedPrivate = dynamic(t, prior.state), prior.private
	}
	if p != nil {
		req.PlannedState, req.PlannedPrivate = dynamic(t, p.state), p.private
		req.Config = dynamic(t, object(t, schema, configured, nil))
	}
	resp, err := d.server.ApplyResourceChange(context.Background(), req)
	if err != nil {
		t.Fatal(err)
	}
	state, err := resp.NewState.Unmarshal(schema.ValueType())
	if err != nil {
		t.Fatal(err)
	}
	if state.IsNull() {
		return nil, resp.Diagnostics
	}
	return &Object{Type: typeName, state: state, private: resp.Private, Tainted: prior == nil && failed(resp.Diagnostics) || p == nil && prior.Tainted}, resp.Diagnostics
}

// Refresh reads an object; the result is nil when it is gone.
func (d *Driver) Refresh(t testing.TB, prior *Object) (*Object, []*tfprotov6.Diagnostic) {
	t.Helper()
	resp, err := d.server.ReadResource(context.Background(), &tfprotov6.ReadResourceRequest{TypeName: prior.Type, CurrentState: dynamic(t, prior.state), Private: prior.private})
	if err != nil {
		t.Fatal(err)
	}
	if failed(resp.Diagnostics) {
		return prior, resp.Diagnostics
	}
	state, err := resp.NewState.Unmarshal(d.schemas[prior.Type].ValueType())
	if err != nil {
		t.Fatal(err)
	}
	if state.IsNull() {
		return nil, resp.Diagnostics
	}
	return &Object{Type: prior.Type, state: state, private: resp.Private, Tainted: prior.Tainted}, resp.Diagnostics
}

// Pending says whether a plan would change something.
func (d *Driver) Pending(t testing.TB, typeName string, prior *Object, configured map[string]any) (bool, error) {
	t.Helper()
	if prior == nil || prior.Tainted {
		return true, nil
	}
	planned, replace, _, diags := d.plan(t, typeName, prior, configured)
	if failed(diags) {
		return true, fmt.Errorf("%s: %s", diags[0].Summary, diags[0].Detail)
	}
	return replace || !planned.Equal(prior.state), nil
}

func failed(diags []*tfprotov6.Diagnostic) bool {
	for _, d := range diags {
		if d.Severity == tfprotov6.DiagnosticSeverityError {
			return true
		}
	}
	return false
}

// ResourceTypes lists the resources of a provider.
func ResourceTypes(t testing.TB, p frameworkprovider.Provider) []string {
	t.Helper()
	var names []string
	for _, make := range p.Resources(context.Background()) {
		var meta resource.MetadataResponse
		make().Metadata(context.Background(), resource.MetadataRequest{ProviderTypeName: "openai"}, &meta)
		names = append(names, meta.TypeName)
	}
	return names
}
