package acctest

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	frameworkprovider "github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/zclconf/go-cty/cty"
)

// recorder is a provider with one resource, which records the calls of
// Terraform or the driver. A test runs one sequence through both and compares.
type recorder struct {
	tfprotov6.ProviderServer
	schemas *serverSchemas

	mu    sync.Mutex
	calls []string
	// plans and creates count, so that the values and private states of one
	// call are recognized in the next.
	plans, creates int
}

const recorded = "record_thing"

func newRecorder() (*recorder, error) {
	r := &recorder{}
	r.ProviderServer = providerserver.NewProtocol6(&recordProvider{r})()
	var err error
	r.schemas, err = newServerSchemas(r.ProviderServer)
	return r, err
}

// flush returns the calls so far and begins a new list.
func (r *recorder) flush() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	calls := r.calls
	r.calls = nil
	return calls
}

func (r *recorder) record(what string, parts ...string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.calls = append(r.calls, strings.TrimSpace(what+" "+strings.Join(slices.DeleteFunc(parts, func(part string) bool { return part == "" }), " ")))
}

func (r *recorder) value(name string, value *tfprotov6.DynamicValue) string {
	decoded, err := decode(value, r.schemas.resources[recorded].kind)
	if err != nil {
		return name + "=" + err.Error()
	}
	if decoded.IsNull() {
		return ""
	}
	return name + "=" + brief(decoded)
}

// brief shows a value without its null attributes.
func brief(value cty.Value) string {
	switch {
	case !value.IsKnown():
		return "?"
	case value.IsNull():
		return "null"
	case value.Type() == cty.String:
		return value.AsString()
	case value.Type().IsObjectType():
		var parts []string
		for _, name := range slices.Sorted(maps.Keys(value.Type().AttributeTypes())) {
			if item := value.GetAttr(name); !item.IsKnown() || !item.IsNull() {
				parts = append(parts, name+":"+brief(item))
			}
		}
		return "{" + strings.Join(parts, " ") + "}"
	default:
		var parts []string
		for _, item := range value.Elements() {
			parts = append(parts, brief(item))
		}
		return "[" + strings.Join(parts, " ") + "]"
	}
}

func private(encoded []byte) string {
	if len(encoded) == 0 {
		return ""
	}
	var keys map[string][]byte
	if err := json.Unmarshal(encoded, &keys); err != nil {
		return "private=" + err.Error()
	}
	var parts []string
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		parts = append(parts, key+":"+string(keys[key]))
	}
	return "private={" + strings.Join(parts, " ") + "}"
}

func (r *recorder) ConfigureProvider(ctx context.Context, req *tfprotov6.ConfigureProviderRequest) (*tfprotov6.ConfigureProviderResponse, error) {
	r.record("configure")
	return r.ProviderServer.ConfigureProvider(ctx, req)
}

func (r *recorder) UpgradeResourceState(ctx context.Context, req *tfprotov6.UpgradeResourceStateRequest) (*tfprotov6.UpgradeResourceStateResponse, error) {
	r.record("upgrade", "version="+strconv.FormatInt(req.Version, 10), canonical(req.RawState.JSON))
	return r.ProviderServer.UpgradeResourceState(ctx, req)
}

// canonical is JSON with its keys in order, without null values.
func canonical(encoded []byte) string {
	var values map[string]any
	if err := json.Unmarshal(encoded, &values); err != nil {
		return err.Error()
	}
	maps.DeleteFunc(values, func(_ string, value any) bool { return value == nil })
	ordered, _ := json.Marshal(values)
	return string(ordered)
}

func (r *recorder) ReadResource(ctx context.Context, req *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	r.record("read", r.value("state", req.CurrentState), private(req.Private))
	return r.ProviderServer.ReadResource(ctx, req)
}

func (r *recorder) PlanResourceChange(ctx context.Context, req *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	r.record("plan", r.value("prior", req.PriorState), r.value("config", req.Config), r.value("proposed", req.ProposedNewState), private(req.PriorPrivate))
	return r.ProviderServer.PlanResourceChange(ctx, req)
}

func (r *recorder) ApplyResourceChange(ctx context.Context, req *tfprotov6.ApplyResourceChangeRequest) (*tfprotov6.ApplyResourceChangeResponse, error) {
	r.record("apply", r.value("prior", req.PriorState), r.value("config", req.Config), r.value("planned", req.PlannedState), private(req.PlannedPrivate))
	return r.ProviderServer.ApplyResourceChange(ctx, req)
}

func (r *recorder) ImportResourceState(ctx context.Context, req *tfprotov6.ImportResourceStateRequest) (*tfprotov6.ImportResourceStateResponse, error) {
	r.record("import", req.ID)
	return r.ProviderServer.ImportResourceState(ctx, req)
}

type recordProvider struct{ *recorder }

func (p *recordProvider) Metadata(_ context.Context, _ frameworkprovider.MetadataRequest, resp *frameworkprovider.MetadataResponse) {
	resp.TypeName = "record"
}

func (p *recordProvider) Schema(context.Context, frameworkprovider.SchemaRequest, *frameworkprovider.SchemaResponse) {
}

func (p *recordProvider) Configure(context.Context, frameworkprovider.ConfigureRequest, *frameworkprovider.ConfigureResponse) {
}

