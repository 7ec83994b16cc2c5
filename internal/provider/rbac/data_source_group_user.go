package rbac

import (
	"cmp"
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
)

type groupUserDataModel struct {
	groupUserModel
	groupUserFieldsModel
}

func groupUserData() lifecycle.DataSource[*groupUserDataModel] {
	attributes := groupUserFields("")
	attributes["group_id"] = groupParameter()
	attributes["user_id"] = userParameter()
	return lifecycle.DataSource[*groupUserDataModel]{
		Type:   "group_user",
		Schema: schema.Schema{MarkdownDescription: "One member of a group.", Attributes: attributes},
		Label:  func(d *groupUserDataModel) string { return d.label() },
		Read: func(ctx context.Context, call *lifecycle.DataCall[*groupUserDataModel]) error {
			user, err := call.Client.GroupUsers.Describe(ctx, call.Data.GroupID.ValueString(), call.Data.UserID.ValueString())
			if err == nil {
				call.Data.groupUserFieldsModel = newGroupUserFields(user)
			}
			return err
		},
	}
}

type groupUsersDataModel struct {
	GroupID types.String           `tfsdk:"group_id"`
	ID      types.String           `tfsdk:"id"`
	Users   []groupUserFieldsModel `tfsdk:"users"`
}

func groupUsersData() lifecycle.DataSource[*groupUsersDataModel] {
	return lifecycle.DataSource[*groupUsersDataModel]{
		Type: "group_users",
		Schema: schema.Schema{
			MarkdownDescription: "The members of a group, in the order of their ids. All pages are read.",
			Attributes: map[string]schema.Attribute{
				"group_id": groupParameter(),
				"id":       schema.StringAttribute{Computed: true, MarkdownDescription: "Id of the group."},
				"users": schema.ListNestedAttribute{
					MarkdownDescription: "The members found.",
					Computed:            true,
					NestedObject:        schema.NestedAttributeObject{Attributes: groupUserFields("; null where the list does not have it, see the data source `openai_group_user`")},
				},
			},
		},
		Label: func(d *groupUsersDataModel) string { return "the members of group " + d.GroupID.ValueString() },
		Read: func(ctx context.Context, call *lifecycle.DataCall[*groupUsersDataModel]) error {
			users, err := call.Client.GroupUsers.List(ctx, call.Data.GroupID.ValueString())
			call.Data.ID = call.Data.GroupID
			call.Data.Users = lifecycle.Flatten(users, newGroupUserFields)
			slices.SortFunc(call.Data.Users, func(a, b groupUserFieldsModel) int { return cmp.Compare(a.ID.ValueString(), b.ID.ValueString()) })
			return err
		},
	}
}

// groupUserFields are the attributes of a member of a group.
func groupUserFields(alone string) map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id":                 schema.StringAttribute{Computed: true, MarkdownDescription: "Id of the user or of the service account."},
		"email":              schema.StringAttribute{Computed: true, MarkdownDescription: "E-mail address; null for a service account."},
		"name":               schema.StringAttribute{Computed: true, MarkdownDescription: "Name of the person or of the service account."},
		"is_service_account": schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether this is a service account rather than a person" + alone + "."},
		"user_type":          schema.StringAttribute{Computed: true, MarkdownDescription: "`user`, or `tenant_user` for a person in several organizations" + alone + "."},
	}
}

// groupUserFieldsModel is a member of a group as the API shows it.
type groupUserFieldsModel struct {
	ID               types.String `tfsdk:"id"`
	Email            types.String `tfsdk:"email"`
	Name             types.String `tfsdk:"name"`
	IsServiceAccount types.Bool   `tfsdk:"is_service_account"`
	UserType         types.String `tfsdk:"user_type"`
}

func newGroupUserFields(user *adminapi.GroupUser) groupUserFieldsModel {
	return groupUserFieldsModel{
		ID:               types.StringValue(user.ID),
		Email:            types.StringPointerValue(user.Email),
		Name:             types.StringPointerValue(user.Name),
		IsServiceAccount: types.BoolPointerValue(user.IsServiceAccount),
		UserType:         types.StringPointerValue(user.Type),
	}
}

// userParameter is the user that a data source is about.
func userParameter() schema.StringAttribute {
	return lifecycle.Parameter("Id of the user (`user-…`) or of the service account.")
}
