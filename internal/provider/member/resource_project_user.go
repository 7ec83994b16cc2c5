package member

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/openai/openai-go/v3"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

var (
	_ resource.ResourceWithConfigure    = (*projectUserResource)(nil)
	_ resource.ResourceWithImportState  = (*projectUserResource)(nil)
	_ resource.ResourceWithIdentity     = (*projectUserResource)(nil)
	_ resource.ResourceWithUpgradeState = (*projectUserResource)(nil)
	_ resource.ResourceWithMoveState    = (*projectUserResource)(nil)
)

type projectUserResource struct{ tfkit.Resource }

func newProjectUserResource() resource.Resource { return &projectUserResource{} }

func (r *projectUserResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_project_user"
}

func (r *projectUserResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = projectUserSchema()
}

func projectUserSchema() schema.Schema {
	return schema.Schema{
		Version: tfkit.SchemaVersion,
		MarkdownDescription: "A member of a project. The person must be a member of the organization. Creating the resource adopts a member who is in the project already and overwrites a different role; the plan shows the old and the new role.\n\n" +
			"Destroying the resource takes the person out of the project, not out of the organisation.",
		Attributes: map[string]schema.Attribute{
			"project_id": tfkit.ParentID("Id of the project (`proj_…`). The default project takes no members."),
			"user_id": schema.StringAttribute{
				MarkdownDescription: "Id of the user (`user-…`). Exactly one of `user_id` and `email` is configured. Changing it replaces the resource.",
				Optional:            true,
				Computed:            true,
				Validators: []validator.String{
					tfkit.ID(),
					stringvalidator.ExactlyOneOf(path.MatchRoot("user_id"), path.MatchRoot("email")),
				},
				PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown(), stringplanmodifier.RequiresReplaceIfConfigured()},
			},
			"email": schema.StringAttribute{
				MarkdownDescription: "E-mail address of the user; case does not matter. Exactly one of `user_id` and `email` is configured. Changing it replaces the resource.",
				Optional:            true,
				Computed:            true,
				Validators:          []validator.String{tfkit.Email()},
				PlanModifiers: []planmodifier.String{
					stringplanmodifier.UseStateForUnknown(),
					stringplanmodifier.RequiresReplaceIf(anotherAddress, "Another address is another person.", "Another address is another person."),
				},
			},
			"role": schema.StringAttribute{
				MarkdownDescription: "Role in the project: `member` or `owner`. Changed in place.",
				Required:            true,
				Validators:          []validator.String{stringvalidator.OneOf(projectRoles...)},
			},
			"acknowledge": tfkit.AcknowledgeAttribute(tfkit.OwnerGranted),
			"id":          tfkit.ComputedString("Id of the user, the same as `user_id`."),
			"name":        tfkit.ComputedString("Name of the person."),
			"added_at":    tfkit.ComputedInt64("When the person joined the project, in Unix seconds."),
		},
	}
}

func (r *projectUserResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"project_id": tfkit.IdentityAttribute("Id of the project."),
		"user_id":    tfkit.IdentityAttribute("Id of the user."),
	}}
}

func (r *projectUserResource) GeneratedConfig() tfkit.GeneratedConfig {
	return tfkit.GeneratedConfig{Without: []string{"user_id"}}
}

func (r *projectUserResource) UpgradeState(context.Context) map[int64]resource.StateUpgrader {
	return tfkit.UpgradeForeignState(projectUserSchema(), projectUserElsewhere)
}

var projectUserElsewhere = tfkit.Foreign{Type: "openai_project_user"}

func (r *projectUserResource) MoveState(context.Context) []resource.StateMover {
	return tfkit.MoveForeignState(projectUserSchema(), projectUserElsewhere)
}

type projectUserModel struct {
	tfkit.Acknowledged
	ProjectID types.String `tfsdk:"project_id"`
	UserID    types.String `tfsdk:"user_id"`
	Email     types.String `tfsdk:"email"`
	Role      types.String `tfsdk:"role"`
	ID        types.String `tfsdk:"id"`
	Name      types.String `tfsdk:"name"`
	AddedAt   types.Int64  `tfsdk:"added_at"`
}

