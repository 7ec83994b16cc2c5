package limit

import (
	"cmp"
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

var (
	_ datasource.DataSourceWithConfigure = (*organizationSpendAlertsDataSource)(nil)
	_ datasource.DataSourceWithConfigure = (*projectSpendAlertsDataSource)(nil)
)

func spendAlertsField() schema.ListNestedAttribute {
	return schema.ListNestedAttribute{
		MarkdownDescription: "The alerts, lowest amount first.",
		Computed:            true,
		NestedObject:        schema.NestedAttributeObject{Attributes: spendAlertFields()},
	}
}

// listAlerts reads the alerts of a scope in an order that stays.
func listAlerts(ctx context.Context, client *adminapi.Client, scope, label string, diags *diag.Diagnostics) []spendAlertFieldsModel {
	alerts, err := client.SpendAlerts.List(ctx, scope)
	if err != nil {
		tfkit.AddAPIError(diags, label, err)
		return nil
	}
	slices.SortFunc(alerts, func(a, b adminapi.SpendAlert) int {
		return cmp.Or(cmp.Compare(a.ThresholdAmount, b.ThresholdAmount), cmp.Compare(a.ID, b.ID))
	})
	fields := make([]spendAlertFieldsModel, len(alerts))
	for i := range alerts {
		fields[i] = newSpendAlertFields(ctx, &alerts[i], diags)
	}
	return fields
}

type organizationSpendAlertsDataSource struct{ tfkit.DataSource }

func newOrganizationSpendAlertsDataSource() datasource.DataSource {
	return &organizationSpendAlertsDataSource{}
}

func (d *organizationSpendAlertsDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_organization_spend_alerts"
}

func (d *organizationSpendAlertsDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "The spend alerts of the organisation. All pages are read.",
		Attributes: map[string]schema.Attribute{
			"id":           schema.StringAttribute{Computed: true, MarkdownDescription: "Always `organization`."},
			"spend_alerts": spendAlertsField(),
		},
	}
}

func (d *organizationSpendAlertsDataSource) Read(ctx context.Context, _ datasource.ReadRequest, resp *datasource.ReadResponse) {
	var state struct {
		ID          types.String            `tfsdk:"id"`
		SpendAlerts []spendAlertFieldsModel `tfsdk:"spend_alerts"`
	}
	state.ID = types.StringValue(organizationSingleton)
	state.SpendAlerts = listAlerts(ctx, d.Client, adminapi.WholeOrganization, "the spend alerts of the organisation", &resp.Diagnostics)
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	}
}

type projectSpendAlertsDataSource struct{ tfkit.DataSource }

func newProjectSpendAlertsDataSource() datasource.DataSource { return &projectSpendAlertsDataSource{} }

func (d *projectSpendAlertsDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_project_spend_alerts"
}

func (d *projectSpendAlertsDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "The spend alerts of a project. All pages are read.",
		Attributes: map[string]schema.Attribute{
			"project_id":   tfkit.ProjectParameter(),
			"id":           schema.StringAttribute{Computed: true, MarkdownDescription: "Id of the project."},
			"spend_alerts": spendAlertsField(),
		},
	}
}

func (d *projectSpendAlertsDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var state struct {
		ProjectID   types.String            `tfsdk:"project_id"`
		ID          types.String            `tfsdk:"id"`
		SpendAlerts []spendAlertFieldsModel `tfsdk:"spend_alerts"`
	}
	resp.Diagnostics.Append(req.Config.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	id := state.ProjectID.ValueString()
	state.ID = state.ProjectID
	state.SpendAlerts = listAlerts(ctx, d.Client, id, "the spend alerts of project "+id, &resp.Diagnostics)
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	}
}
