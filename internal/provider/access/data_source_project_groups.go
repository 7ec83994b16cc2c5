package access

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

var _ datasource.DataSourceWithConfigure = (*projectGroupsDataSource)(nil)

type projectGroupsDataSource struct{ tfkit.DataSource }

func newProjectGroupsDataSource() datasource.DataSource { return &projectGroupsDataSource{} }

func (d *projectGroupsDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_project_groups"
}

func (d *projectGroupsDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "The groups that work in a project, the longest-standing first. All pages are read.",
		Attributes: map[string]schema.Attribute{
			"project_id": tfkit.ProjectParameter(),
			"id":         schema.StringAttribute{Computed: true, MarkdownDescription: "Id of the project."},
			"groups": schema.ListNestedAttribute{
				MarkdownDescription: "The groups found.",
				Computed:            true,
				NestedObject:        schema.NestedAttributeObject{Attributes: projectGroupFields()},
			},
		},
	}
}

func (d *projectGroupsDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var state struct {
		ProjectID types.String              `tfsdk:"project_id"`
		ID        types.String              `tfsdk:"id"`
		Groups    []projectGroupFieldsModel `tfsdk:"groups"`
	}
	resp.Diagnostics.Append(req.Config.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	groups, err := d.Client.ProjectGroups.List(ctx, state.ProjectID.ValueString())
	if err != nil {
		tfkit.AddAPIError(&resp.Diagnostics, "the groups of project "+state.ProjectID.ValueString(), err)
		return
	}
	state.ID = state.ProjectID
	state.Groups = make([]projectGroupFieldsModel, len(groups))
	for i := range groups {
		state.Groups[i] = projectGroupFieldsModel{ProjectID: state.ProjectID, GroupID: types.StringValue(groups[i].GroupID)}
		state.Groups[i].take(&groups[i])
	}
	tfkit.SortByAge(state.Groups, func(m projectGroupFieldsModel) (types.Int64, types.String) { return m.CreatedAt, m.GroupID })
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
}
