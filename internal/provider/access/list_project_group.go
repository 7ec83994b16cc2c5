package access

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/openai/openai-go/v3"

	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

var _ list.ListResourceWithConfigure = (*projectGroupList)(nil)

type projectGroupList struct{ projectGroupResource }

func newProjectGroupList() list.ListResource { return &projectGroupList{} }

func (l *projectGroupList) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = tfkit.ProjectFilter("The groups of one project or of all, with one more request for each group, which tells its role.")
}

func (l *projectGroupList) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	tfkit.ListProjects(ctx, req, stream, l.Client, "the groups", l.groups,
		func(project *openai.Project, m *projectGroupModel, _ *diag.Diagnostics) *tfkit.Listed {
			return &tfkit.Listed{Name: m.GroupName.ValueString() + " in " + project.Name, Model: m, Identity: m.identity()}
		})
}

// groups are the groups of a project with their roles.
func (l *projectGroupList) groups(ctx context.Context, projectID string) ([]projectGroupModel, error) {
	groups, err := l.Client.ProjectGroups.List(ctx, projectID)
	if err != nil {
		return nil, err
	}
	models := make([]projectGroupModel, len(groups))
	for i := range groups {
		m := &models[i]
		m.ProjectID, m.GroupID = types.StringValue(projectID), types.StringValue(groups[i].GroupID)
		m.take(&groups[i])
		roles, err := l.Client.RoleAssignments.List(ctx, m.assignee())
		if err != nil {
			return nil, err
		}
		m.Role = mainRole(roles)
	}
	return models, nil
}
