package trust

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

var _ list.ListResourceWithConfigure = (*externalStorageList)(nil)

type externalStorageList struct{ externalStorageResource }

func newExternalStorageList() list.ListResource { return &externalStorageList{} }

func (l *externalStorageList) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = tfkit.FilterByProject("The external storage of one project or of all.", "Only that of this project (`proj_…`). Default: that of all projects, which takes no more requests.")
}

func (l *externalStorageList) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var project types.String
	if diags := req.Config.GetAttribute(ctx, path.Root("project_id"), &project); diags.HasError() {
		stream.Results = list.ListResultsStreamDiagnostics(diags)
		return
	}
	tfkit.ListOrganization(ctx, req, stream, "the external storage", l.Client.ExternalStorages.List, func(storage *adminapi.ExternalStorage, _ *diag.Diagnostics) *tfkit.Listed {
		if !project.IsNull() && storage.ProjectID != project.ValueString() {
			return nil
		}
		var m externalStorageModel
		m.take(storage)
		name, _ := inWords(storage)
		return &tfkit.Listed{Name: name, Model: m, Identity: m.identity()}
	})
}
