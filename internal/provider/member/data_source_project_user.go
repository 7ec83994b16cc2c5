package member

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/openai/openai-go/v3"

	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

var _ datasource.DataSourceWithConfigure = (*projectUserDataSource)(nil)

type projectUserDataSource struct{ tfkit.DataSource }

func newProjectUserDataSource() datasource.DataSource { return &projectUserDataSource{} }

func (d *projectUserDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_project_user"
}

// projectUserFields are the attributes of a member of a project.
func projectUserFields() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id":       schema.StringAttribute{Computed: true, MarkdownDescription: "Id of the user (`user-…`)."},
		"email":    schema.StringAttribute{Computed: true, MarkdownDescription: "E-mail address of the person."},
		"name":     schema.StringAttribute{Computed: true, MarkdownDescription: "Name of the person."},
		"role":     schema.StringAttribute{Computed: true, MarkdownDescription: "Role in the project: `member`, `owner`, or a role of the organisation's own."},
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

func (d *projectUserDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := projectUserFields()
	attributes["project_id"] = tfkit.ProjectParameter()
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
	resp.Schema = schema.Schema{MarkdownDescription: "One member of a project, by id or by e-mail address.", Attributes: attributes}
}

func (d *projectUserDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var state struct {
		ProjectID types.String `tfsdk:"project_id"`
		UserID    types.String `tfsdk:"user_id"`
		projectUserFieldsModel
	}
	resp.Diagnostics.Append(req.Config.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	project, configured := state.ProjectID.ValueString(), state.Email
	var user *openai.ProjectUser
	if id := state.UserID.ValueString(); id != "" {
		var err error
		if user, err = d.Client.ProjectUsers.Get(ctx, project, id); err != nil {
			tfkit.AddAPIError(&resp.Diagnostics, "member "+id+" of project "+project, err)
			return
		}
	} else {
		users, err := d.Client.ProjectUsers.List(ctx, project)
		if err != nil {
			tfkit.AddAPIError(&resp.Diagnostics, "the members of project "+project, err)
			return
		}
		for i := range users {
			if strings.EqualFold(users[i].Email, configured.ValueString()) {
				user = &users[i]
			}
		}
		if user == nil {
			tfkit.AddNotOne(&resp.Diagnostics, path.Root("email"), "member of project "+project+" with the address "+configured.ValueString(), "user_id", nil)
			return
		}
	}
	state.projectUserFieldsModel = newProjectUserFields(user)
	state.Email = keepCase(configured, state.Email)
	state.UserID = state.ID
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
}
