package trust

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/openai/openai-go/v3"

	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

var _ list.ListResourceWithConfigure = (*projectCertificatesList)(nil)

type projectCertificatesList struct{ projectCertificatesResource }

func newProjectCertificatesList() list.ListResource { return &projectCertificatesList{} }

func (l *projectCertificatesList) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = tfkit.ProjectFilter("The certificates that are active in one project or in all, one object for each project that has any.")
}

func (l *projectCertificatesList) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	active := func(ctx context.Context, projectID string) (*[]string, error) {
		ids, err := l.active(ctx, &projectCertificatesModel{ProjectID: types.StringValue(projectID)})
		return &ids, err
	}
	tfkit.ListProjectSettings(ctx, req, stream, l.Client, "the certificates", active,
		func(project *openai.Project, ids *[]string, diags *diag.Diagnostics) *tfkit.Listed {
			if len(*ids) == 0 {
				return nil
			}
			m := projectCertificatesModel{types.StringValue(project.ID), tfkit.StringSet(ctx, *ids, diags)}
			return &tfkit.Listed{Name: "the certificates of " + project.Name, Model: m, Identity: m.identity()}
		})
}
