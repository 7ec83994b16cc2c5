package policy

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

var _ datasource.DataSourceWithConfigure = (*serviceTiersDataSource)(nil)

type serviceTiersDataSource struct{ tfkit.DataSource }

func newServiceTiersDataSource() datasource.DataSource { return &serviceTiersDataSource{} }

func (d *serviceTiersDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_project_service_tier_settings"
}

func (d *serviceTiersDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Which service tiers the requests of a project may choose.",
		Attributes: map[string]schema.Attribute{
			"project_id":    tfkit.ProjectParameter(),
			"id":            schema.StringAttribute{Computed: true, MarkdownDescription: "Id of the project."},
			"default":       schema.StringAttribute{Computed: true, MarkdownDescription: "Tier of requests that name none: `standard`, `fast` or `scale`."},
			"enabled_tiers": schema.SetAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: "Tiers that requests may choose beside the standard one, or `all` alone."},
		},
	}
}

func (d *serviceTiersDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var state struct {
		ID           types.String `tfsdk:"id"`
		ProjectID    types.String `tfsdk:"project_id"`
		Default      types.String `tfsdk:"default"`
		EnabledTiers types.Set    `tfsdk:"enabled_tiers"`
	}
	resp.Diagnostics.Append(req.Config.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	read := serviceTiersModel{ProjectID: state.ProjectID}
	tiers, err := d.Client.ServiceTiers.Get(ctx, state.ProjectID.ValueString())
	if err != nil {
		tfkit.AddAPIError(&resp.Diagnostics, read.label(), err)
		return
	}
	read.flatten(ctx, tiers, &resp.Diagnostics)
	state.ID, state.Default, state.EnabledTiers = state.ProjectID, read.Default, read.EnabledTiers
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
}
