package limit

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/openai/openai-go/v3"

	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

var _ list.ListResourceWithConfigure = (*rateLimitList)(nil)

type rateLimitList struct{ rateLimitResource }

func newRateLimitList() list.ListResource { return &rateLimitList{} }

func (l *rateLimitList) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = tfkit.ProjectFilter("The rate limits of one project or of all: one for each model.")
}

func (l *rateLimitList) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	tfkit.ListProjects(ctx, req, stream, l.Client, "the rate limits", l.Client.RateLimits.List,
		func(project *openai.Project, limit *openai.ProjectRateLimit, _ *diag.Diagnostics) *tfkit.Listed {
			m := rateLimitModel{ProjectID: types.StringValue(project.ID), RestoreValues: types.MapNull(types.Int64Type)}
			m.take(limit)
			return &tfkit.Listed{Name: limit.Model + " in " + project.Name, Model: m, Identity: m.identity()}
		})
}