func (m *projectUserModel) take(user *openai.ProjectUser) {
	m.UserID = types.StringValue(user.ID)
	m.Email = keepCase(m.Email, tfkit.String(user.Email, user.JSON.Email))
	m.Role = types.StringValue(user.Role)
	m.ID = m.UserID
	m.Name = tfkit.String(user.Name, user.JSON.Name)
	m.AddedAt = tfkit.Int64(user.AddedAt, user.JSON.AddedAt)
}

func (m *projectUserModel) identity() map[string]types.String {
	return map[string]types.String{"project_id": m.ProjectID, "user_id": m.UserID}
}

// label names the person in diagnostics.
func (m *projectUserModel) label() string {
	who := m.Email.ValueString()
	if who == "" {
		who = m.UserID.ValueString()
	}
	return fmt.Sprintf("member %s of project %s", who, m.ProjectID.ValueString())
}

func (r *projectUserResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan projectUserModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	params := openai.AdminOrganizationProjectUserNewParams{Role: plan.Role.ValueString()}
	if id := plan.UserID.ValueString(); id != "" {
		params.UserID = openai.String(id)
	} else {
		params.Email = openai.String(plan.Email.ValueString())
	}
	user, err := r.Client.ProjectUsers.Add(ctx, plan.ProjectID.ValueString(), params)
	if err != nil {
		tfkit.AddAPIError(&resp.Diagnostics, plan.label(), err)
		return
	}
	plan.take(user)
	tfkit.Save(ctx, &resp.State, resp.Identity, plan, plan.identity(), &resp.Diagnostics)
	r.SaveSeen(ctx, resp.Private, resp.Private, plan.UserID.ValueString(), &resp.Diagnostics)
}

func (r *projectUserResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state projectUserModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	watched := tfkit.Watched{ID: state.UserID.ValueString(), Parents: []string{state.ProjectID.ValueString()}}
	if _, unchanged := r.Unchanged(ctx, req, resp, watched, state.identity()); unchanged {
		return
	}
	r.Client.Expect(state.UserID.ValueString(), state.AddedAt.ValueInt64())
	user, err := r.Client.ProjectUsers.Get(ctx, state.ProjectID.ValueString(), state.UserID.ValueString())
	if adminapi.IsGone(err) {
		tfkit.RemoveGone(ctx, resp, state.identity(), err)
		return
	}
	if err != nil {
		tfkit.AddAPIError(&resp.Diagnostics, state.label(), err)
		return
	}
	state.take(user)
	tfkit.Save(ctx, &resp.State, resp.Identity, state, state.identity(), &resp.Diagnostics)
	r.SaveSeen(ctx, req.Private, resp.Private, state.UserID.ValueString(), &resp.Diagnostics)
}

func (r *projectUserResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state projectUserModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if !plan.Role.Equal(state.Role) {
		user, err := r.Client.ProjectUsers.Update(ctx, state.ProjectID.ValueString(), state.UserID.ValueString(), plan.Role.ValueString())
		if err != nil {
			tfkit.AddAPIError(&resp.Diagnostics, state.label(), err)
			return
		}
		plan.take(user)
	}
	tfkit.Save(ctx, &resp.State, resp.Identity, plan, plan.identity(), &resp.Diagnostics)
	r.SaveChanged(ctx, req.Private, resp.Private, plan.UserID.ValueString(), &resp.Diagnostics)
}

func (r *projectUserResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state projectUserModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if err := r.Client.ProjectUsers.Delete(ctx, state.ProjectID.ValueString(), state.UserID.ValueString()); err != nil {
		tfkit.AddAPIError(&resp.Diagnostics, state.label(), err)
	}
}

func (r *projectUserResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	tfkit.Import(ctx, req, resp, "project_id", "user_id")
}
