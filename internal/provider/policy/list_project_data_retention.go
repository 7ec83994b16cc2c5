package policy

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/openai/openai-go/v3"

	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

var _ list.ListResourceWithConfigure = (*projectRetentionList)(nil)

type projectRetentionList struct{ projectRetentionResource }

func newProjectRetentionList() list.ListResource { return &projectRetentionList{} }

func (l *projectRetentionList) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = tfkit.ProjectFilter("The data retention of one project or of all that have one of their own. A project that keeps data as the organisation does is not listed.")
}

func (l *projectRetentionList) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	get := func(ctx context.Context, projectID string) (*string, error) {
		kind, err := l.Client.DataRetention.Get(ctx, projectID)
		return &kind, err
	}
	tfkit.ListProjectSettings(ctx, req, stream, l.Client, "the data retention", get,
		func(project *openai.Project, kind *string, _ *diag.Diagnostics) *tfkit.Listed {
			if *kind == organizationDefault {
				return nil
			}
			m := projectRetentionModel{types.StringValue(project.ID), retentionOf(project.ID, *kind), types.MapNull(types.StringType)}
			return &tfkit.Listed{Name: "the data retention of " + project.Name, Model: m, Identity: m.identity()}
		})
}
