package lifecycle

import (
	"context"
	"maps"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

// DataSource defines a data source. D is its model, a pointer to a struct with
// exactly the attributes of the schema.
type DataSource[D any] struct {
	// Type is the type name without the provider's, such as project.
	Type   string
	Schema schema.Schema
	// ProjectKey says that the key of a project reads the objects, not the admin
	// key.
	ProjectKey bool
	// Validate checks DataCall.Data, in which much may be unknown. It is optional.
	Validate func(call *DataCall[D])
	// Label returns the name in diagnostics of the objects that Read reads.
	Label func(d D) string
	// Read completes DataCall.Data. It returns errors of the API as they are.
	Read func(ctx context.Context, call *DataCall[D]) error
}

// DataCall is one read of a data source.
type DataCall[D any] struct {
	Client *adminapi.Client
	// Data is the configuration, and in the end the state.
	Data  D
	Diags *diag.Diagnostics
}

// Static is the label of a data source that always reads the same.
func Static[D any](label string) func(D) string { return func(D) string { return label } }

// DataSource returns the data source, for the provider's list.
func (s DataSource[D]) DataSource() datasource.DataSource { return &dataKernel[D]{source: s} }

type dataKernel[D any] struct {
	client *adminapi.Client
	source DataSource[D]
}

var (
	_ datasource.DataSourceWithConfigure      = (*dataKernel[*struct{}])(nil)
	_ datasource.DataSourceWithValidateConfig = (*dataKernel[*struct{}])(nil)
)

// Configure takes the client from the provider.
func (k *dataKernel[D]) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	k.client = tfkit.ClientOf(req.ProviderData, k.source.ProjectKey, &resp.Diagnostics)
}

func (k *dataKernel[D]) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_" + k.source.Type
}

func (k *dataKernel[D]) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = k.source.Schema
	resp.Schema.Attributes = maps.Clone(resp.Schema.Attributes)
	for name, description := range timesOf(k.source.Schema.Attributes) {
		resp.Schema.Attributes[name] = schema.StringAttribute{MarkdownDescription: description, Computed: true}
	}
}

// config reads the model from a configuration.
func (k *dataKernel[D]) config(ctx context.Context, from tfsdk.Config, diags *diag.Diagnostics) D {
	without := tfsdk.Config{Schema: k.source.Schema, Raw: from.Raw}
	if values := valuesOf(from.Raw); values != nil {
		without.Raw = tftypes.NewValue(k.source.Schema.Type().TerraformType(ctx), withoutTimes(values))
	}
	return configured[D](ctx, without, diags)
}

// save writes the model into a state, with its times.
func (k *dataKernel[D]) save(ctx context.Context, data D, state *tfsdk.State, diags *diag.Diagnostics) {
	written := tfsdk.State{Schema: k.source.Schema, Raw: tftypes.NewValue(k.source.Schema.Type().TerraformType(ctx), nil)}
	if problems := written.Set(ctx, data); problems.HasError() {
		diags.Append(problems...)
		return
	}
	values, kind := valuesOf(written.Raw), state.Schema.Type().TerraformType(ctx)
	setTimes(values, kind)
	state.Raw = tftypes.NewValue(kind, map[string]tftypes.Value(values))
}

func (k *dataKernel[D]) ValidateConfig(ctx context.Context, req datasource.ValidateConfigRequest, resp *datasource.ValidateConfigResponse) {
	if k.source.Validate == nil {
		return
	}
	config := k.config(ctx, req.Config, &resp.Diagnostics)
	if !resp.Diagnostics.HasError() {
		k.source.Validate(&DataCall[D]{Data: config, Diags: &resp.Diagnostics})
	}
}

func (k *dataKernel[D]) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	data := k.config(ctx, req.Config, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	label := k.source.Label(data)
	if err := k.source.Read(ctx, &DataCall[D]{Client: k.client, Data: data, Diags: &resp.Diagnostics}); err != nil {
		tfkit.AddAPIError(&resp.Diagnostics, label, err)
	}
	if !resp.Diagnostics.HasError() {
		k.save(ctx, data, &resp.State, &resp.Diagnostics)
	}
}

// FindBy adds the two attributes that choose the object of a data source,
// its id or another one, which has a description and a
// validator.
func FindBy(attributes map[string]schema.Attribute, object, id, other, description string, check validator.String) {
	attributes[id] = schema.StringAttribute{
		MarkdownDescription: "Id of the " + object + " to read. Exactly one of `" + id + "` and `" + other + "` must be configured.",
		Optional:            true,
		Computed:            true,
		Validators:          []validator.String{tfkit.ID(), stringvalidator.ExactlyOneOf(path.MatchRoot(id), path.MatchRoot(other))},
	}
	attributes[other] = schema.StringAttribute{MarkdownDescription: description, Optional: true, Computed: true, Validators: []validator.String{check}}
}

// Parameter is an id that names the object of a data source.
func Parameter(description string) schema.StringAttribute {
	return schema.StringAttribute{MarkdownDescription: description, Required: true, Validators: []validator.String{tfkit.ID()}}
}

// Flatten converts the items of a list. The result is empty, not null, when
// there are none.
func Flatten[T, F any](items []T, convert func(item *T) F) []F {
	flat := make([]F, len(items))
	for i := range items {
		flat[i] = convert(&items[i])
	}
	return flat
}
