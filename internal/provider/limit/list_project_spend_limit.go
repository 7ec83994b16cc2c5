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

var _ list.ListResourceWithConfigure = (*projectSpendLimitList)(nil)

type projectSpendLimitList struct{ projectSpendLimitResource }

func newProjectSpendLimitList() list.ListResource { return &projectSpendLimitList{} }

func (l *projectSpendLimitList) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = tfkit.ProjectFilter("The hard spend limits of one project or of all that have one.")
}

func (l *projectSpendLimitList) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	tfkit.ListProjectSettings(ctx, req, stream, l.Client, "the spend limit", l.Client.SpendLimits.Get,
		func(project *openai.Project, limit *adminapi.SpendLimit, _ *diag.Diagnostics) *tfkit.Listed {
			m := projectSpendLimitModel{ProjectID: types.StringValue(project.ID), Acknowledged: tfkit.NotAcknowledged()}
			m.take(projectLimitObject, limit)
			return &tfkit.Listed{Name: project.Name + ", " + m.label(), Model: m, Identity: m.identity()}
		})
}
