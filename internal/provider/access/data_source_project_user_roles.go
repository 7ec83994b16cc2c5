package access

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

var _ datasource.DataSourceWithConfigure = (*projectUserRolesDataSource)(nil)

type projectUserRolesDataSource struct{ tfkit.DataSource }

func newProjectUserRolesDataSource() datasource.DataSource { return &projectUserRolesDataSource{} }

func (d *projectUserRolesDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_project_user_roles"
}

func (d *projectUserRolesDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "The roles that a user has in a project, in the order of their names. Roles that the user has only through a group are left out. All pages are read.",
		Attributes: rolesFields("Id of the user.", map[string]schema.Attribute{
			"project_id": tfkit.ProjectParameter(),
			"user_id":    userParameter(),
		}),
	}
}

func (d *projectUserRolesDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var state struct {
		ProjectID types.String `tfsdk:"project_id"`
		UserID    types.String `tfsdk:"user_id"`
		rolesModel
	}
	resp.Diagnostics.Append(req.Config.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	state.ID = state.UserID
	state.listAssigned(ctx, d.Client, adminapi.Assignee{Scope: state.ProjectID.ValueString(), UserID: state.UserID.ValueString()}, &resp.Diagnostics)
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	}
}
