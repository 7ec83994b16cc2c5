package limit

import (
	"cmp"
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/openai/openai-go/v3"

	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

var _ datasource.DataSourceWithConfigure = (*rateLimitsDataSource)(nil)

type rateLimitsDataSource struct{ tfkit.DataSource }

func newRateLimitsDataSource() datasource.DataSource { return &rateLimitsDataSource{} }

func (d *rateLimitsDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_project_rate_limits"
}

func (d *rateLimitsDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "What a project may request of each model. All pages are read.",
		Attributes: map[string]schema.Attribute{
			"project_id": tfkit.ProjectParameter(),
			"id":         schema.StringAttribute{Computed: true, MarkdownDescription: "Id of the project."},
			"rate_limits": schema.ListNestedAttribute{
				MarkdownDescription: "The rate limits, by model.",
				Computed:            true,
				NestedObject:        schema.NestedAttributeObject{Attributes: rateLimitFields()},
			},
		},
	}
}

func (d *rateLimitsDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var state struct {
		ProjectID  types.String           `tfsdk:"project_id"`
		ID         types.String           `tfsdk:"id"`
		RateLimits []rateLimitFieldsModel `tfsdk:"rate_limits"`
	}
	resp.Diagnostics.Append(req.Config.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	limits, err := d.Client.RateLimits.List(ctx, state.ProjectID.ValueString())
	if err != nil {
		tfkit.AddAPIError(&resp.Diagnostics, "the rate limits of project "+state.ProjectID.ValueString(), err)
		return
	}
	slices.SortFunc(limits, func(a, b openai.ProjectRateLimit) int {
		return cmp.Or(cmp.Compare(a.Model, b.Model), cmp.Compare(a.ID, b.ID))
	})
	state.ID = state.ProjectID
	state.RateLimits = make([]rateLimitFieldsModel, len(limits))
	for i := range limits {
		state.RateLimits[i] = newRateLimitFields(&limits[i])
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
}
