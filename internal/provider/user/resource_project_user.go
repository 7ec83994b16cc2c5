package user

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/openai/openai-go/v3"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

func projectUser() lifecycle.Setting[*projectUserModel] {
	return lifecycle.Setting[*projectUserModel]{
		Core: lifecycle.Core[*projectUserModel]{
			Type:   "project_user",
			Schema: projectUserSchema,
			Identity: []lifecycle.Identifier{
				{Name: "project_id", Description: "Id of the project."},
				{Name: "user_id", Description: "Id of the user."},
			},
			Paths:     projectUserPaths,
			Label:     (*projectUserModel).label,
			Legacy:    lifecycle.Foreign{Type: "openai_project_user"},
			Generated: tfkit.GeneratedConfig{Without: []string{"user_id"}},
			// user.added, .updated and .deleted name the person, but not the project: a
			// change in one project is read in all that the person is in.
			Audit: func(m *projectUserModel) lifecycle.Watched {
				return lifecycle.Watched{ID: m.UserID.ValueString(), Parents: []string{m.ProjectID.ValueString()}}
			},
			Plan: planProjectUser,
			Read: readProjectUser,
			Delete: func(ctx context.Context, call *lifecycle.Call[*projectUserModel]) error {
				return call.Client.ProjectUsers.Delete(ctx, call.State.ProjectID.ValueString(), call.State.UserID.ValueString())
			},
			List: lifecycle.ListProjects("The members of one project or of all projects.", "the members", listProjectUsers, listedProjectUser),
		},
		Write:    writeProjectUser,
		Existing: existingProjectUser,
	}
}

// projectUserPaths has the address stand for an id that is not known yet.
func projectUserPaths(object lifecycle.Values) lifecycle.Paths {
	users := object.Path("/organization/projects/{project_id}/users")
	if users == "" {
		return lifecycle.Paths{}
	}
	return lifecycle.Named(object.Path("/organization/projects/{project_id}/users/{user_id}"), byEmail(users, object))
}

func projectUserSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "A member of a project. The person must be a member of the organization. Creating the resource adopts an existing member of the project and overwrites a different role; the plan shows the old and the new role.\n\n" +
			"Destroying the resource removes the person from the project, but not from the organization.",
		Attributes: map[string]schema.Attribute{
			"project_id": tfkit.ParentID("Id of the project (`proj_…`). Members cannot be added to the default project."),
			"user_id": schema.StringAttribute{
				MarkdownDescription: "Id of the user (`user-…`). Configure `user_id` or `email`, or both for one person. Changing it replaces the resource.",
				Optional:            true,
				Computed:            true,
				Validators: []validator.String{
					tfkit.ID(),
					stringvalidator.AtLeastOneOf(path.MatchRoot("user_id"), path.MatchRoot("email")),
				},
				PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown(), stringplanmodifier.RequiresReplaceIfConfigured()},
			},
			"email": schema.StringAttribute{
				MarkdownDescription: "E-mail address of the user; case does not matter. Configure `user_id` or `email`, or both for one person. Changing it replaces the resource.",
				Optional:            true,
				Computed:            true,
				Validators:          []validator.String{tfkit.Email()},
				PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown(), replaceOtherPerson()},
			},
			"role": schema.StringAttribute{
				MarkdownDescription: "Role in the project: `member` or `owner`. Changed in place.",
				Required:            true,
				Validators:          []validator.String{stringvalidator.OneOf(projectRoles...)},
			},
			"suppress_warnings": tfkit.SuppressWarningsAttribute(tfkit.OwnerGranted),
			"id":                tfkit.ComputedString("Id of the user, the same as `user_id`."),
			"name":              tfkit.ComputedString("Name of the person."),
			"added_at":          tfkit.ComputedInt64("When the person joined the project, in Unix seconds."),
		},
	}
}

type projectUserModel struct {
	tfkit.SuppressedWarnings
	ProjectID types.String `tfsdk:"project_id"`
	UserID    types.String `tfsdk:"user_id"`
	Email     types.String `tfsdk:"email"`
	Role      types.String `tfsdk:"role"`
	ID        types.String `tfsdk:"id"`
	Name      types.String `tfsdk:"name"`
	AddedAt   types.Int64  `tfsdk:"added_at"`
}

func (m *projectUserModel) flatten(user *openai.ProjectUser) {
	m.UserID = types.StringValue(user.ID)
	m.Email = keepCase(m.Email, tfkit.String(user.Email, user.JSON.Email))
	m.Role = types.StringValue(user.Role)
	m.ID = m.UserID
	m.Name = tfkit.String(user.Name, user.JSON.Name)
	m.AddedAt = tfkit.Int64(user.AddedAt, user.JSON.AddedAt)
}

