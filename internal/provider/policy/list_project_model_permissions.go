package policy

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/openai/openai-go/v3"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

var _ list.ListResourceWithConfigure = (*modelPermissionsList)(nil)

type modelPermissionsList struct{ modelPermissionsResource }

func newModelPermissionsList() list.ListResource { return &modelPermissionsList{} }

func (l *modelPermissionsList) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = tfkit.ProjectFilter("The model permissions of one project or of all that limit their models.")
}

func (l *modelPermissionsList) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	tfkit.ListProjectSettings(ctx, req, stream, l.Client, "the model permissions", l.Client.ModelPolicies.Get,
		func(project *openai.Project, policy *adminapi.ModelPolicy, diags *diag.Diagnostics) *tfkit.Listed {
			m := modelPermissionsModel{ProjectID: types.StringValue(project.ID)}
			m.take(ctx, policy, diags)
			return &tfkit.Listed{Name: "the models of " + project.Name, Model: m, Identity: m.identity()}
		})
}
