package limit

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
	_ datasource.DataSourceWithConfigure = (*organizationSpendLimitDataSource)(nil)
	_ datasource.DataSourceWithConfigure = (*projectSpendLimitDataSource)(nil)
)

// spendLimitFields are the attributes of a limit.
func spendLimitFields() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id":                 schema.StringAttribute{Computed: true, MarkdownDescription: "`organization`, or the id of the project."},
		"threshold_amount":   schema.Int64Attribute{Computed: true, MarkdownDescription: "What may be spent in a month, in cents."},
		"threshold_usd":      schema.NumberAttribute{Computed: true, MarkdownDescription: "What may be spent in a month, in US dollars."},
		"currency":           schema.StringAttribute{Computed: true, MarkdownDescription: "Currency: `USD`."},
		"interval":           schema.StringAttribute{Computed: true, MarkdownDescription: "Span of time in which the spend is counted: `month`."},
		"enforcement_status": schema.StringAttribute{Computed: true, MarkdownDescription: "Whether the limit bites: `inactive` or `enforcing`."},
		"object":             schema.StringAttribute{Computed: true, MarkdownDescription: "Type of the object, as the API names it."},
	}
}

type spendLimitFieldsModel struct {
	ID types.String `tfsdk:"id"`
	spendLimitModel
}

// readLimit reads the limit of a scope. It says so when there is none, as a
// reader of the configuration expects a number.
func readLimit(ctx context.Context, client *adminapi.Client, scope, id string, diags *diag.Diagnostics) (m spendLimitFieldsModel) {
	limit, err := client.SpendLimits.Get(ctx, scope)
	switch {
	case adminapi.IsNotFound(err):
		diags.AddError("No spend limit", "There is no "+limitLabel(scope)+".")
	case err != nil:
		tfkit.AddAPIError(diags, limitLabel(scope), err)
	default:
		m.ID = types.StringValue(id)
		m.flatten(scope, limit)
	}
	return m
}

type organizationSpendLimitDataSource struct{ tfkit.DataSource }

func newOrganizationSpendLimitDataSource() datasource.DataSource {
	return &organizationSpendLimitDataSource{}
}

func (d *organizationSpendLimitDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_organization_spend_limit"
}

func (d *organizationSpendLimitDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "The hard spend limit of the organisation. An error when there is none.",
		Attributes:          spendLimitFields(),
	}
}

func (d *organizationSpendLimitDataSource) Read(ctx context.Context, _ datasource.ReadRequest, resp *datasource.ReadResponse) {
	state := readLimit(ctx, d.Client, adminapi.WholeOrganization, organizationSingleton, &resp.Diagnostics)
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	}
}

type projectSpendLimitDataSource struct{ tfkit.DataSource }

func newProjectSpendLimitDataSource() datasource.DataSource { return &projectSpendLimitDataSource{} }

func (d *projectSpendLimitDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_project_spend_limit"
}

func (d *projectSpendLimitDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := spendLimitFields()
	attributes["project_id"] = tfkit.ProjectParameter()
	resp.Schema = schema.Schema{
		MarkdownDescription: "The hard spend limit of a project. An error when there is none.",
		Attributes:          attributes,
	}
}

func (d *projectSpendLimitDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var state struct {
		ProjectID types.String `tfsdk:"project_id"`
		spendLimitFieldsModel
	}
	resp.Diagnostics.Append(req.Config.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	id := state.ProjectID.ValueString()
	state.spendLimitFieldsModel = readLimit(ctx, d.Client, id, id, &resp.Diagnostics)
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	}
}
