package finetuning

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
)

func checkpointPermissionsData() lifecycle.DataSource[*permissionsModel] {
	return lifecycle.DataSource[*permissionsModel]{
		Type: "fine_tuning_checkpoint_permissions",
		Schema: schema.Schema{
			MarkdownDescription: "The projects that may use a checkpoint of a fine-tuned model, besides the project that trained it. All pages are read.",
			Attributes: map[string]schema.Attribute{
				"fine_tuned_model_checkpoint": lifecycle.Parameter(checkpointDescription),
				"project_ids":                 schema.SetAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: "Ids of the projects (`proj_…`)."},
				"permission_ids":              schema.MapAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: "Ids of the permissions (`cp_…`), by the id of the project."},
			},
		},
		Label: (*permissionsModel).label,
		Read: func(ctx context.Context, call *lifecycle.DataCall[*permissionsModel]) error {
			present, err := call.Client.CheckpointPermissions.List(ctx, call.Data.Checkpoint.ValueString())
			if err == nil {
				call.Data.flatten(ctx, present, projectsOf(present), call.Diags)
			}
			return err
		},
	}
}
