package key

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/openai/openai-go/v3"

	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

var _ list.ListResourceWithConfigure = (*serviceAccountList)(nil)

type serviceAccountList struct{ serviceAccountResource }

func newServiceAccountList() list.ListResource { return &serviceAccountList{} }

func (l *serviceAccountList) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = tfkit.ProjectFilter("The service accounts of one project or of all.")
}

func (l *serviceAccountList) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	tfkit.ListProjects(ctx, req, stream, l.Client, "the service accounts", l.Client.ServiceAccounts.List,
		func(project *openai.Project, account *openai.ProjectServiceAccount, _ *diag.Diagnostics) *tfkit.Listed {
			m := serviceAccountModel{ProjectID: types.StringValue(project.ID)}
			m.take(account)
			return &tfkit.Listed{Name: account.Name + " in " + project.Name, Model: m, Identity: m.identity()}
		})
}
