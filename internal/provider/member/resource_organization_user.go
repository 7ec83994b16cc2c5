package member

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/boolplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/packages/param"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

var (
	_ resource.ResourceWithConfigure    = (*userResource)(nil)
	_ resource.ResourceWithModifyPlan   = (*userResource)(nil)
	_ resource.ResourceWithImportState  = (*userResource)(nil)
	_ resource.ResourceWithIdentity     = (*userResource)(nil)
	_ resource.ResourceWithUpgradeState = (*userResource)(nil)
	_ resource.ResourceWithMoveState    = (*userResource)(nil)
)

type userResource struct{ tfkit.Resource }

func newUserResource() resource.Resource { return &userResource{} }

func (r *userResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_organization_user"
}

func (r *userResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = userSchema()
}

func userSchema() schema.Schema {
	return schema.Schema{
		Version: tfkit.SchemaVersion,
		MarkdownDescription: "An existing member of the organization, by e-mail address or id. Creating the resource adopts the member without an import and overwrites a different role; the plan shows the old and the new role. To invite people, use `openai_organization_member`.\n\n" +
			"Destroying the resource **removes the person from the organisation**. To stop managing somebody who stays, use a `removed` block with `destroy = false`. " +
			"The last owner can be neither demoted nor removed.",
		Attributes: map[string]schema.Attribute{
			"user_id": schema.StringAttribute{
				MarkdownDescription: "Id of the user (`user-…`). One of `user_id` and `email` is configured; neither for a member who was imported or whose state comes from another provider. Changing it forces a new resource, which removes the previous person.",
				Optional:            true,
				Computed:            true,
				Validators: []validator.String{
					tfkit.ID(),
					stringvalidator.ConflictsWith(path.MatchRoot("email")),
				},
				PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown(), stringplanmodifier.RequiresReplaceIfConfigured()},
			},
			"email": schema.StringAttribute{
				MarkdownDescription: "E-mail address of the user; case does not matter. One of `user_id` and `email` is configured; neither for a member who was imported or whose state comes from another provider. Changing it forces a new resource, which removes the previous person.",
				Optional:            true,
				Computed:            true,
				Validators:          []validator.String{tfkit.Email()},
				PlanModifiers: []planmodifier.String{
					stringplanmodifier.UseStateForUnknown(),
					stringplanmodifier.RequiresReplaceIf(anotherAddress, "Another address is another person.", "Another address is another person."),
				},
			},
			"role": schema.StringAttribute{
				MarkdownDescription: "Role in the organisation: `owner` or `reader`. Default: what the person has. Changed in place.",
				Optional:            true,
				Computed:            true,
				Validators:          []validator.String{stringvalidator.OneOf(organizationRoles...)},
				PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
			"technical_level": schema.StringAttribute{
				MarkdownDescription: "Technical level as the person's profile has it. Default: what the person has. Changed in place.",
				Optional:            true,
				Computed:            true,
				PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
			"developer_persona": schema.StringAttribute{
				MarkdownDescription: "Developer persona as the person's profile has it. Default: what the person has. Changed in place.",
				Optional:            true,
				Computed:            true,
				PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
			"id":       tfkit.ComputedString("Id of the user, the same as `user_id`."),
			"name":     tfkit.ComputedString("Name of the person."),
			"added_at": tfkit.ComputedInt64("When the person joined the organisation, in Unix seconds."),
			"created":  tfkit.ComputedInt64("When the person's account was created, in Unix seconds."),
			"api_key_last_used_at": tfkit.ComputedInt64("When a key of this person was last used, in Unix seconds; null when never. " +
				"It moves by itself and never makes a difference in a plan."),
			"is_default":                         computedBool("Whether this is the person's default organisation."),
			"is_scale_tier_authorized_purchaser": computedBool("Whether the person may buy scale tier."),
			"is_scim_managed":                    computedBool("Whether an identity provider manages the person; such people cannot be changed here."),
			"is_service_account":                 computedBool("Whether this is a service account rather than a person."),
		},
	}
}

func computedBool(description string) schema.BoolAttribute {
	return schema.BoolAttribute{
		MarkdownDescription: description,
		Computed:            true,
		PlanModifiers:       []planmodifier.Bool{boolplanmodifier.UseStateForUnknown()},
	}
}

func (r *userResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"user_id": tfkit.IdentityAttribute("Id of the user."),
	}}
}

