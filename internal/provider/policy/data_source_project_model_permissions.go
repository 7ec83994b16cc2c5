package policy

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

var _ datasource.DataSourceWithConfigure = (*modelPermissionsDataSource)(nil)

type modelPermissionsDataSource struct{ tfkit.DataSource }

func newModelPermissionsDataSource() datasource.DataSource { return &modelPermissionsDataSource{} }

func (d *modelPermissionsDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_project_model_permissions"
}

func (d *modelPermissionsDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Which models the keys of a project may use. An error when no policy is set and every model may be used.",
		Attributes: map[string]schema.Attribute{
			"project_id": tfkit.ProjectParameter(),
			"id":         schema.StringAttribute{Computed: true, MarkdownDescription: "Id of the project."},
			"mode":       schema.StringAttribute{Computed: true, MarkdownDescription: "`allow_list`: only these models may be used. `deny_list`: all but these may be used."},
			"model_ids":  schema.SetAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: "Models, for example `gpt-4o-mini`."},
			"object":     schema.StringAttribute{Computed: true, MarkdownDescription: "Type of the object, as the API names it."},
		},
	}
}

func (d *modelPermissionsDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var state struct {
		ID types.String `tfsdk:"id"`
		modelPermissionsModel
	}
	resp.Diagnostics.Append(req.Config.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	policy, err := d.Client.ModelPolicies.Get(ctx, state.ProjectID.ValueString())
	switch {
	case adminapi.IsNotFound(err):
		resp.Diagnostics.AddError("No model permissions", "There are no model permissions of project "+state.ProjectID.ValueString()+": every model may be used, or there is no such project.")
	case err != nil:
		tfkit.AddAPIError(&resp.Diagnostics, state.label(), err)
	default:
		state.ID = state.ProjectID
		state.flatten(ctx, policy, &resp.Diagnostics)
		resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	}
}
