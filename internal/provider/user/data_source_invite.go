package user

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

func inviteData() lifecycle.DataSource[*inviteModel] {
	attributes := inviteFields()
	lifecycle.FindBy(attributes, "invitation", "invite_id", "email", "E-mail address whose pending invitation is read; case does not matter.", tfkit.Email())
	return lifecycle.DataSource[*inviteModel]{
		Type:   "invite",
		Schema: schema.Schema{MarkdownDescription: "One invitation, by id, or the pending one of an e-mail address.", Attributes: attributes},
		Label: func(d *inviteModel) string {
			if id := d.InviteID.ValueString(); id != "" {
				return "invitation " + id
			}
			return "the invitations of the organization"
		},
		Read: func(ctx context.Context, call *lifecycle.DataCall[*inviteModel]) error {
			invite, err := byIDOrEmail(ctx, call.Data.InviteID, call.Data.Email, call.Client.Invites.Get, call.Client.Invites.FindPending,
				"pending invitation of ", "invite_id", call.Diags)
			if invite != nil {
				call.Data.flatten(invite)
			}
			return err
		},
	}
}

type invitesDataModel struct {
	Status  types.String  `tfsdk:"status"`
	ID      types.String  `tfsdk:"id"`
	Invites []inviteModel `tfsdk:"invites"`
}

func invitesData() lifecycle.DataSource[*invitesDataModel] {
	return lifecycle.DataSource[*invitesDataModel]{
		Type: "invites",
		Schema: schema.Schema{
			MarkdownDescription: "The invitations to the organization, oldest first. All pages are read.",
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
		},
		Label: lifecycle.Static[*invitesDataModel]("the invitations of the organization"),
		Read: func(ctx context.Context, call *lifecycle.DataCall[*invitesDataModel]) error {
			d := call.Data
			invites, err := call.Client.Invites.List(ctx)
			d.ID, d.Invites = types.StringValue("organization"), []inviteModel{}
			for i := range invites {
				invite := inviteModel{Projects: types.SetNull(projectsType)}
				invite.flatten(&invites[i])
				if d.Status.IsNull() || invite.Status.Equal(d.Status) {
					d.Invites = append(d.Invites, invite)
				}
			}
			tfkit.SortByAge(d.Invites, func(m inviteModel) (types.Int64, types.String) { return m.CreatedAt, m.ID })
			return err
		},
	}
}

// inviteFields are the attributes of an invitation.
func inviteFields() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id":          schema.StringAttribute{Computed: true, MarkdownDescription: "Id of the invitation (`invite-…`)."},
		"invite_id":   schema.StringAttribute{Computed: true, MarkdownDescription: "Id of the invitation, the same as `id`."},
		"email":       schema.StringAttribute{Computed: true, MarkdownDescription: "E-mail address that is invited."},
		"role":        schema.StringAttribute{Computed: true, MarkdownDescription: "Role in the organization: `owner` or `reader`."},
		"status":      schema.StringAttribute{Computed: true, MarkdownDescription: "`pending`, `accepted` or `expired`."},
		"created_at":  schema.Int64Attribute{Computed: true, MarkdownDescription: "When the invitation was sent, in Unix seconds."},
		"expires_at":  schema.Int64Attribute{Computed: true, MarkdownDescription: "When the invitation expires, in Unix seconds."},
		"accepted_at": schema.Int64Attribute{Computed: true, MarkdownDescription: "When the invitation was accepted, in Unix seconds; null until then."},
		"projects": schema.SetNestedAttribute{
			MarkdownDescription: "Projects that the person joins on acceptance; null when the API does not return them.",
			Computed:            true,
			NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
				"id":   schema.StringAttribute{Computed: true, MarkdownDescription: "Id of the project."},
				"role": schema.StringAttribute{Computed: true, MarkdownDescription: "Role in the project: `member` or `owner`."},
			}},
		},
	}
}