// label names the person in diagnostics.
func (m *projectUserModel) label() string {
	return fmt.Sprintf("member %s of project %s", cmp.Or(m.Email.ValueString(), m.UserID.ValueString()), m.ProjectID.ValueString())
}

// planProjectUser refuses a configuration that names two people, and warns of a
// new owner.
func planProjectUser(ctx context.Context, call *lifecycle.Call[*projectUserModel]) {
	if !call.HasPlan() {
		return
	}
	if !call.HasState() || !call.Plan.UserID.Equal(call.State.UserID) || !samePerson(call.Plan.Email, call.State.Email) {
		checkOnePerson(ctx, call.Client, call.Config.UserID, call.Config.Email, call.Diags)
	}
	if !call.Warns(tfkit.OwnerGranted) {
		return
	}
	var previous types.String
	if call.HasState() {
		previous = call.State.Role
	}
	warnOfOwner(call, call.Plan.Email, previous, call.Plan.Role, "a project", "An owner of a project can create keys and add members.")
}

// writeProjectUser adds the person, or changes the role.
func writeProjectUser(ctx context.Context, call *lifecycle.Call[*projectUserModel]) error {
	plan := call.Plan
	var user *openai.ProjectUser
	var err error
	switch {
	case !call.HasState():
		params := openai.AdminOrganizationProjectUserNewParams{Role: plan.Role.ValueString()}
		if id := plan.UserID.ValueString(); id != "" {
			params.UserID = openai.String(id)
		} else {
			params.Email = openai.String(plan.Email.ValueString())
		}
		user, err = call.Client.ProjectUsers.Add(ctx, plan.ProjectID.ValueString(), params)
	case plan.Role.Equal(call.State.Role):
		return nil
	default:
		user, err = call.Client.ProjectUsers.Update(ctx, call.State.ProjectID.ValueString(), call.State.UserID.ValueString(), plan.Role.ValueString())
	}
	if user != nil { // added, if not with the planned role
		plan.flatten(user)
	}
	return err
}

func readProjectUser(ctx context.Context, call *lifecycle.Call[*projectUserModel]) error {
	id := call.State.UserID.ValueString()
	call.Client.Expect(id, call.State.AddedAt.ValueInt64())
	user, err := call.Client.ProjectUsers.Get(ctx, call.State.ProjectID.ValueString(), id)
	if err == nil {
		call.State.flatten(user)
	}
	return err
}

// existingProjectUser reads the member of the project that a create adopts.
func existingProjectUser(ctx context.Context, call *lifecycle.Call[*projectUserModel]) (lifecycle.Found, error) {
	if call.Plan.ProjectID.IsUnknown() {
		return lifecycle.Found{}, nil
	}
	project := call.Plan.ProjectID.ValueString()
	user, err := findProjectUser(ctx, call.Client, project, call.Plan.UserID.ValueString(), call.Plan.Email.ValueString())
	if err != nil || user == nil {
		return lifecycle.Found{}, err
	}
	return lifecycle.Found{
		Object: "member " + user.Email + " of project " + project, ID: []string{project, user.ID},
		Changes: lifecycle.Difference("role", types.StringValue(user.Role), call.Plan.Role),
		Destroy: "Destroying the resource removes the person from the project.",
	}, nil
}

// findProjectUser returns the member of a project with this id or address, nil
// when there is none.
func findProjectUser(ctx context.Context, client *adminapi.Client, project, id, email string) (*openai.ProjectUser, error) {
	if id != "" {
		return client.ProjectUsers.Get(ctx, project, id)
	}
	if email == "" {
		return nil, nil
	}
	users, err := client.ProjectUsers.List(ctx, project)
	for i := range users {
		if strings.EqualFold(users[i].Email, email) {
			return &users[i], nil
		}
	}
	return nil, err
}

func listProjectUsers(ctx context.Context, client *adminapi.Client, projectID string) ([]openai.ProjectUser, error) {
	return client.ProjectUsers.List(ctx, projectID)
}

func listedProjectUser(_ context.Context, project *openai.Project, user *openai.ProjectUser, _ *diag.Diagnostics) (string, *projectUserModel) {
	m := projectUserModel{ProjectID: types.StringValue(project.ID), SuppressedWarnings: tfkit.NoSuppressedWarnings()}
	m.flatten(user)
	return user.Email + " in " + project.Name, &m
}
