package user

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

func userData() lifecycle.DataSource[*userModel] {
	attributes := userFields()
	lifecycle.FindBy(attributes, "user", "user_id", "email", "E-mail address of the user to read; case does not matter.", tfkit.Email())
	return lifecycle.DataSource[*userModel]{
		Type:   "organization_user",
		Schema: schema.Schema{MarkdownDescription: "One member of the organization, by id or by e-mail address.", Attributes: attributes},
		Label:  func(d *userModel) string { return userLabel(cmp.Or(d.UserID.ValueString(), d.Email.ValueString())) },
		Read: func(ctx context.Context, call *lifecycle.DataCall[*userModel]) error {
			user, err := byIDOrEmail(ctx, call.Data.UserID, call.Data.Email, call.Client.Users.Get, call.Client.Users.FindByEmail,
				"member of the organization with the address ", "user_id", call.Diags)
			if user != nil {
				call.Data.flatten(user)
			}
			return err
		},
	}
}

// byIDOrEmail reads the object of a data source, which is named by one of the
// two. It returns nil and adds an error when an address has none; description
// describes the object before the address, and byID is the attribute of the id.
func byIDOrEmail[T any](ctx context.Context, id, email types.String, get, find func(ctx context.Context, key string) (*T, error),
	description, byID string, diags *diag.Diagnostics,
) (*T, error) {
	if id.ValueString() != "" {
		return get(ctx, id.ValueString())
	}
	found, err := find(ctx, email.ValueString())
	if found == nil && err == nil {
		tfkit.AddNotOne(diags, path.Root("email"), description+email.ValueString(), byID, nil)
	}
	return found, err
}

type usersDataModel struct {
	Emails types.Set    `tfsdk:"emails"`
	Role   types.String `tfsdk:"role"`
	ID     types.String `tfsdk:"id"`
	Users  []userModel  `tfsdk:"users"`
}

func usersData() lifecycle.DataSource[*usersDataModel] {
	return lifecycle.DataSource[*usersDataModel]{
		Type: "organization_users",
		Schema: schema.Schema{
			MarkdownDescription: "The members of the organization, oldest membership first. All pages are read.",
			Attributes: map[string]schema.Attribute{
				"emails": schema.SetAttribute{
					MarkdownDescription: "Only members with these e-mail addresses; case does not matter. Addresses that no member has are ignored.",
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
		},
		Label: lifecycle.Static[*usersDataModel]("the members of the organization"),
		Read: func(ctx context.Context, call *lifecycle.DataCall[*usersDataModel]) error {
			d := call.Data
			emails := tfkit.Strings(ctx, d.Emails, call.Diags)
			if call.Diags.HasError() {
				return nil
			}
			users, err := call.Client.Users.List(ctx)
			d.ID, d.Users = types.StringValue("organization"), []userModel{}
			for i := range users {
				user := newUserModel(&users[i])
				named := d.Emails.IsNull() || slices.ContainsFunc(emails, func(email string) bool { return strings.EqualFold(email, users[i].Email) })
				if named && (d.Role.IsNull() || user.Role.Equal(d.Role)) {
					d.Users = append(d.Users, user)
				}
			}
			tfkit.SortByAge(d.Users, func(m userModel) (types.Int64, types.String) { return m.AddedAt, m.ID })
			return err
		},
	}
}

// userFields are the attributes of a member.
func userFields() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id":                                 schema.StringAttribute{Computed: true, MarkdownDescription: "Id of the user (`user-…`)."},
		"user_id":                            schema.StringAttribute{Computed: true, MarkdownDescription: "Id of the user, the same as `id`."},
		"email":                              schema.StringAttribute{Computed: true, MarkdownDescription: "E-mail address of the person."},
		"name":                               schema.StringAttribute{Computed: true, MarkdownDescription: "Name of the person."},
		"role":                               schema.StringAttribute{Computed: true, MarkdownDescription: "Role in the organization: `owner` or `reader`."},
		"technical_level":                    schema.StringAttribute{Computed: true, MarkdownDescription: "Technical level in the person's profile."},
		"developer_persona":                  schema.StringAttribute{Computed: true, MarkdownDescription: "Developer persona in the person's profile."},
		"added_at":                           schema.Int64Attribute{Computed: true, MarkdownDescription: "When the person joined the organization, in Unix seconds."},
		"created":                            schema.Int64Attribute{Computed: true, MarkdownDescription: "When the person's account was created, in Unix seconds."},
		"api_key_last_used_at":               schema.Int64Attribute{Computed: true, MarkdownDescription: "When a key of this person was last used, in Unix seconds; null when never."},
		"is_default":                         schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether this is the person's default organization."},
		"is_scale_tier_authorized_purchaser": schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether the person may purchase the scale tier."},
		"is_scim_managed":                    schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether an identity provider manages the person."},
		"is_service_account":                 schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether this is a service account rather than a person."},
	}
}
