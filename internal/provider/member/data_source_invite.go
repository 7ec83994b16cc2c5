package member

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/openai/openai-go/v3"

	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

var _ datasource.DataSourceWithConfigure = (*inviteDataSource)(nil)

type inviteDataSource struct{ tfkit.DataSource }

func newInviteDataSource() datasource.DataSource { return &inviteDataSource{} }

func (d *inviteDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_invite"
}

// inviteFields are the attributes of an invitation.
func inviteFields() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id":          schema.StringAttribute{Computed: true, MarkdownDescription: "Id of the invitation (`invite-…`)."},
		"invite_id":   schema.StringAttribute{Computed: true, MarkdownDescription: "Id of the invitation, the same as `id`."},
		"email":       schema.StringAttribute{Computed: true, MarkdownDescription: "E-mail address that is invited."},
		"role":        schema.StringAttribute{Computed: true, MarkdownDescription: "Role in the organisation: `owner` or `reader`."},
		"status":      schema.StringAttribute{Computed: true, MarkdownDescription: "`pending`, `accepted` or `expired`."},
		"created_at":  schema.Int64Attribute{Computed: true, MarkdownDescription: "When the invitation was sent, in Unix seconds."},
		"expires_at":  schema.Int64Attribute{Computed: true, MarkdownDescription: "When the invitation expires, in Unix seconds."},
		"accepted_at": schema.Int64Attribute{Computed: true, MarkdownDescription: "When the invitation was accepted, in Unix seconds; null until then."},
		"projects": schema.SetNestedAttribute{
			MarkdownDescription: "Projects that the person joins on acceptance; null when the API does not say.",
			Computed:            true,
			NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
				"id":   schema.StringAttribute{Computed: true, MarkdownDescription: "Id of the project."},
				"role": schema.StringAttribute{Computed: true, MarkdownDescription: "Role in the project: `member` or `owner`."},
			}},
		},
	}
}

func (d *inviteDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := inviteFields()
	attributes["invite_id"] = schema.StringAttribute{
		MarkdownDescription: "Id of the invitation to read. Exactly one of `invite_id` and `email` is set.",
		Optional:            true,
		Computed:            true,
		Validators: []validator.String{
			tfkit.ID(),
			stringvalidator.ExactlyOneOf(path.MatchRoot("invite_id"), path.MatchRoot("email")),
		},
	}
	attributes["email"] = schema.StringAttribute{
		MarkdownDescription: "E-mail address whose pending invitation is read; case does not matter.",
		Optional:            true,
		Computed:            true,
		Validators:          []validator.String{tfkit.Email()},
	}
	resp.Schema = schema.Schema{MarkdownDescription: "One invitation, by id, or the pending one of an e-mail address.", Attributes: attributes}
}

func (d *inviteDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var state inviteModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	var invite *openai.Invite
	var err error
	if id := state.InviteID.ValueString(); id != "" {
		if invite, err = d.Client.Invites.Get(ctx, id); err != nil {
			tfkit.AddAPIError(&resp.Diagnostics, "invitation "+id, err)
			return
		}
	} else {
		email := state.Email.ValueString()
		if invite, err = d.Client.Invites.FindPending(ctx, email); err != nil {
			tfkit.AddAPIError(&resp.Diagnostics, "the invitations of the organisation", err)
			return
		}
		if invite == nil {
			tfkit.AddNotOne(&resp.Diagnostics, path.Root("email"), "pending invitation of "+email, "invite_id", nil)
			return
		}
	}
	state.flatten(invite)
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
}
