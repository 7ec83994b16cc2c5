package access

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/openai/openai-go/v3"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

var _ list.ListResourceWithConfigure = (*projectRoleList)(nil)

type projectRoleList struct{ projectRoleResource }

func newProjectRoleList() list.ListResource { return &projectRoleList{} }

func (l *projectRoleList) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = tfkit.ProjectFilter("The custom roles of one project or of all. Predefined roles cannot be managed, and are not listed.")
}

func (l *projectRoleList) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	custom := func(ctx context.Context, projectID string) ([]adminapi.Role, error) {
		return customRoles(ctx, l.Client, projectID)
	}
	tfkit.ListProjects(ctx, req, stream, l.Client, "the roles", custom,
		func(project *openai.Project, role *adminapi.Role, diags *diag.Diagnostics) *tfkit.Listed {
			m := projectRoleModel{ProjectID: types.StringValue(project.ID)}
			m.take(ctx, role, diags)
			return &tfkit.Listed{Name: role.Name + " in " + project.Name, Model: m, Identity: m.identity()}
		})
}
