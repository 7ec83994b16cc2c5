package spend

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/openai/openai-go/v3"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

type projectSpendAlertModel struct {
	ProjectID types.String `tfsdk:"project_id"`
	spendAlertModel
}

func projectSpendAlert() lifecycle.Object[*projectSpendAlertModel] {
	return spendAlert(lifecycle.Core[*projectSpendAlertModel]{
		Type:   "project_spend_alert",
		Schema: projectSpendAlertSchema,
		Identity: []lifecycle.Identifier{
			{Name: "project_id", Description: "Id of the project."},
			{Name: "alert_id", Description: "Id of the alert."},
		},
		Paths: func(object lifecycle.Values) lifecycle.Paths {
			return lifecycle.Named(object.Path("/organization/projects/{project_id}/spend_alerts/{alert_id}"))
		},
		Unaudited: "The log has no events for spend alerts.",
		Legacy:    lifecycle.Foreign{Type: "openai_project_spend_alert", Names: foreignSpendAlert},
		List: lifecycle.ListProjects("The spend alerts of one project or of all projects.", "the spend alerts",
			func(ctx context.Context, client *adminapi.Client, projectID string) ([]adminapi.SpendAlert, error) {
				return client.SpendAlerts.List(ctx, projectID)
			},
			func(ctx context.Context, project *openai.Project, alert *adminapi.SpendAlert, diags *diag.Diagnostics) (string, *projectSpendAlertModel) {
				m := projectSpendAlertModel{ProjectID: types.StringValue(project.ID), spendAlertModel: spendAlertModel{SuppressedWarnings: tfkit.NoSuppressedWarnings()}}
				m.flatten(ctx, alert, diags)
				return project.Name + ", " + m.label(), &m
			}),
	}, func(m *projectSpendAlertModel) (*spendAlertModel, string, bool) {
		return &m.spendAlertModel, m.ProjectID.ValueString(), !m.ProjectID.IsUnknown()
	})
}

func projectSpendAlertSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "A spend alert of a project, a **soft** limit. Once the spend of the month reaches the threshold, the recipients get an e-mail. The API does not refuse calls. " +
			"To limit the spend, use `openai_project_spend_limit`.",
		Attributes: spendAlertAttributes(map[string]schema.Attribute{
			"project_id": tfkit.ParentID("Id of the project (`proj_…`)."),
		}),
	}
}
