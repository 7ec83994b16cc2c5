package lifecycle

import (
	"context"
	"maps"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

// Every resource has a timeouts block. Definitions know nothing of it: the
// kernel removes it from the values that it reads into a model, and adds it to
// the values that it writes. Times are handled alike.

const timeoutsName = "timeouts"

func timeoutsBlock() schema.Block {
	block := timeouts.Block(context.Background(), timeouts.Opts{
		Create: true, Read: true, Update: true, Delete: true,
		CreateDescription: "Time limit of a create, such as `10m`, `1h30m` or `1d`. Default: none.",
		ReadDescription:   "Time limit of a read in a refresh. Default: none.",
		UpdateDescription: "Time limit of an update. Default: none.",
		DeleteDescription: "Time limit of a delete. Terraform uses the value in state, so apply a new value before the delete. Default: none.",
	}).(schema.SingleNestedBlock)
	block.MarkdownDescription = "Time limits of operations on the object. They include waiting for rate limits, for other operations on the same object, and for a new object to appear in the API. " +
		"Without this block, an operation has no time limit, but `max_wait` of the provider limits the wait of each request. Changing only this block sends no request."
	for name, attribute := range block.Attributes {
		text := attribute.(schema.StringAttribute)
		text.MarkdownDescription, text.Description = text.Description, ""
		text.Validators = []validator.String{tfkit.PositiveDuration()} // the module accepts negative ones, and no days
		block.Attributes[name] = text
	}
	return block
}

// bare returns the state without the block and times. Models are read from it
// and written to it.
func bare(of tfsdk.State) tfsdk.State {
	described := of.Schema.(schema.Schema)
	described.Blocks, described.Attributes = nil, withoutTimes(described.Attributes)
	without := tfsdk.State{Schema: described, Raw: tftypes.NewValue(described.Type().TerraformType(context.Background()), nil)}
	if values := withoutTimes(valuesOf(of.Raw)); values != nil {
		delete(values, timeoutsName)
		without.Raw = tftypes.NewValue(without.Raw.Type(), values)
	}
	return without
}

// model reads a model from a configuration, a plan or a state, nil where there
// is no object.
func model[M any](ctx context.Context, from tfsdk.State, diags *diag.Diagnostics) M {
	var m M
	if !from.Raw.IsNull() {
		diags.Append(bare(from).Get(ctx, &m)...)
	}
	return m
}

// configured reads a model from the configuration of a data source or an action.
func configured[M any](ctx context.Context, from tfsdk.Config, diags *diag.Diagnostics) M {
	var m M
	if from.Raw.IsNull() { // Terraform does not do this
		diags.AddError("Configuration missing", "The request has no configuration.")
		return m
	}
	diags.Append(from.Get(ctx, &m)...)
	return m
}

// isNil reports whether there is no model. The constraint of models is any:
// pointers share compiled code only under constraints without type sets, such as
// comparable has.
func isNil[M any](m M) bool {
	var none M
	return any(m) == any(none)
}

// put writes a model into a state, with the timeouts of another object.
func put(ctx context.Context, m any, into *tfsdk.State, other tftypes.Value, diags *diag.Diagnostics) {
	written := bare(*into)
	if problems := written.Set(ctx, m); problems.HasError() {
		diags.Append(problems...)
		return
	}
	into.Raw = withTimeouts(written.Raw, other, into.Schema.Type().TerraformType(ctx))
}

// withTimeouts is an object, of this type, with the timeouts of another one and
// with its times.
func withTimeouts(object, other tftypes.Value, kind tftypes.Type) tftypes.Value {
	values := maps.Clone(valuesOf(object))
	values[timeoutsName] = timeoutsOf(other, kind)
	setTimes(values, kind)
	return tftypes.NewValue(kind, map[string]tftypes.Value(values))
}

// timeoutsOf are the timeouts of an object, null where it has none.
func timeoutsOf(object tftypes.Value, kind tftypes.Type) tftypes.Value {
	if found, ok := valuesOf(object)[timeoutsName]; ok {
		return found
	}
	return tftypes.NewValue(kind.(tftypes.Object).AttributeTypes[timeoutsName], nil)
}

// sameObject reports whether two plans or states differ in timeouts and times at
// most.
func sameObject(a, b tftypes.Value) bool {
	if valuesOf(a) == nil || valuesOf(b) == nil {
		return a.Equal(b)
	}
	return withTimeouts(a, b, b.Type()).Equal(withTimeouts(b, b, b.Type()))
}

// planTimeouts plans no other change when only timeouts are configured again:
// as soon as anything differs, the framework makes computed values unknown.
func planTimeouts(req *resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	planned, prior, configured := valuesOf(resp.Plan.Raw), valuesOf(req.State.Raw), valuesOf(req.Config.Raw)
	if planned == nil || prior == nil || planned[timeoutsName].Equal(prior[timeoutsName]) {
		return
	}
	for name, value := range planned {
		isLeftOpen := !value.IsFullyKnown() && configured[name].IsNull()
		if name != timeoutsName && !value.Equal(prior[name]) && !isLeftOpen {
			return
		}
	}
	resp.Plan.Raw = withTimeouts(req.State.Raw, resp.Plan.Raw, req.State.Raw.Type())
	req.Plan.Raw = resp.Plan.Raw
}

// withTimeout returns the context of an operation that takes no longer than the
// timeouts of the object permit. The function releases it.
func (k *kernel[M]) withTimeout(ctx context.Context, operation string, object tftypes.Value) (context.Context, func()) {
	after, err := tfkit.ParseDuration(valuesOf(valuesOf(object)[timeoutsName]).Text(operation))
	if err != nil || after == 0 {
		return ctx, func() {} // not set, or of another provider
	}
	return k.client.WithTimeout(ctx, operation, after)
}

// saveTimeouts is an update of the timeouts alone, which the API does not have.
func (k *kernel[M]) saveTimeouts(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	resp.State.Raw = req.Plan.Raw
	setIdentity(ctx, resp.Identity, &resp.Diagnostics, k.identity(req.Plan.Raw))
	resp.Diagnostics.Append(resp.Private.SetKey(ctx, planKey, nil)...)
}
