package access

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

var _ datasource.DataSourceWithConfigure = (*projectGroupDataSource)(nil)

type projectGroupDataSource struct{ tfkit.DataSource }

func newProjectGroupDataSource() datasource.DataSource { return &projectGroupDataSource{} }

func (d *projectGroupDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_project_group"
}

// projectGroupFields are the attributes of a group of a project.
func projectGroupFields() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"project_id": schema.StringAttribute{Computed: true, MarkdownDescription: "Id of the project."},
		"group_id":   schema.StringAttribute{Computed: true, MarkdownDescription: "Id of the group."},
		"group_name": schema.StringAttribute{Computed: true, MarkdownDescription: "Name of the group."},
		"group_type": schema.StringAttribute{Computed: true, MarkdownDescription: "`group`, or `tenant_group` for one that several organisations share."},
		"created_at": schema.Int64Attribute{Computed: true, MarkdownDescription: "When the group came into the project, in Unix seconds."},
	}
}

func (d *projectGroupDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := projectGroupFields()
	attributes["id"] = schema.StringAttribute{Computed: true, MarkdownDescription: "Id of the group."}
	attributes["project_id"] = tfkit.ProjectParameter()
	attributes["group_id"] = groupParameter()
	resp.Schema = schema.Schema{
		MarkdownDescription: "One group that works in a project. Its roles there are those of `openai_project_group_roles`.",
		Attributes:          attributes,
	}
}

func (d *projectGroupDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var state struct {
		projectGroupFieldsModel
		ID types.String `tfsdk:"id"`
	}
	resp.Diagnostics.Append(req.Config.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	group, err := d.Client.ProjectGroups.Get(ctx, state.ProjectID.ValueString(), state.GroupID.ValueString())
	if err != nil {
		tfkit.AddAPIError(&resp.Diagnostics, state.label(), err)
		return
	}
	state.take(group)
	state.ID = state.GroupID
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
}
