package acctest

import (
	"context"
	"crypto/rand"
	"encoding/hex"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	frameworkprovider "github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/dynamicplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// builtInProvider is the provider within Terraform, with terraform_data.
const builtInProvider = "terraform"

func newBuiltInServer() (tfprotov6.ProviderServer, error) {
	return providerserver.NewProtocol6(&builtIn{})(), nil
}

type builtIn struct{}

func (*builtIn) Metadata(_ context.Context, _ frameworkprovider.MetadataRequest, resp *frameworkprovider.MetadataResponse) {
	resp.TypeName = builtInProvider
}

func (*builtIn) Schema(context.Context, frameworkprovider.SchemaRequest, *frameworkprovider.SchemaResponse) {
}

func (*builtIn) Configure(context.Context, frameworkprovider.ConfigureRequest, *frameworkprovider.ConfigureResponse) {
}

func (*builtIn) DataSources(context.Context) []func() datasource.DataSource { return nil }

func (*builtIn) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{func() resource.Resource { return &dataResource{} }}
}

// dataResource is terraform_data: its output is its input, known once that is
// applied.
type dataResource struct{}

type dataModel struct {
	ID              types.String  `tfsdk:"id"`
	Input           types.Dynamic `tfsdk:"input"`
	Output          types.Dynamic `tfsdk:"output"`
	TriggersReplace types.Dynamic `tfsdk:"triggers_replace"`
}

func (*dataResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_data"
}

func (*dataResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{Attributes: map[string]schema.Attribute{
		"id":               schema.StringAttribute{Computed: true, PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()}},
		"input":            schema.DynamicAttribute{Optional: true},
		"output":           schema.DynamicAttribute{Computed: true},
		"triggers_replace": schema.DynamicAttribute{Optional: true, PlanModifiers: []planmodifier.Dynamic{dynamicplanmodifier.RequiresReplace()}},
	}}
}

func (*dataResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() {
		return
	}
	var plan, state dataModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if !req.State.Raw.IsNull() {
		resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	}
	switch {
	case plan.Input.IsNull():
		plan.Output = types.DynamicNull()
	case !req.State.Raw.IsNull() && plan.Input.Equal(state.Input):
		plan.Output = state.Output
	default:
		plan.Output = types.DynamicUnknown()
	}
	resp.Diagnostics.Append(resp.Plan.Set(ctx, &plan)...)
}

func (*dataResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan dataModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	id := make([]byte, 16)
	_, _ = rand.Read(id)
	plan.ID, plan.Output = types.StringValue(hex.EncodeToString(id)), plan.Input
	resp.Diagnostics.Append(resp.State.Set(ctx, &plan)...)
}

func (*dataResource) Read(context.Context, resource.ReadRequest, *resource.ReadResponse) {}

func (*dataResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan dataModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	plan.Output = plan.Input
	resp.Diagnostics.Append(resp.State.Set(ctx, &plan)...)
}

func (*dataResource) Delete(context.Context, resource.DeleteRequest, *resource.DeleteResponse) {}