func (r *userResource) GeneratedConfig() tfkit.GeneratedConfig {
	return tfkit.GeneratedConfig{Without: []string{"user_id", "technical_level", "developer_persona"}}
}

func (r *userResource) UpgradeState(context.Context) map[int64]resource.StateUpgrader {
	return tfkit.UpgradeForeignState(userSchema(), userElsewhere)
}

var userElsewhere = tfkit.Foreign{
	Type:  "openai_organization_user",
	Types: []tfkit.ForeignType{{Provider: tfkit.Jianyuan, Type: "openai_user_role"}},
}

func (r *userResource) MoveState(context.Context) []resource.StateMover {
	return tfkit.MoveForeignState(userSchema(), userElsewhere)
}

// userModel is a member of the organisation; the data sources show the same.
type userModel struct {
	UserID                         types.String `tfsdk:"user_id"`
	Email                          types.String `tfsdk:"email"`
	Role                           types.String `tfsdk:"role"`
	TechnicalLevel                 types.String `tfsdk:"technical_level"`
	DeveloperPersona               types.String `tfsdk:"developer_persona"`
	ID                             types.String `tfsdk:"id"`
	Name                           types.String `tfsdk:"name"`
	AddedAt                        types.Int64  `tfsdk:"added_at"`
	Created                        types.Int64  `tfsdk:"created"`
	APIKeyLastUsedAt               types.Int64  `tfsdk:"api_key_last_used_at"`
	IsDefault                      types.Bool   `tfsdk:"is_default"`
	IsScaleTierAuthorizedPurchaser types.Bool   `tfsdk:"is_scale_tier_authorized_purchaser"`
	IsSCIMManaged                  types.Bool   `tfsdk:"is_scim_managed"`
	IsServiceAccount               types.Bool   `tfsdk:"is_service_account"`
}

func newUserModel(user *openai.OrganizationUser) userModel {
	return userModel{
		UserID:                         types.StringValue(user.ID),
		Email:                          tfkit.String(user.Email, user.JSON.Email),
		Role:                           tfkit.String(user.Role, user.JSON.Role),
		TechnicalLevel:                 tfkit.String(user.TechnicalLevel, user.JSON.TechnicalLevel),
		DeveloperPersona:               tfkit.String(user.DeveloperPersona, user.JSON.DeveloperPersona),
		ID:                             types.StringValue(user.ID),
		Name:                           tfkit.String(user.Name, user.JSON.Name),
		AddedAt:                        tfkit.Int64(user.AddedAt, user.JSON.AddedAt),
		Created:                        tfkit.Int64(user.Created, user.JSON.Created),
		APIKeyLastUsedAt:               tfkit.Int64(user.APIKeyLastUsedAt, user.JSON.APIKeyLastUsedAt),
		IsDefault:                      tfkit.Bool(user.IsDefault, user.JSON.IsDefault),
		IsScaleTierAuthorizedPurchaser: tfkit.Bool(user.IsScaleTierAuthorizedPurchaser, user.JSON.IsScaleTierAuthorizedPurchaser),
		IsSCIMManaged:                  tfkit.Bool(user.IsScimManaged, user.JSON.IsScimManaged),
		IsServiceAccount:               tfkit.Bool(user.IsServiceAccount, user.JSON.IsServiceAccount),
	}
}

// take copies a reply into the model; an address that differs in case only
// stays as it was written.
func (m *userModel) take(user *openai.OrganizationUser) {
	former := m.Email
	*m = newUserModel(user)
	m.Email = keepCase(former, m.Email)
}

func (m *userModel) identity() map[string]types.String {
	return map[string]types.String{"user_id": m.UserID}
}

