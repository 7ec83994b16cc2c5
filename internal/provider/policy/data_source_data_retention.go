package policy

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

var (
	_ datasource.DataSourceWithConfigure = (*organizationRetentionDataSource)(nil)
	_ datasource.DataSourceWithConfigure = (*projectRetentionDataSource)(nil)
)

// retentionFields are the attributes of a retention.
func retentionFields() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id":     schema.StringAttribute{Computed: true, MarkdownDescription: "`organization`, or the id of the project."},
		"type":   schema.StringAttribute{Computed: true, MarkdownDescription: "How long data are kept and who may look at them, for example `zero_data_retention`."},
		"object": schema.StringAttribute{Computed: true, MarkdownDescription: "Type of the object, as the API names it."},
	}
}

type retentionFieldsModel struct {
	ID types.String `tfsdk:"id"`
	retentionModel
}

func readRetention(ctx context.Context, client *adminapi.Client, scope, id string, diags *diag.Diagnostics) retentionFieldsModel {
	kind, err := client.DataRetention.Get(ctx, scope)
	if err != nil {
		tfkit.AddAPIError(diags, retentionLabel(scope), err)
	}
	return retentionFieldsModel{types.StringValue(id), flattenRetention(scope, kind)}
}

type organizationRetentionDataSource struct{ tfkit.DataSource }

func newOrganizationRetentionDataSource() datasource.DataSource {
	return &organizationRetentionDataSource{}
}

func (d *organizationRetentionDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_organization_data_retention"
}

func (d *organizationRetentionDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{MarkdownDescription: "How the data of the organisation are kept.", Attributes: retentionFields()}
}

func (d *organizationRetentionDataSource) Read(ctx context.Context, _ datasource.ReadRequest, resp *datasource.ReadResponse) {
	state := readRetention(ctx, d.Client, adminapi.WholeOrganization, organizationSingleton, &resp.Diagnostics)
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	}
}

type projectRetentionDataSource struct{ tfkit.DataSource }

func newProjectRetentionDataSource() datasource.DataSource { return &projectRetentionDataSource{} }

func (d *projectRetentionDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_project_data_retention"
}

func (d *projectRetentionDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := retentionFields()
	attributes["project_id"] = tfkit.ProjectParameter()
	resp.Schema = schema.Schema{MarkdownDescription: "How the data of a project are kept.", Attributes: attributes}
}

func (d *projectRetentionDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var state struct {
		ProjectID types.String `tfsdk:"project_id"`
		retentionFieldsModel
	}
	resp.Diagnostics.Append(req.Config.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	id := state.ProjectID.ValueString()
	state.retentionFieldsModel = readRetention(ctx, d.Client, id, id, &resp.Diagnostics)
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	}
}
