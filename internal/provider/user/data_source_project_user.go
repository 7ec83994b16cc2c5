package user

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/openai/openai-go/v3"

	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

type projectUserDataModel struct {
	ProjectID types.String `tfsdk:"project_id"`
	UserID    types.String `tfsdk:"user_id"`
	projectUserFieldsModel
}

func projectUserData() lifecycle.DataSource[*projectUserDataModel] {
	attributes := projectUserFields()
	attributes["project_id"] = tfkit.ProjectParameter()
	lifecycle.FindBy(attributes, "user", "user_id", "email", "E-mail address of the user to read; case does not matter.", tfkit.Email())
	return lifecycle.DataSource[*projectUserDataModel]{
		Type:   "project_user",
		Schema: schema.Schema{MarkdownDescription: "One member of a project, by id or by e-mail address.", Attributes: attributes},
		Label: func(d *projectUserDataModel) string {
			if id := d.UserID.ValueString(); id != "" {
				return "member " + id + " of project " + d.ProjectID.ValueString()
			}
			return "the members of project " + d.ProjectID.ValueString()
		},
		Read: readProjectUserData,
	}
}

func readProjectUserData(ctx context.Context, call *lifecycle.DataCall[*projectUserDataModel]) error {
	d := call.Data
	project, configured := d.ProjectID.ValueString(), d.Email
	var user *openai.ProjectUser
	if id := d.UserID.ValueString(); id != "" {
		var err error
		if user, err = call.Client.ProjectUsers.Get(ctx, project, id); err != nil {
			return err
		}
	} else {
		users, err := call.Client.ProjectUsers.List(ctx, project)
		if err != nil {
			return err
		}
		for i := range users {
			if strings.EqualFold(users[i].Email, configured.ValueString()) {
				user = &users[i]
			}
		}
		if user == nil {
			tfkit.AddNotOne(call.Diags, path.Root("email"), "member of project "+project+" with the address "+configured.ValueString(), "user_id", nil)
			return nil
		}
	}
	d.projectUserFieldsModel = newProjectUserFields(user)
	d.Email = keepCase(configured, d.Email)
	d.UserID = d.ID
	return nil
}

type projectUsersDataModel struct {
	ProjectID types.String             `tfsdk:"project_id"`
	Role      types.String             `tfsdk:"role"`
	ID        types.String             `tfsdk:"id"`
	Users     []projectUserFieldsModel `tfsdk:"users"`
}

func projectUsersData() lifecycle.DataSource[*projectUsersDataModel] {
	return lifecycle.DataSource[*projectUsersDataModel]{
		Type: "project_users",
		Schema: schema.Schema{
			MarkdownDescription: "The members of a project, the longest-standing first. All pages are read.",
			Attributes: map[string]schema.Attribute{
				"project_id": tfkit.ProjectParameter(),
				"role": schema.StringAttribute{
					MarkdownDescription: "Only members with this role: `member`, `owner`, or a role of the organization's own.",
					Optional:            true,
					Validators:          []validator.String{tfkit.Name()},
				},
				"id": schema.StringAttribute{Computed: true, MarkdownDescription: "Id of the project."},
				"users": schema.ListNestedAttribute{
					MarkdownDescription: "The members found.",
					Computed:            true,
					NestedObject:        schema.NestedAttributeObject{Attributes: projectUserFields()},
				},
			},
		},
		Label: func(d *projectUsersDataModel) string { return "the members of project " + d.ProjectID.ValueString() },
		Read: func(ctx context.Context, call *lifecycle.DataCall[*projectUsersDataModel]) error {
			d := call.Data
			users, err := call.Client.ProjectUsers.List(ctx, d.ProjectID.ValueString())
			d.ID, d.Users = d.ProjectID, []projectUserFieldsModel{}
			for i := range users {
				if d.Role.IsNull() || users[i].Role == d.Role.ValueString() {
					d.Users = append(d.Users, newProjectUserFields(&users[i]))
				}
			}
			tfkit.SortByAge(d.Users, func(m projectUserFieldsModel) (types.Int64, types.String) { return m.AddedAt, m.ID })
			return err
		},
	}
}

// projectUserFields are the attributes of a member of a project.
func projectUserFields() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id":       schema.StringAttribute{Computed: true, MarkdownDescription: "Id of the user (`user-…`)."},
		"email":    schema.StringAttribute{Computed: true, MarkdownDescription: "E-mail address of the person."},
		"name":     schema.StringAttribute{Computed: true, MarkdownDescription: "Name of the person."},
		"role":     schema.StringAttribute{Computed: true, MarkdownDescription: "Role in the project: `member`, `owner`, or a role of the organization's own."},
		"added_at": schema.Int64Attribute{Computed: true, MarkdownDescription: "When the person joined the project, in Unix seconds."},
	}
}

type projectUserFieldsModel struct {
	ID      types.String `tfsdk:"id"`
	Email   types.String `tfsdk:"email"`
	Name    types.String `tfsdk:"name"`
	Role    types.String `tfsdk:"role"`
	AddedAt types.Int64  `tfsdk:"added_at"`
}

func newProjectUserFields(user *openai.ProjectUser) projectUserFieldsModel {
	return projectUserFieldsModel{
		ID:      types.StringValue(user.ID),
		Email:   tfkit.String(user.Email, user.JSON.Email),
		Name:    tfkit.String(user.Name, user.JSON.Name),
		Role:    types.StringValue(user.Role),
		AddedAt: tfkit.Int64(user.AddedAt, user.JSON.AddedAt),
	}
}
