package acctest

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	frameworkprovider "github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/transport"
	"github.com/allthingsai/terraform-provider-openai/internal/provider"
)

// Driver plays Terraform for one resource: it plans, applies and refreshes over
// the provider's protocol, thousands of times faster than a process would. It
// sends the same requests as Terraform, and reports the same violations of its
// rules in plans and results, as errors that fail the test.
type Driver struct {
	// Context is that of all calls; a canceled one is an interrupted Terraform.
	Context context.Context

	server  tfprotov6.ProviderServer
	schemas map[string]*blockSchema
	lists   map[string]*blockSchema
	data    map[string]*blockSchema
	actions map[string]*blockSchema
	// removed holds the private states of objects that a refresh did not find,
	// which the plans of their successors get.
	removed   map[string][]byte
	removedMu sync.Mutex
	// onBug is called with a rule of Terraform that the provider breaks.
	onBug func(t testing.TB, summary, detail string)
}

// NewDriver returns a driver with a provider of its own, as every Terraform
// command has, configured for this API.
// More settings than those two replace the driver's own.
func NewDriver(t testing.TB, url, adminKey string, clock transport.Clock, settings ...map[string]any) *Driver {
	t.Helper()
	all := map[string]any{"base_url": url, "admin_api_key": adminKey, "max_wait": "10m"}
	for _, more := range settings {
		maps.Copy(all, more)
	}
	return NewDriverWith(t, clock, all)
}

// NewDriverWith is NewDriver with these settings of the provider.
func NewDriverWith(t testing.TB, clock transport.Clock, settings map[string]any) *Driver {
	t.Helper()
	schemas, err := providerSchemas()
	if err != nil {
		t.Fatal(err)
	}
	return newDriver(t, provider.NewServer("test", clock), schemas, settings)
}

// Configure configures a provider and returns its diagnostics.
func Configure(t testing.TB, settings map[string]any) []*tfprotov6.Diagnostic {
	t.Helper()
	schemas, err := providerSchemas()
	if err != nil {
		t.Fatal(err)
	}
	return configure(t, provider.NewServer("test", NewClock()), schemas, settings)
}

func configure(t testing.TB, server tfprotov6.ProviderServer, schemas *serverSchemas, settings map[string]any) []*tfprotov6.Diagnostic {
	t.Helper()
	configured, err := server.ConfigureProvider(context.Background(), &tfprotov6.ConfigureProviderRequest{
		Config: encode(t, schemas.provider.configuration(t, settings), schemas.provider.kind),
	})
	if err != nil {
		t.Fatal(err)
	}
	return configured.Diagnostics
}

// newDriver returns a driver of any provider.
func newDriver(t testing.TB, server tfprotov6.ProviderServer, schemas *serverSchemas, settings map[string]any) *Driver {
	t.Helper()
	if diags := configure(t, server, schemas, settings); len(diags) > 0 {
		t.Fatal(diags)
	}
	return &Driver{Context: context.Background(), server: server, removed: map[string][]byte{},
		schemas: schemas.resources, lists: schemas.lists, data: schemas.data, actions: schemas.actions, onBug: func(t testing.TB, summary, detail string) {
			t.Helper()
			t.Errorf("%s: %s", summary, detail)
		}}
}

func (d *Driver) schema(t testing.TB, typeName string) *blockSchema {
	t.Helper()
	schema := d.schemas[typeName]
	if schema == nil {
		t.Fatalf("the provider has no resource %s", typeName)
	}
	return schema
}

// bug reports a rule of Terraform that the provider breaks, in Terraform's
// words.
func (d *Driver) bug(t testing.TB, summary, detail string) *tfprotov6.Diagnostic {
	t.Helper()
	d.onBug(t, summary, detail)
	return &tfprotov6.Diagnostic{Severity: tfprotov6.DiagnosticSeverityError, Summary: summary, Detail: detail}
}

// Object is a resource in state.
type Object struct {
	Type    string
	schema  *blockSchema
	state   cty.Value
	private []byte
	// Tainted says that its creation failed half-way, so that the next apply
	// replaces it.
	Tainted bool
	// Deposed are objects that replacements have not removed yet. The next apply
	// removes them.
	Deposed []*Object
}

// exists reports whether there is an object, and not only deposed ones.
func (o *Object) exists() bool { return o != nil && o.state != cty.NilVal && !o.state.IsNull() }

