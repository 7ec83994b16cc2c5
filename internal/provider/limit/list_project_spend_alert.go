package limit

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/openai/openai-go/v3"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

var _ list.ListResourceWithConfigure = (*projectSpendAlertList)(nil)

type projectSpendAlertList struct{ projectSpendAlertResource }

func newProjectSpendAlertList() list.ListResource { return &projectSpendAlertList{} }

func (l *projectSpendAlertList) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = tfkit.ProjectFilter("The spend alerts of one project or of all.")
}

func (l *projectSpendAlertList) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	tfkit.ListProjects(ctx, req, stream, l.Client, "the spend alerts", l.Client.SpendAlerts.List,
		func(project *openai.Project, alert *adminapi.SpendAlert, diags *diag.Diagnostics) *tfkit.Listed {
			m := projectSpendAlertModel{ProjectID: types.StringValue(project.ID), spendAlertModel: spendAlertModel{Acknowledged: tfkit.NotAcknowledged()}}
			m.take(ctx, alert, diags)
			return &tfkit.Listed{Name: project.Name + ", " + m.label(), Model: m, Identity: m.identity()}
		})
}
