package access

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

var _ datasource.DataSourceWithConfigure = (*projectRolesDataSource)(nil)

type projectRolesDataSource struct{ tfkit.DataSource }

func newProjectRolesDataSource() datasource.DataSource { return &projectRolesDataSource{} }

func (d *projectRolesDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_project_roles"
}

func (d *projectRolesDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "The roles of a project, custom and predefined, in the order of their names. All pages are read.",
		Attributes: rolesFields("Id of the project.", map[string]schema.Attribute{
			"project_id": tfkit.ProjectParameter(),
		}),
	}
}

func (d *projectRolesDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var state struct {
		ProjectID types.String `tfsdk:"project_id"`
		rolesModel
	}
	resp.Diagnostics.Append(req.Config.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	state.ID = state.ProjectID
	state.listAll(ctx, d.Client, state.ProjectID.ValueString(), &resp.Diagnostics)
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	}
}