// withoutCurrent is nil unless there are deposed objects.
func (o *Object) withoutCurrent() *Object {
	if o == nil || len(o.Deposed) == 0 {
		return nil
	}
	return o
}

func (o *Object) withoutDeposed() *Object {
	if !o.exists() {
		return nil
	}
	current := *o
	current.Deposed = nil
	return &current
}

// deposing is the object, or none, together with deposed ones.
func (o *Object) deposing(typeName string, schema *blockSchema, deposed ...*Object) *Object {
	if o == nil {
		o = &Object{Type: typeName, schema: schema, state: cty.NullVal(schema.kind)}
	}
	o.Deposed = append(o.Deposed, deposed...)
	return o
}

// attribute is a value of the state that is known and not null.
func (o *Object) attribute(name string) (value cty.Value, ok bool) {
	if !o.exists() || !o.state.Type().HasAttribute(name) {
		return cty.NilVal, false
	}
	value = o.state.GetAttr(name)
	return value, value.IsWhollyKnown() && !value.IsNull()
}

// Attribute reads a text of the state.
func (o *Object) Attribute(name string) string {
	value, ok := o.attribute(name)
	if !ok || value.Type() != cty.String {
		return ""
	}
	return value.AsString()
}

// Texts reads a set of texts of the state.
func (o *Object) Texts(name string) []string {
	value, ok := o.attribute(name)
	if !ok || !value.CanIterateElements() {
		return nil
	}
	texts := []string{}
	for _, item := range value.Elements() {
		if item.Type() != cty.String || item.IsNull() {
			return nil
		}
		texts = append(texts, item.AsString())
	}
	return texts
}

// Number reads a number of the state, 0 when it is null.
func (o *Object) Number(name string) int64 {
	value, ok := o.attribute(name)
	if !ok || value.Type() != cty.Number {
		return 0
	}
	whole, _ := value.AsBigFloat().Int64()
	return whole
}

// JSON is the state as a state file has it, secrets included.
func (o *Object) JSON(t testing.TB) []byte {
	t.Helper()
	encoded, err := ctyjson.Marshal(o.state, o.schema.kind)
	if err != nil {
		t.Fatal(err)
	}
	return encoded
}

// Raw is the state as the provider gets it.
func (o *Object) Raw(t testing.TB) tftypes.Value {
	t.Helper()
	value, err := o.schema.tfValue(o.state)
	if err != nil {
		t.Fatal(err)
	}
	return value
}

// Private is the private state.
func (o *Object) Private() []byte { return o.private }

// String shows the whole state, secrets included, to compare it.
func (o *Object) String() string {
	if !o.exists() {
		return "none"
	}
	value, err := o.schema.tfValue(o.state)
	if err != nil {
		return o.Type + " " + err.Error()
	}
	return o.Type + " " + value.String()
}

// Apply brings an object, nil when there is none yet, to a configuration, or
// removes it when that is nil. It returns the object in state afterwards, also
// when there are errors. Warnings of the plan that come again when the change
// is planned once more during apply are returned once.
func (d *Driver) Apply(t testing.TB, typeName string, prior *Object, configured map[string]any, options ...PlanOption) (*Object, []*tfprotov6.Diagnostic) {
	t.Helper()
	d.newWalk()
	p := d.Plan(t, typeName, prior, configured, options...)
	if p.Failed() {
		return prior, p.Diagnostics
	}
	d.newWalk()
	object, more := d.ApplyPlan(t, p)
	diags := p.Diagnostics
	for _, diag := range more {
		if !slices.ContainsFunc(p.Diagnostics, func(shown *tfprotov6.Diagnostic) bool {
			return shown.Severity == diag.Severity && shown.Summary == diag.Summary && shown.Detail == diag.Detail
		}) {
			diags = append(diags, diag)
		}
	}
	return object, diags
}

// newWalk makes the provider forget which objects the operation before wrote
// and planned: Terraform configures it again for each plan and each apply.
func (d *Driver) newWalk() {
	if server, ok := d.server.(interface{ ForgetPaths() }); ok {
		server.ForgetPaths()
	}
}

// Validate validates a configuration.
func (d *Driver) Validate(t testing.TB, typeName string, configured map[string]any) []*tfprotov6.Diagnostic {
	t.Helper()
	return d.validate(t, typeName, d.schema(t, typeName).configuration(t, configured))
}

