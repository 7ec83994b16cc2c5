package access

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

var _ datasource.DataSourceWithConfigure = (*groupsDataSource)(nil)

type groupsDataSource struct{ tfkit.DataSource }

func newGroupsDataSource() datasource.DataSource { return &groupsDataSource{} }

func (d *groupsDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_groups"
}

func (d *groupsDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "The groups of the organisation, oldest first. All pages are read.",
		Attributes: map[string]schema.Attribute{
			"is_scim_managed": schema.BoolAttribute{
				MarkdownDescription: "Only groups that the identity provider manages (`true`), or none of them (`false`). Default: both.",
				Optional:            true,
			},
			"id": schema.StringAttribute{Computed: true, MarkdownDescription: "Always `organization`."},
			"groups": schema.ListNestedAttribute{
				MarkdownDescription: "The groups found.",
				Computed:            true,
				NestedObject:        schema.NestedAttributeObject{Attributes: groupFields()},
			},
		},
	}
}

func (d *groupsDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var state struct {
		IsSCIMManaged types.Bool   `tfsdk:"is_scim_managed"`
		ID            types.String `tfsdk:"id"`
		Groups        []groupModel `tfsdk:"groups"`
	}
	resp.Diagnostics.Append(req.Config.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	groups, err := d.Client.Groups.List(ctx)
	if err != nil {
		tfkit.AddAPIError(&resp.Diagnostics, "the groups of the organisation", err)
		return
	}
	state.ID = types.StringValue("organization")
	state.Groups = []groupModel{}
	for i := range groups {
		group := flattenGroup(&groups[i])
		if state.IsSCIMManaged.IsNull() || state.IsSCIMManaged.Equal(group.IsSCIMManaged) {
			state.Groups = append(state.Groups, group)
		}
	}
	tfkit.SortByAge(state.Groups, func(m groupModel) (types.Int64, types.String) { return m.CreatedAt, m.ID })
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
}
