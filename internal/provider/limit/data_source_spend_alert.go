package limit

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

var (
	_ datasource.DataSourceWithConfigure = (*organizationSpendAlertDataSource)(nil)
	_ datasource.DataSourceWithConfigure = (*projectSpendAlertDataSource)(nil)
)

// spendAlertFields are the attributes of an alert.
func spendAlertFields() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id":                                  schema.StringAttribute{Computed: true, MarkdownDescription: "Id of the alert (`alert_…`)."},
		"threshold_amount":                    schema.Int64Attribute{Computed: true, MarkdownDescription: "The month's spend that sends the alert, in cents."},
		"threshold_usd":                       schema.NumberAttribute{Computed: true, MarkdownDescription: "The month's spend that sends the alert, in US dollars."},
		"currency":                            schema.StringAttribute{Computed: true, MarkdownDescription: "Currency: `USD`."},
		"interval":                            schema.StringAttribute{Computed: true, MarkdownDescription: "Span of time in which the spend is counted: `month`."},
		"notification_channel_type":           schema.StringAttribute{Computed: true, MarkdownDescription: "How the recipients are notified: `email`."},
		"notification_channel_recipients":     schema.SetAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: "E-mail addresses that are notified."},
		"notification_channel_subject_prefix": schema.StringAttribute{Computed: true, MarkdownDescription: "Text before the subject of the e-mail; null when there is none."},
	}
}

// alertParameter is the alert that a data source is about.
func alertParameter() schema.StringAttribute {
	return schema.StringAttribute{
		MarkdownDescription: "Id of the alert to read (`alert_…`).",
		Required:            true,
		Validators:          []validator.String{tfkit.ID()},
	}
}

type spendAlertFieldsModel struct {
	moneyModel
	ID            types.String `tfsdk:"id"`
	Recipients    types.Set    `tfsdk:"notification_channel_recipients"`
	ChannelType   types.String `tfsdk:"notification_channel_type"`
	SubjectPrefix types.String `tfsdk:"notification_channel_subject_prefix"`
}

func newSpendAlertFields(ctx context.Context, alert *adminapi.SpendAlert, diags *diag.Diagnostics) spendAlertFieldsModel {
	var m spendAlertModel
	m.flatten(ctx, alert, diags)
	return spendAlertFieldsModel{moneyModel: m.moneyModel, ID: m.ID, Recipients: m.Recipients, ChannelType: m.ChannelType, SubjectPrefix: m.SubjectPrefix}
}

// readAlert reads one alert of a scope.
func readAlert(ctx context.Context, client *adminapi.Client, scope, id string, diags *diag.Diagnostics) (m spendAlertFieldsModel) {
	alert, err := client.SpendAlerts.Get(ctx, scope, id)
	if err != nil {
		tfkit.AddAPIError(diags, "spend alert "+id, err)
		return m
	}
	return newSpendAlertFields(ctx, alert, diags)
}

type organizationSpendAlertDataSource struct{ tfkit.DataSource }

func newOrganizationSpendAlertDataSource() datasource.DataSource {
	return &organizationSpendAlertDataSource{}
}

func (d *organizationSpendAlertDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_organization_spend_alert"
}

func (d *organizationSpendAlertDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := spendAlertFields()
	attributes["alert_id"] = alertParameter()
	resp.Schema = schema.Schema{MarkdownDescription: "One spend alert of the organisation, by id.", Attributes: attributes}
}

func (d *organizationSpendAlertDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var state struct {
		AlertID types.String `tfsdk:"alert_id"`
		spendAlertFieldsModel
	}
	resp.Diagnostics.Append(req.Config.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	state.spendAlertFieldsModel = readAlert(ctx, d.Client, adminapi.WholeOrganization, state.AlertID.ValueString(), &resp.Diagnostics)
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	}
}

type projectSpendAlertDataSource struct{ tfkit.DataSource }

func newProjectSpendAlertDataSource() datasource.DataSource { return &projectSpendAlertDataSource{} }

func (d *projectSpendAlertDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_project_spend_alert"
}

func (d *projectSpendAlertDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := spendAlertFields()
	attributes["alert_id"] = alertParameter()
	attributes["project_id"] = tfkit.ProjectParameter()
	resp.Schema = schema.Schema{MarkdownDescription: "One spend alert of a project, by id.", Attributes: attributes}
}

func (d *projectSpendAlertDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var state struct {
		ProjectID types.String `tfsdk:"project_id"`
		AlertID   types.String `tfsdk:"alert_id"`
		spendAlertFieldsModel
	}
	resp.Diagnostics.Append(req.Config.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	state.spendAlertFieldsModel = readAlert(ctx, d.Client, state.ProjectID.ValueString(), state.AlertID.ValueString(), &resp.Diagnostics)
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	}
}