func (d *Driver) validate(t testing.TB, typeName string, config cty.Value) []*tfprotov6.Diagnostic {
	t.Helper()
	resp, err := d.server.ValidateResourceConfig(d.Context, &tfprotov6.ValidateResourceConfigRequest{
		TypeName: typeName, Config: encode(t, config, d.schema(t, typeName).kind),
		ClientCapabilities: &tfprotov6.ValidateResourceConfigClientCapabilities{WriteOnlyAttributesAllowed: true},
	})
	if err != nil {
		t.Fatal(err)
	}
	return resp.Diagnostics
}

// PlanDestroy plans the removal of an object, and says whether that worked.
func (d *Driver) PlanDestroy(t testing.TB, prior *Object) (ok bool, diags []*tfprotov6.Diagnostic) {
	t.Helper()
	d.newWalk()
	p := d.Plan(t, prior.Type, prior, nil)
	return !p.Failed(), p.Diagnostics
}

// Refresh reads an object; the result is nil when it was deleted.
func (d *Driver) Refresh(t testing.TB, prior *Object) (*Object, []*tfprotov6.Diagnostic) {
	t.Helper()
	var deposed []*Object
	var diags []*tfprotov6.Diagnostic
	for _, left := range prior.Deposed {
		kept, more := d.read(t, left)
		diags = append(diags, more...)
		if kept.exists() {
			deposed = append(deposed, kept)
		}
	}
	object := prior.withoutDeposed()
	if prior.exists() {
		read, more := d.read(t, object)
		if object = read; !read.exists() {
			d.removedMu.Lock()
			d.removed[prior.Type] = read.private
			d.removedMu.Unlock()
			object = nil
		}
		diags = append(diags, more...)
	}
	if len(deposed) > 0 {
		object = object.deposing(prior.Type, d.schema(t, prior.Type), deposed...)
	}
	return object, diags
}

// takeRemoved returns the private state of an object that a refresh did not
// find, which the plan of its successor gets.
func (d *Driver) takeRemoved(typeName string) []byte {
	d.removedMu.Lock()
	defer d.removedMu.Unlock()
	private := d.removed[typeName]
	delete(d.removed, typeName)
	return private
}

// read reads one object. Reading never untaints. Of an object that is not found,
// the private state is left.
func (d *Driver) read(t testing.TB, prior *Object) (*Object, []*tfprotov6.Diagnostic) {
	t.Helper()
	kind := d.schema(t, prior.Type).kind
	resp, err := d.server.ReadResource(d.Context, &tfprotov6.ReadResourceRequest{TypeName: prior.Type, CurrentState: encode(t, prior.state, kind), Private: prior.private})
	if err != nil {
		t.Fatal(err)
	}
	diags := resp.Diagnostics
	if failed(diags) {
		return prior, diags
	}
	state, err := decode(resp.NewState, kind)
	if err != nil {
		return prior, append(diags, d.bug(t, "Provider produced invalid object", prior.Type+": "+err.Error()))
	}
	if left := unknowns(state); len(left) > 0 {
		return prior, append(diags, d.bug(t, "Provider produced invalid object", prior.Type+": unknown after it was read: "+strings.Join(left, ", ")))
	}
	return &Object{Type: prior.Type, state: state, private: resp.Private, schema: prior.schema, Tainted: prior.Tainted}, diags
}

// Pending says whether a plan would change something.
func (d *Driver) Pending(t testing.TB, typeName string, prior *Object, configured map[string]any) (bool, error) {
	t.Helper()
	if prior == nil || prior.Tainted || len(prior.Deposed) > 0 {
		return true, nil
	}
	d.newWalk()
	p := d.Plan(t, typeName, prior, configured)
	if p.Failed() {
		return true, fmt.Errorf("%s: %s", p.Diagnostics[0].Summary, p.Diagnostics[0].Detail)
	}
	return p.Action != ActionNoOp, nil
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
	for _, factory := range p.Resources(context.Background()) {
		var meta resource.MetadataResponse
		factory().Metadata(context.Background(), resource.MetadataRequest{ProviderTypeName: "openai"}, &meta)
		names = append(names, meta.TypeName)
	}
	return names
}
