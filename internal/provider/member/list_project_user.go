package member

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/openai/openai-go/v3"

	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

var _ list.ListResourceWithConfigure = (*projectUserList)(nil)

type projectUserList struct{ projectUserResource }

func newProjectUserList() list.ListResource { return &projectUserList{} }

func (l *projectUserList) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = tfkit.ProjectFilter("The members of one project or of all.")
}

func (l *projectUserList) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	tfkit.ListProjects(ctx, req, stream, l.Client, "the members", l.Client.ProjectUsers.List,
		func(project *openai.Project, user *openai.ProjectUser, _ *diag.Diagnostics) *tfkit.Listed {
			m := projectUserModel{ProjectID: types.StringValue(project.ID), Acknowledged: tfkit.NotAcknowledged()}
			m.take(user)
			return &tfkit.Listed{Name: user.Email + " in " + project.Name, Model: m, Identity: m.identity()}
		})
}