func (p *recordProvider) DataSources(context.Context) []func() datasource.DataSource { return nil }

func (p *recordProvider) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{func() resource.Resource { return &thing{p.recorder} }}
}

// thing is an object that exists only in its state. Its attribute fault names
// its error.
type thing struct{ *recorder }

type thingModel struct {
	ID    types.String `tfsdk:"id"`
	Name  types.String `tfsdk:"name"`
	Fixed types.String `tfsdk:"fixed"`
	Note  types.String `tfsdk:"note"`
	Tags  types.Set    `tfsdk:"tags"`
	Fault types.String `tfsdk:"fault"`
}

func (r *thing) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = recorded
}

func (r *thing) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{Version: 1, Attributes: map[string]schema.Attribute{
		"id":    schema.StringAttribute{Computed: true, PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()}},
		"name":  schema.StringAttribute{Optional: true},
		"fixed": schema.StringAttribute{Optional: true, PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()}},
		"note":  schema.StringAttribute{Computed: true},
		"tags":  schema.SetAttribute{Optional: true, Computed: true, ElementType: types.StringType},
		"fault": schema.StringAttribute{Optional: true},
	}}
}

func (r *thing) UpgradeState(context.Context) map[int64]resource.StateUpgrader {
	return map[int64]resource.StateUpgrader{0: {StateUpgrader: func(_ context.Context, req resource.UpgradeStateRequest, resp *resource.UpgradeStateResponse) {
		resp.DynamicValue = &tfprotov6.DynamicValue{JSON: []byte(`{"id":"upgraded","name":null,"fixed":null,"note":"of version 0","tags":[],"fault":null}`)}
	}}}
}

// ModifyPlan numbers the plan in private state and in a warning.
func (r *thing) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	r.mu.Lock()
	r.plans++
	number := r.plans
	r.mu.Unlock()
	resp.Diagnostics.Append(resp.Private.SetKey(ctx, "plan", []byte(strconv.Itoa(number)))...)
	if req.Plan.Raw.IsNull() {
		resp.Diagnostics.AddWarning("Planned removal", fmt.Sprintf("Plan %d.", number))
		return
	}
	resp.Diagnostics.AddWarning("Planned", fmt.Sprintf("Plan %d.", number))
	var plan thingModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	switch plan.Fault.ValueString() {
	case "plans another name":
		plan.Name = types.StringValue("another")
	case "plans another note":
		plan.Note = types.StringValue("plan " + strconv.Itoa(number))
	case "fails second plan":
		if number%2 == 0 {
			resp.Diagnostics.AddError("Second plan fails", "The replacement cannot be planned.")
		}
	}
	resp.Diagnostics.Append(resp.Plan.Set(ctx, &plan)...)
}

func (r *thing) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan thingModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	r.mu.Lock()
	r.creates++
	plan.ID = types.StringValue("thing-" + strconv.Itoa(r.creates))
	r.mu.Unlock()
	resp.Diagnostics.Append(resp.Private.SetKey(ctx, "born", []byte(strconv.Quote(plan.ID.ValueString())))...)
	if plan.Fault.ValueString() == "fails to create without state" {
		resp.Diagnostics.AddError("Create failed", "Nothing was created.")
		return
	}
	r.finish(ctx, &plan, &resp.Diagnostics)
	resp.Diagnostics.Append(resp.State.Set(ctx, &plan)...)
	if plan.Fault.ValueString() == "fails to create" {
		resp.Diagnostics.AddError("Create failed", "It was created by half.")
	}
}

func (r *thing) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan thingModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(resp.Private.SetKey(ctx, "changed", []byte(strconv.Quote(plan.Name.ValueString())))...)
	if plan.Fault.ValueString() == "fails to update" {
		resp.Diagnostics.AddError("Update failed", "Nothing was changed.")
		return
	}
	r.finish(ctx, &plan, &resp.Diagnostics)
	resp.Diagnostics.Append(resp.State.Set(ctx, &plan)...)
}

// finish fills in the unknown values.
func (r *thing) finish(_ context.Context, plan *thingModel, diags interface{ AddWarning(string, string) }) {
	if plan.Note.IsUnknown() {
		plan.Note = types.StringValue("of " + plan.ID.ValueString())
	}
	if plan.Tags.IsUnknown() {
		plan.Tags = types.SetNull(types.StringType)
	}
	switch plan.Fault.ValueString() {
	case "returns another name":
		plan.Name = types.StringValue("another")
	case "returns a decomposed note":
		plan.Note = types.StringValue("e\u0301")
	case "warns":
		diags.AddWarning("Applied", "With a warning.")
	}
}

func (r *thing) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state thingModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	switch state.Name.ValueString() {
	case "removed outside":
		resp.State.RemoveResource(ctx)
	case "changed outside":
		state.Note = types.StringValue("read")
		resp.Diagnostics.Append(resp.State.Set(ctx, &state)...)
	}
}

func (r *thing) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state thingModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if state.Name.ValueString() == "stays" {
		resp.Diagnostics.AddError("Delete failed", "It stays.")
	}
}

func (r *thing) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	resp.Diagnostics.Append(resp.State.Set(ctx, &thingModel{ID: types.StringValue(req.ID), Tags: types.SetNull(types.StringType)})...)
}
