package member

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

var _ datasource.DataSourceWithConfigure = (*projectUsersDataSource)(nil)

type projectUsersDataSource struct{ tfkit.DataSource }

func newProjectUsersDataSource() datasource.DataSource { return &projectUsersDataSource{} }

func (d *projectUsersDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_project_users"
}

func (d *projectUsersDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "The members of a project, the longest-standing first. All pages are read.",
		Attributes: map[string]schema.Attribute{
			"project_id": tfkit.ProjectParameter(),
			"role": schema.StringAttribute{
				MarkdownDescription: "Only members with this role: `member`, `owner`, or a role of the organisation's own.",
				Optional:            true,
				Validators:          []validator.String{tfkit.Name()},
			},
			"id": schema.StringAttribute{Computed: true, MarkdownDescription: "Id of the project."},
			"users": schema.ListNestedAttribute{
				MarkdownDescription: "The members found.",
				Computed:            true,
				NestedObject:        schema.NestedAttributeObject{Attributes: projectUserFields()},
			},
		},
	}
}

func (d *projectUsersDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var state struct {
		ProjectID types.String             `tfsdk:"project_id"`
		Role      types.String             `tfsdk:"role"`
		ID        types.String             `tfsdk:"id"`
		Users     []projectUserFieldsModel `tfsdk:"users"`
	}
	resp.Diagnostics.Append(req.Config.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	users, err := d.Client.ProjectUsers.List(ctx, state.ProjectID.ValueString())
	if err != nil {
		tfkit.AddAPIError(&resp.Diagnostics, "the members of project "+state.ProjectID.ValueString(), err)
		return
	}
	state.ID = state.ProjectID
	state.Users = []projectUserFieldsModel{}
	for i := range users {
		if state.Role.IsNull() || users[i].Role == state.Role.ValueString() {
			state.Users = append(state.Users, newProjectUserFields(&users[i]))
		}
	}
	tfkit.SortByAge(state.Users, func(m projectUserFieldsModel) (types.Int64, types.String) { return m.AddedAt, m.ID })
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
}