// ModifyPlan refuses a configuration that names no user, a change of a user whom
// an identity provider manages, and the demotion or removal of the last owner.
func (r *userResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	adviseOnOwner(ctx, r.Client, wholeOrganization, ownersDo, req, resp)
	var state, plan userModel
	if req.State.Raw.IsNull() {
		resp.Diagnostics.Append(req.Config.Get(ctx, &plan)...)
		if plan.UserID.IsNull() && plan.Email.IsNull() {
			resp.Diagnostics.AddAttributeError(path.Root("user_id"), "Nobody is named",
				"Set user_id or email to name the member. Both can be left out only for a member who is in state, by an import or from another provider.")
		}
		return
	}
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if !req.Plan.Raw.IsNull() {
		resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	leaves := req.Plan.Raw.IsNull() || !samePerson(plan.Email, state.Email) || !plan.UserID.IsUnknown() && !plan.UserID.Equal(state.UserID)
	_, changes := plan.changes(state)
	if tfkit.RefuseSCIM(state.Email.ValueString(), state.IsSCIMManaged.ValueBool() && (leaves || changes), &resp.Diagnostics) {
		return
	}
	if state.Role.ValueString() == adminapi.RoleOwner && (leaves || plan.Role.ValueString() == roleReader) {
		tfkit.ProtectLastOwner(ctx, r.Client, state.UserID.ValueString(), state.Email.ValueString(), &resp.Diagnostics)
	}
}

// find returns the member that the plan names.
func (r *userResource) find(ctx context.Context, plan *userModel, diags *diag.Diagnostics) *openai.OrganizationUser {
	if id := plan.UserID.ValueString(); id != "" {
		user, err := r.Client.Users.Get(ctx, id)
		if adminapi.IsNotFound(err) {
			addNotAMember(diags, path.Root("user_id"), id)
		} else if err != nil {
			addUserError(diags, id, err)
		}
		return user
	}
	email := plan.Email.ValueString()
	user, err := r.Client.Users.FindByEmail(ctx, email)
	if err != nil {
		addUserError(diags, email, err)
	} else if user == nil {
		addNotAMember(diags, path.Root("email"), email)
	}
	return user
}

func addNotAMember(diags *diag.Diagnostics, at path.Path, who string) {
	diags.AddAttributeError(at, "Not a member of the organisation", fmt.Sprintf(
		"%s is not a member of the organisation. Use openai_organization_member, which invites people, or openai_invite.", who))
}

// changes are the settings of the plan that differ from what the user has.
func (m *userModel) changes(now userModel) (params openai.AdminOrganizationUserUpdateParams, any bool) {
	for _, setting := range []struct {
		wanted, present types.String
		field           *param.Opt[string]
	}{
		{m.Role, now.Role, &params.Role},
		{m.TechnicalLevel, now.TechnicalLevel, &params.TechnicalLevel},
		{m.DeveloperPersona, now.DeveloperPersona, &params.DeveloperPersona},
	} {
		if setting.wanted.IsUnknown() || setting.wanted.IsNull() || setting.wanted.Equal(setting.present) {
			continue
		}
		*setting.field = openai.String(setting.wanted.ValueString())
		any = true
	}
	return params, any
}

// apply sends what the plan changes of the present user, if anything, and takes
// the answer over.
func (r *userResource) apply(ctx context.Context, plan *userModel, now userModel, diags *diag.Diagnostics) {
	params, any := plan.changes(now)
	if !any {
		email := plan.Email
		*plan = now
		plan.Email = keepCase(email, now.Email)
		return
	}
	if tfkit.RefuseSCIM(now.Email.ValueString(), now.IsSCIMManaged.ValueBool(), diags) {
		return
	}
	user, err := r.Client.Users.Update(ctx, now.UserID.ValueString(), params)
	if err != nil {
		addUserError(diags, now.Email.ValueString(), err)
		return
	}
	planned := plan.APIKeyLastUsedAt
	plan.take(user)
	if !planned.IsUnknown() {
		// Terraform holds us to what was planned; the next read tells the truth.
		plan.APIKeyLastUsedAt = planned
	}
}

func (r *userResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan userModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	user := r.find(ctx, &plan, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	r.apply(ctx, &plan, newUserModel(user), &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	tfkit.Save(ctx, &resp.State, resp.Identity, plan, plan.identity(), &resp.Diagnostics)
}

func (r *userResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state userModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	user, err := r.Client.Users.Get(ctx, state.UserID.ValueString())
	if adminapi.IsNotFound(err) {
		tfkit.Gone(ctx, resp, state.identity())
		return
	}
	if err != nil {
		addUserError(&resp.Diagnostics, state.UserID.ValueString(), err)
		return
	}
	state.take(user)
	tfkit.Save(ctx, &resp.State, resp.Identity, state, state.identity(), &resp.Diagnostics)
}

func (r *userResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state userModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	r.apply(ctx, &plan, state, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	tfkit.Save(ctx, &resp.State, resp.Identity, plan, plan.identity(), &resp.Diagnostics)
}

func (r *userResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state userModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if err := r.Client.Users.Delete(ctx, state.UserID.ValueString()); err != nil {
		addUserError(&resp.Diagnostics, state.Email.ValueString(), err)
	}
}

func (r *userResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	tfkit.Import(ctx, req, resp, "user_id")
}
