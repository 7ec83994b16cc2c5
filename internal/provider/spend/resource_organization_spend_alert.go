package spend

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

type organizationSpendAlertModel struct{ spendAlertModel }

func organizationSpendAlert() lifecycle.Object[*organizationSpendAlertModel] {
	return spendAlert(lifecycle.Core[*organizationSpendAlertModel]{
		Type:     "organization_spend_alert",
		Schema:   organizationSpendAlertSchema,
		Identity: []lifecycle.Identifier{{Name: "alert_id", Description: "Id of the alert."}},
		Paths: func(object lifecycle.Values) lifecycle.Paths {
			return lifecycle.Named(object.Path("/organization/spend_alerts/{alert_id}"))
		},
		Legacy: lifecycle.Foreign{
			Type:  "openai_organization_spend_alert",
			Types: []lifecycle.ForeignType{{Provider: lifecycle.Jianyuan, Type: "openai_spend_alert"}},
			Names: foreignSpendAlert,
		},
		List: lifecycle.ListOrganization("The spend alerts of the organization.", "the spend alerts",
			func(ctx context.Context, client *adminapi.Client) ([]adminapi.SpendAlert, error) {
				return client.SpendAlerts.List(ctx, adminapi.WholeOrganization)
			},
			func(ctx context.Context, alert *adminapi.SpendAlert, diags *diag.Diagnostics) (string, *organizationSpendAlertModel) {
				m := organizationSpendAlertModel{spendAlertModel{SuppressedWarnings: tfkit.NoSuppressedWarnings()}}
				m.flatten(ctx, alert, diags)
				return m.label(), &m
			}),
	}, func(m *organizationSpendAlertModel) (*spendAlertModel, string, bool) {
		return &m.spendAlertModel, adminapi.WholeOrganization, true
	})
}

func organizationSpendAlertSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "A spend alert of the organization, a **soft** limit. Once the spend of the month reaches the threshold, the recipients get an e-mail. The API does not refuse calls. " +
			"To limit the spend, use `openai_organization_spend_limit`.",
		Attributes: spendAlertAttributes(nil),
	}
}
