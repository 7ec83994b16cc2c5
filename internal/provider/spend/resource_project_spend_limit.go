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

type projectSpendLimitModel struct {
	ProjectID types.String `tfsdk:"project_id"`
	spendLimitModel
	tfkit.SuppressedWarnings
}

func projectSpendLimit() lifecycle.Setting[*projectSpendLimitModel] {
	return spendLimit(lifecycle.Core[*projectSpendLimitModel]{
		Type:     "project_spend_limit",
		Schema:   projectSpendLimitSchema,
		Identity: []lifecycle.Identifier{{Name: "project_id", Description: "Id of the project."}},
		Paths: func(object lifecycle.Values) lifecycle.Paths {
			return lifecycle.Named(object.Path("/organization/projects/{project_id}/spend_limit"))
		},
		Unaudited: "The log has no events for spend limits.",
		Legacy:    lifecycle.Foreign{Type: "openai_project_spend_limit"},
		List: lifecycle.ListProjectSettings("The hard spend limits of one project, or of all projects with a limit.", "the spend limit",
			func(ctx context.Context, client *adminapi.Client, projectID string) (*adminapi.SpendLimit, error) {
				return client.SpendLimits.Get(ctx, projectID)
			},
			func(_ context.Context, project *openai.Project, limit *adminapi.SpendLimit, _ *diag.Diagnostics) (string, *projectSpendLimitModel) {
				m := projectSpendLimitModel{ProjectID: types.StringValue(project.ID), SuppressedWarnings: tfkit.NoSuppressedWarnings()}
				m.flatten(project.ID, limit)
				return project.Name + ", " + m.label(), &m
			}),
	}, func(m *projectSpendLimitModel) (*spendLimitModel, string, bool) {
		return &m.spendLimitModel, m.ProjectID.ValueString(), !m.ProjectID.IsUnknown()
	})
}

func projectSpendLimitSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "The **hard** spend limit of a project. Once the spend of the month reaches the limit, the API refuses calls with the project's keys, with status 429. It accepts calls again when the limit is raised or removed, or when the month ends. " +
			"Other projects are not affected. Use `openai_project_spend_alert` to notify people before the limit is reached.\n\n" +
			"A project has at most one hard limit. Creating this resource sets the limit, or adopts an equal limit, or overwrites a different one. The plan names an existing limit and shows the old and the new value. Destroying the resource removes the limit; it does not restore an overwritten one.",
		Attributes: map[string]schema.Attribute{
			"project_id": tfkit.ParentID("Id of the project (`proj_…`)."),
			"threshold_amount": thresholdAmount("Monthly hard spend limit, in **cents**, at least 1. " +
				"Configure `threshold_amount` or `threshold_usd`; the provider computes the other. It accepts both if they are the same amount. Changed in place."),
			"threshold_usd": thresholdUSD("Monthly hard spend limit, in **US dollars**, at least 0.01, with two decimals at most. " +
				"Configure `threshold_amount` or `threshold_usd`; the provider computes the other. It accepts both if they are the same amount. Changed in place."),
			"currency":           currency(),
			"interval":           interval(),
			"enforcement_status": tfkit.ComputedString("Whether the API currently refuses calls: `inactive` or `enforcing`. The API changes this value; plans never show a change of it."),
			"object":             tfkit.ComputedString("Type of the object in the API."),
			"suppress_warnings":  tfkit.SuppressWarningsAttribute(limitChecks...),
		},
	}
}
