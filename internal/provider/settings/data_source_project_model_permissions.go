package settings

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

type modelPermissionsDataModel struct {
	ID types.String `tfsdk:"id"`
	modelPermissionsModel
}

func modelPermissionsData() lifecycle.DataSource[*modelPermissionsDataModel] {
	return lifecycle.DataSource[*modelPermissionsDataModel]{
		Type: "project_model_permissions",
		Schema: schema.Schema{
			MarkdownDescription: "Models that the keys of a project may use. Reading it fails when no policy is set, so that every model may be used.",
			Attributes: map[string]schema.Attribute{
				"project_id": tfkit.ProjectParameter(),
				"id":         schema.StringAttribute{Computed: true, MarkdownDescription: "Id of the project."},
				"mode":       schema.StringAttribute{Computed: true, MarkdownDescription: "`allow_list`: only these models may be used. `deny_list`: all but these may be used."},
				"model_ids":  schema.SetAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: "Models, for example `gpt-4o-mini`."},
				"object":     schema.StringAttribute{Computed: true, MarkdownDescription: "Type of the object, as the API names it."},
			},
		},
		Label: func(d *modelPermissionsDataModel) string { return d.label() },
		Read: func(ctx context.Context, call *lifecycle.DataCall[*modelPermissionsDataModel]) error {
			project := call.Data.ProjectID.ValueString()
			policy, err := call.Client.ModelPolicies.Get(ctx, project)
			if adminapi.IsNotFound(err) {
				call.Diags.AddError("No model permissions", "Project "+project+" has no model permissions, so every model may be used, or it does not exist.")
				return nil
			}
			if err == nil {
				call.Data.ID = call.Data.ProjectID
				call.Data.flatten(ctx, policy, call.Diags)
			}
			return err
		},
	}
}
