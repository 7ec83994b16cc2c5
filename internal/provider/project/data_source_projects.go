package project

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

var _ datasource.DataSourceWithConfigure = (*projectsDataSource)(nil)

type projectsDataSource struct{ tfkit.DataSource }

func newProjectsDataSource() datasource.DataSource { return &projectsDataSource{} }

func (d *projectsDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_projects"
}

func (d *projectsDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "The projects of the organisation, oldest first. All pages are read.",
		Attributes: map[string]schema.Attribute{
			"name": schema.StringAttribute{
				MarkdownDescription: "Only projects with exactly this name.",
				Optional:            true,
				Validators:          []validator.String{tfkit.Name()},
			},
			"include_archived": schema.BoolAttribute{
				MarkdownDescription: "Whether archived projects are listed too. Default: `false`.",
				Optional:            true,
			},
			"id": schema.StringAttribute{Computed: true, MarkdownDescription: "Always `projects`."},
			"projects": schema.ListNestedAttribute{
				MarkdownDescription: "The projects found.",
				Computed:            true,
				NestedObject:        schema.NestedAttributeObject{Attributes: projectFields()},
			},
		},
	}
}

type projectsDataModel struct {
	Name            types.String         `tfsdk:"name"`
	IncludeArchived types.Bool           `tfsdk:"include_archived"`
	ID              types.String         `tfsdk:"id"`
	Projects        []projectFieldsModel `tfsdk:"projects"`
}

func (d *projectsDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var state projectsDataModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	projects, err := d.Client.Projects.List(ctx, state.IncludeArchived.ValueBool())
	if err != nil {
		tfkit.AddAPIError(&resp.Diagnostics, "the projects of the organisation", err)
		return
	}
	state.ID = types.StringValue("projects")
	state.Projects = []projectFieldsModel{}
	for i := range projects {
		if state.Name.IsNull() || projects[i].Name == state.Name.ValueString() {
			state.Projects = append(state.Projects, newProjectFields(&projects[i]))
		}
	}
	tfkit.SortByAge(state.Projects, func(m projectFieldsModel) (types.Int64, types.String) { return m.CreatedAt, m.ID })
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
}
