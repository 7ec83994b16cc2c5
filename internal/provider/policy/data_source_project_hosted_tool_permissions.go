package policy

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

var _ datasource.DataSourceWithConfigure = (*hostedToolsDataSource)(nil)

type hostedToolsDataSource struct{ tfkit.DataSource }

func newHostedToolsDataSource() datasource.DataSource { return &hostedToolsDataSource{} }

func (d *hostedToolsDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_project_hosted_tool_permissions"
}

func (d *hostedToolsDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := map[string]schema.Attribute{
		"project_id": tfkit.ProjectParameter(),
		"id":         schema.StringAttribute{Computed: true, MarkdownDescription: "Id of the project."},
	}
	for name, description := range toolDescriptions {
		attributes[name] = schema.BoolAttribute{Computed: true, MarkdownDescription: description}
	}
	resp.Schema = schema.Schema{MarkdownDescription: "Which of the tools that OpenAI runs a project may use.", Attributes: attributes}
}

func (d *hostedToolsDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var state struct {
		ID        types.String `tfsdk:"id"`
		ProjectID types.String `tfsdk:"project_id"`
		toolsModel
	}
	resp.Diagnostics.Append(req.Config.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	tools, err := d.Client.HostedTools.Get(ctx, state.ProjectID.ValueString())
	if err != nil {
		read := hostedToolsModel{ProjectID: state.ProjectID}
		tfkit.AddAPIError(&resp.Diagnostics, read.label(), err)
		return
	}
	state.ID = state.ProjectID
	state.toolsModel = flattenTools(tools)
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
}
