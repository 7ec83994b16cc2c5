package access

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

var _ datasource.DataSourceWithConfigure = (*projectGroupRoleDataSource)(nil)

type projectGroupRoleDataSource struct{ tfkit.DataSource }

func newProjectGroupRoleDataSource() datasource.DataSource { return &projectGroupRoleDataSource{} }

func (d *projectGroupRoleDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_project_group_role"
}

func (d *projectGroupRoleDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{MarkdownDescription: "One role that a group has in a project.", Attributes: assignmentFields(map[string]schema.Attribute{
		"project_id": tfkit.ProjectParameter(),
		"group_id":   groupParameter(),
	})}
}

func (d *projectGroupRoleDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var state struct {
		projectGroupRoleModel
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
