package access

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

var _ datasource.DataSourceWithConfigure = (*projectUserRoleDataSource)(nil)

type projectUserRoleDataSource struct{ tfkit.DataSource }

func newProjectUserRoleDataSource() datasource.DataSource { return &projectUserRoleDataSource{} }

func (d *projectUserRoleDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_project_user_role"
}

func (d *projectUserRoleDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{MarkdownDescription: "One role that a user has in a project. A role that the user has only through a group is not found.", Attributes: assignmentFields(map[string]schema.Attribute{
		"project_id": tfkit.ProjectParameter(),
		"user_id":    userParameter(),
	})}
}

func (d *projectUserRoleDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var state struct {
		projectUserRoleModel
		ID types.String `tfsdk:"id"`
	}
	resp.Diagnostics.Append(req.Config.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	state.ID = readAssignment(ctx, d.Client, &state, &resp.Diagnostics)
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	}
}
