package project

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/openai/openai-go/v3"

	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

var _ list.ListResourceWithConfigure = (*projectList)(nil)

type projectList struct{ projectResource }

func newProjectList() list.ListResource { return &projectList{} }

func (l *projectList) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = tfkit.NoFilter("The active projects of the organisation, the default project among them. Archived ones cannot be managed, and are not listed.")
}

func (l *projectList) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	active := func(ctx context.Context) ([]openai.Project, error) { return l.Client.Projects.List(ctx, false) }
	tfkit.ListOrganization(ctx, req, stream, "the projects", active, func(project *openai.Project, _ *diag.Diagnostics) *tfkit.Listed {
		m := projectModel{Acknowledged: tfkit.NotAcknowledged()}
		m.take(project)
		return &tfkit.Listed{Name: project.Name, Model: m, Identity: m.identity()}
	})
}
