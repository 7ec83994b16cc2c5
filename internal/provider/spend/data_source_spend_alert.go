package spend

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
)

// One spend alert, of the organization or of a project.

type organizationSpendAlertDataModel struct {
	AlertID types.String `tfsdk:"alert_id"`
	spendAlertFieldsModel
}

func organizationSpendAlertData() lifecycle.DataSource[*organizationSpendAlertDataModel] {
	return spendAlertData("organization_spend_alert", "One spend alert of the organization, by id.", nil,
		func(d *organizationSpendAlertDataModel) (*organizationSpendAlertDataModel, string) {
			return d, adminapi.WholeOrganization
		})
}

type projectSpendAlertDataModel struct {
	ProjectID types.String `tfsdk:"project_id"`
	organizationSpendAlertDataModel
}

func projectSpendAlertData() lifecycle.DataSource[*projectSpendAlertDataModel] {
	return spendAlertData("project_spend_alert", "One spend alert of a project, by id.", projectParameter(),
		func(d *projectSpendAlertDataModel) (*organizationSpendAlertDataModel, string) {
			return &d.organizationSpendAlertDataModel, d.ProjectID.ValueString()
		})
}

// spendAlertData is the data source of one alert. own are the attributes that
// name the scope.
func spendAlertData[D any](kind, description string, own map[string]schema.Attribute, of func(d D) (alert *organizationSpendAlertDataModel, scope string)) lifecycle.DataSource[D] {
	attributes := spendAlertFields()
	attributes["alert_id"] = lifecycle.Parameter("Id of the alert to read (`alert_…`).")
	maps.Copy(attributes, own)
	return lifecycle.DataSource[D]{
		Type:   kind,
		Schema: schema.Schema{MarkdownDescription: description, Attributes: attributes},
		Label: func(d D) string {
			m, _ := of(d)
			return "spend alert " + m.AlertID.ValueString()
		},
		Read: func(ctx context.Context, call *lifecycle.DataCall[D]) error {
			m, scope := of(call.Data)
			alert, err := call.Client.SpendAlerts.Get(ctx, scope, m.AlertID.ValueString())
			if err == nil {
				m.spendAlertFieldsModel = newSpendAlertFields(ctx, alert, call.Diags)
			}
			return err
		},
	}
}

// All spend alerts, of the organization or of a project.

type organizationSpendAlertsDataModel struct {
	ID          types.String            `tfsdk:"id"`
	SpendAlerts []spendAlertFieldsModel `tfsdk:"spend_alerts"`
}

func organizationSpendAlertsData() lifecycle.DataSource[*organizationSpendAlertsDataModel] {
	return spendAlertsData("organization_spend_alerts", "The spend alerts of the organization. All pages are read.", "Always `organization`.", nil,
		func(d *organizationSpendAlertsDataModel) (*organizationSpendAlertsDataModel, string) {
			return d, adminapi.WholeOrganization
		})
}

type projectSpendAlertsDataModel struct {
	ProjectID types.String `tfsdk:"project_id"`
	organizationSpendAlertsDataModel
}

func projectSpendAlertsData() lifecycle.DataSource[*projectSpendAlertsDataModel] {
	return spendAlertsData("project_spend_alerts", "The spend alerts of a project. All pages are read.", "Id of the project.", projectParameter(),
		func(d *projectSpendAlertsDataModel) (*organizationSpendAlertsDataModel, string) {
			return &d.organizationSpendAlertsDataModel, d.ProjectID.ValueString()
		})
}

// spendAlertsData is the data source of all alerts. own are the attributes that
// name the scope.
func spendAlertsData[D any](kind, description, id string, own map[string]schema.Attribute, of func(d D) (list *organizationSpendAlertsDataModel, scope string)) lifecycle.DataSource[D] {
	attributes := map[string]schema.Attribute{
		"id": schema.StringAttribute{Computed: true, MarkdownDescription: id},
		"spend_alerts": schema.ListNestedAttribute{
			MarkdownDescription: "The alerts, lowest amount first.",
			Computed:            true,
			NestedObject:        schema.NestedAttributeObject{Attributes: spendAlertFields()},
		},
	}
	maps.Copy(attributes, own)
	return lifecycle.DataSource[D]{
		Type:   kind,
		Schema: schema.Schema{MarkdownDescription: description, Attributes: attributes},
		Label: func(d D) string {
			_, scope := of(d)
			return "the spend alerts of " + scopeLabel(scope)
		},
		Read: func(ctx context.Context, call *lifecycle.DataCall[D]) error {
			m, scope := of(call.Data)
			alerts, err := call.Client.SpendAlerts.List(ctx, scope)
			slices.SortFunc(alerts, func(a, b adminapi.SpendAlert) int {
				return cmp.Or(cmp.Compare(a.ThresholdAmount, b.ThresholdAmount), cmp.Compare(a.ID, b.ID))
			})
			m.ID = types.StringValue(cmp.Or(scope, organizationSingleton))
			m.SpendAlerts = lifecycle.Flatten(alerts, func(alert *adminapi.SpendAlert) spendAlertFieldsModel {
				return newSpendAlertFields(ctx, alert, call.Diags)
			})
			return err
		},
	}
}

// spendAlertFields are the attributes of an alert.
func spendAlertFields() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id":                                  schema.StringAttribute{Computed: true, MarkdownDescription: "Id of the alert (`alert_…`)."},
		"threshold_amount":                    schema.Int64Attribute{Computed: true, MarkdownDescription: "Monthly spend at which the alert is sent, in cents."},
		"threshold_usd":                       schema.NumberAttribute{Computed: true, MarkdownDescription: "Monthly spend at which the alert is sent, in US dollars."},
		"currency":                            schema.StringAttribute{Computed: true, MarkdownDescription: "Currency: `USD`."},
		"interval":                            schema.StringAttribute{Computed: true, MarkdownDescription: "Time range in which the spend is counted: `month`."},
		"notification_channel_type":           schema.StringAttribute{Computed: true, MarkdownDescription: "How the recipients are notified: `email`."},
		"notification_channel_recipients":     schema.SetAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: "E-mail addresses that are notified."},
		"notification_channel_subject_prefix": schema.StringAttribute{Computed: true, MarkdownDescription: "Text before the subject of the e-mail; null when there is none."},
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
