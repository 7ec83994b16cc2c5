package member

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

var _ datasource.DataSourceWithConfigure = (*invitesDataSource)(nil)

type invitesDataSource struct{ tfkit.DataSource }

func newInvitesDataSource() datasource.DataSource { return &invitesDataSource{} }

func (d *invitesDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_invites"
}

func (d *invitesDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "The invitations to the organisation, oldest first. All pages are read.",
		Attributes: map[string]schema.Attribute{
			"status": schema.StringAttribute{
				MarkdownDescription: "Only invitations in this state: `pending`, `accepted` or `expired`.",
				Optional:            true,
				Validators:          []validator.String{stringvalidator.OneOf(adminapi.InvitePending, adminapi.InviteAccepted, adminapi.InviteExpired)},
			},
			"id": schema.StringAttribute{Computed: true, MarkdownDescription: "Always `organization`."},
			"invites": schema.ListNestedAttribute{
				MarkdownDescription: "The invitations found.",
				Computed:            true,
				NestedObject:        schema.NestedAttributeObject{Attributes: inviteFields()},
			},
		},
	}
}

func (d *invitesDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var state struct {
		Status  types.String  `tfsdk:"status"`
		ID      types.String  `tfsdk:"id"`
		Invites []inviteModel `tfsdk:"invites"`
	}
	resp.Diagnostics.Append(req.Config.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	invites, err := d.Client.Invites.List(ctx)
	if err != nil {
		tfkit.AddAPIError(&resp.Diagnostics, "the invitations of the organisation", err)
		return
	}
	state.ID = types.StringValue("organization")
	state.Invites = []inviteModel{}
	for i := range invites {
		invite := inviteModel{Projects: types.SetNull(projectsType)}
		invite.flatten(&invites[i])
		if state.Status.IsNull() || invite.Status.Equal(state.Status) {
			state.Invites = append(state.Invites, invite)
		}
	}
	tfkit.SortByAge(state.Invites, func(m inviteModel) (types.Int64, types.String) { return m.CreatedAt, m.ID })
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
}
