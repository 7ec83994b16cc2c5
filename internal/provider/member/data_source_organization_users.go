package member

import (
	"context"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

var _ datasource.DataSourceWithConfigure = (*usersDataSource)(nil)

type usersDataSource struct{ tfkit.DataSource }

func newUsersDataSource() datasource.DataSource { return &usersDataSource{} }

func (d *usersDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_organization_users"
}

func (d *usersDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "The members of the organisation, the longest-standing first. All pages are read.",
		Attributes: map[string]schema.Attribute{
			"emails": schema.SetAttribute{
				MarkdownDescription: "Only members with these e-mail addresses; case does not matter. Addresses of nobody are left out.",
				ElementType:         types.StringType,
				Optional:            true,
				Validators:          []validator.Set{setvalidator.ValueStringsAre(tfkit.Email())},
			},
			"role": schema.StringAttribute{
				MarkdownDescription: "Only members with this role: `owner` or `reader`.",
				Optional:            true,
				Validators:          []validator.String{stringvalidator.OneOf(organizationRoles...)},
			},
			"id": schema.StringAttribute{Computed: true, MarkdownDescription: "Always `organization`."},
			"users": schema.ListNestedAttribute{
				MarkdownDescription: "The members found.",
				Computed:            true,
				NestedObject:        schema.NestedAttributeObject{Attributes: userFields()},
			},
		},
	}
}

func (d *usersDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var state struct {
		Emails types.Set    `tfsdk:"emails"`
		Role   types.String `tfsdk:"role"`
		ID     types.String `tfsdk:"id"`
		Users  []userModel  `tfsdk:"users"`
	}
	var emails []string
	resp.Diagnostics.Append(req.Config.Get(ctx, &state)...)
	resp.Diagnostics.Append(state.Emails.ElementsAs(ctx, &emails, false)...)
	if resp.Diagnostics.HasError() {
		return
	}
	users, err := d.Client.Users.List(ctx)
	if err != nil {
		tfkit.AddAPIError(&resp.Diagnostics, "the members of the organisation", err)
		return
	}
	state.ID = types.StringValue("organization")
	state.Users = []userModel{}
	for i := range users {
		user := newUserModel(&users[i])
		named := state.Emails.IsNull() || slices.ContainsFunc(emails, func(email string) bool { return strings.EqualFold(email, users[i].Email) })
		if named && (state.Role.IsNull() || user.Role.Equal(state.Role)) {
			state.Users = append(state.Users, user)
		}
	}
	tfkit.SortByAge(state.Users, func(m userModel) (types.Int64, types.String) { return m.AddedAt, m.ID })
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
}
