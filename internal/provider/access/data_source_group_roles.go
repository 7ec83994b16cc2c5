package access

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

var _ datasource.DataSourceWithConfigure = (*groupRolesDataSource)(nil)

type groupRolesDataSource struct{ tfkit.DataSource }

func newGroupRolesDataSource() datasource.DataSource { return &groupRolesDataSource{} }

func (d *groupRolesDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_group_roles"
}

func (d *groupRolesDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "The roles that a group has in the organisation, in the order of their names. All pages are read.",
		Attributes: rolesFields("Id of the group.", map[string]schema.Attribute{
			"group_id": groupParameter(),
		}),
	}
}

func (d *groupRolesDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var state struct {
		GroupID types.String `tfsdk:"group_id"`
		rolesModel
	}
	resp.Diagnostics.Append(req.Config.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	state.ID = state.GroupID
	state.listAssigned(ctx, d.Client, adminapi.Assignee{Scope: adminapi.WholeOrganization, GroupID: state.GroupID.ValueString()}, &resp.Diagnostics)
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	}
}
