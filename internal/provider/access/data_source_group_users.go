package access

import (
	"cmp"
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

var _ datasource.DataSourceWithConfigure = (*groupUsersDataSource)(nil)

type groupUsersDataSource struct{ tfkit.DataSource }

func newGroupUsersDataSource() datasource.DataSource { return &groupUsersDataSource{} }

func (d *groupUsersDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_group_users"
}

func (d *groupUsersDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "The members of a group, in the order of their ids. All pages are read.",
		Attributes: map[string]schema.Attribute{
			"group_id": groupParameter(),
			"id":       schema.StringAttribute{Computed: true, MarkdownDescription: "Id of the group."},
			"users": schema.ListNestedAttribute{
				MarkdownDescription: "The members found.",
				Computed:            true,
				NestedObject:        schema.NestedAttributeObject{Attributes: groupUserFields("; null where the list does not say, see the data source `openai_group_user`")},
			},
		},
	}
}

func (d *groupUsersDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var state struct {
		GroupID types.String           `tfsdk:"group_id"`
		ID      types.String           `tfsdk:"id"`
		Users   []groupUserFieldsModel `tfsdk:"users"`
	}
	resp.Diagnostics.Append(req.Config.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	users, err := d.Client.GroupUsers.List(ctx, state.GroupID.ValueString())
	if err != nil {
		tfkit.AddAPIError(&resp.Diagnostics, "the members of group "+state.GroupID.ValueString(), err)
		return
	}
	state.ID = state.GroupID
	state.Users = make([]groupUserFieldsModel, len(users))
	for i := range users {
		state.Users[i] = newGroupUserFields(&users[i])
	}
	slices.SortFunc(state.Users, func(a, b groupUserFieldsModel) int { return cmp.Compare(a.ID.ValueString(), b.ID.ValueString()) })
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
}
