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

var _ datasource.DataSourceWithConfigure = (*userDataSource)(nil)

type userDataSource struct{ tfkit.DataSource }

func newUserDataSource() datasource.DataSource { return &userDataSource{} }

func (d *userDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_organization_user"
}

// userFields are the attributes of a member.
func userFields() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id":                                 schema.StringAttribute{Computed: true, MarkdownDescription: "Id of the user (`user-…`)."},
		"user_id":                            schema.StringAttribute{Computed: true, MarkdownDescription: "Id of the user, the same as `id`."},
		"email":                              schema.StringAttribute{Computed: true, MarkdownDescription: "E-mail address of the person."},
		"name":                               schema.StringAttribute{Computed: true, MarkdownDescription: "Name of the person."},
		"role":                               schema.StringAttribute{Computed: true, MarkdownDescription: "Role in the organisation: `owner` or `reader`."},
		"technical_level":                    schema.StringAttribute{Computed: true, MarkdownDescription: "Technical level as the person's profile has it."},
		"developer_persona":                  schema.StringAttribute{Computed: true, MarkdownDescription: "Developer persona as the person's profile has it."},
		"added_at":                           schema.Int64Attribute{Computed: true, MarkdownDescription: "When the person joined the organisation, in Unix seconds."},
		"created":                            schema.Int64Attribute{Computed: true, MarkdownDescription: "When the person's account was created, in Unix seconds."},
		"api_key_last_used_at":               schema.Int64Attribute{Computed: true, MarkdownDescription: "When a key of this person was last used, in Unix seconds; null when never."},
		"is_default":                         schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether this is the person's default organisation."},
		"is_scale_tier_authorized_purchaser": schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether the person may buy scale tier."},
		"is_scim_managed":                    schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether an identity provider manages the person."},
		"is_service_account":                 schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether this is a service account rather than a person."},
	}
}

func (d *userDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := userFields()
	attributes["user_id"] = schema.StringAttribute{
		MarkdownDescription: "Id of the user to read. Exactly one of `user_id` and `email` is set.",
		Optional:            true,
		Computed:            true,
		Validators: []validator.String{
			tfkit.ID(),
			stringvalidator.ExactlyOneOf(path.MatchRoot("user_id"), path.MatchRoot("email")),
		},
	}
	attributes["email"] = schema.StringAttribute{
		MarkdownDescription: "E-mail address of the user to read; case does not matter.",
		Optional:            true,
		Computed:            true,
		Validators:          []validator.String{tfkit.Email()},
	}
	resp.Schema = schema.Schema{MarkdownDescription: "One member of the organisation, by id or by e-mail address.", Attributes: attributes}
}

func (d *userDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var state userModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	var user *openai.OrganizationUser
	var err error
	if id := state.UserID.ValueString(); id != "" {
		if user, err = d.Client.Users.Get(ctx, id); err != nil {
			tfkit.AddAPIError(&resp.Diagnostics, userLabel(id), err)
			return
		}
	} else {
		email := state.Email.ValueString()
		if user, err = d.Client.Users.FindByEmail(ctx, email); err != nil {
			tfkit.AddAPIError(&resp.Diagnostics, userLabel(email), err)
			return
		}
		if user == nil {
			tfkit.AddNotOne(&resp.Diagnostics, path.Root("email"), "member of the organisation with the address "+email, "user_id", nil)
			return
		}
	}
	state.flatten(user)
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
}
