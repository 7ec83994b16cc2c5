package user

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/boolplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/packages/param"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

func organizationUser() lifecycle.Setting[*userModel] {
	return lifecycle.Setting[*userModel]{
		Core: lifecycle.Core[*userModel]{
			Type:     "organization_user",
			Schema:   userSchema,
			Identity: []lifecycle.Identifier{{Name: "user_id", Description: "Id of the user."}},
			Paths: func(object lifecycle.Values) lifecycle.Paths {
				return lifecycle.Named(object.Path(usersPath+"/{user_id}"), byEmail(usersPath, object))
			},
			Label: (*userModel).label,
			Legacy: lifecycle.Foreign{
				Type:  "openai_organization_user",
				Types: []lifecycle.ForeignType{{Provider: lifecycle.Jianyuan, Type: "openai_user_role", With: "role"}},
			},
			Generated: tfkit.GeneratedConfig{Without: []string{"user_id", "technical_level", "developer_persona"}},
			Plan:      planUser,
			Read:      readUser,
			Delete: func(ctx context.Context, call *lifecycle.Call[*userModel]) error {
				return call.Client.Users.Delete(ctx, call.State.UserID.ValueString())
			},
			List: lifecycle.ListOrganization("The members of the organization, without service accounts.", "the users", listUsers, listedUser),
		},
		Write:    writeUser,
		Existing: existingUser,
	}
}

func userSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "An existing member of the organization, by e-mail address or id. Creating the resource adopts the member without an import and overwrites a different role; the plan shows the old and the new role. To invite people, use `openai_organization_member`.\n\n" +
			"Destroying the resource **removes the person from the organization**. To stop managing a person who stays, use a `removed` block with `destroy = false`. " +
			"The last owner cannot be demoted or removed.",
		Attributes: map[string]schema.Attribute{
			"user_id": schema.StringAttribute{
				MarkdownDescription: "Id of the user (`user-…`). Configure `user_id` or `email`, or both for one person; neither for a member who was imported or whose state comes from another provider. Changing it forces a new resource, which removes the previous person.",
				Optional:            true,
				Computed:            true,
				Validators:          []validator.String{tfkit.ID()},
				PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown(), stringplanmodifier.RequiresReplaceIfConfigured()},
			},
			"email": schema.StringAttribute{
				MarkdownDescription: "E-mail address of the user; case does not matter. Configure `user_id` or `email`, or both for one person; neither for a member who was imported or whose state comes from another provider. Changing it forces a new resource, which removes the previous person.",
				Optional:            true,
				Computed:            true,
				Validators:          []validator.String{tfkit.Email()},
				PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown(), replaceOtherPerson()},
			},
			"role": schema.StringAttribute{
				MarkdownDescription: "Role in the organization: `owner` or `reader`. Default: the present role. Changed in place.",
				Optional:            true,
				Computed:            true,
				Validators:          []validator.String{stringvalidator.OneOf(organizationRoles...)},
				PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
			"technical_level": schema.StringAttribute{
				MarkdownDescription: "Technical level in the person's profile. Default: the present level. Changed in place.",
				Optional:            true,
				Computed:            true,
				PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
			"developer_persona": schema.StringAttribute{
				MarkdownDescription: "Developer persona in the person's profile. Default: the present persona. Changed in place.",
				Optional:            true,
				Computed:            true,
				PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
			"id":       tfkit.ComputedString("Id of the user, the same as `user_id`."),
			"name":     tfkit.ComputedString("Name of the person."),
			"added_at": tfkit.ComputedInt64("When the person joined the organization, in Unix seconds."),
			"created":  tfkit.ComputedInt64("When the person's account was created, in Unix seconds."),
			"api_key_last_used_at": tfkit.ComputedInt64("When a key of this person was last used, in Unix seconds; null when no key was used. " +
				"The API changes this value; plans never show a change of it."),
			"is_default":                         computedBool("Whether this is the person's default organization."),
			"is_scale_tier_authorized_purchaser": computedBool("Whether the person may purchase the scale tier."),
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

// userModel is a member of the organization; the data sources show the same.
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

// flatten copies an answer into the model; an address that differs in case only
// stays as it was written.
func (m *userModel) flatten(user *openai.OrganizationUser) {
	email := m.Email
	*m = newUserModel(user)
	m.Email = keepCase(email, m.Email)
}

func (m *userModel) person() person { return person{m.UserID, m.Email, m.Role} }

// label names the member in diagnostics.
func (m *userModel) label() string {
	return userLabel(cmp.Or(m.Email.ValueString(), m.UserID.ValueString()))
}

// toUpdateRequest is the request that changes another state of the member into
// this one, and whether there is anything to change.
func (m *userModel) toUpdateRequest(present *userModel) (params openai.AdminOrganizationUserUpdateParams, changes bool) {
	set := func(field *param.Opt[string], planned, present types.String) {
		if !planned.IsUnknown() && !planned.IsNull() && !planned.Equal(present) {
			*field, changes = openai.String(planned.ValueString()), true
		}
	}
	set(&params.Role, m.Role, present.Role)
	set(&params.TechnicalLevel, m.TechnicalLevel, present.TechnicalLevel)
	set(&params.DeveloperPersona, m.DeveloperPersona, present.DeveloperPersona)
	return params, changes
}

// planUser refuses a configuration that names no user, a change of a user that
// an identity provider manages, and the demotion or removal of the last owner.
func planUser(ctx context.Context, call *lifecycle.Call[*userModel]) {
	warnOfNewOwner(ctx, call, (*userModel).person)
	state, plan := call.State, call.Plan
	if plan != nil && (state == nil || !plan.UserID.Equal(state.UserID) || !samePerson(plan.Email, state.Email)) {
		checkOnePerson(ctx, call.Client, call.Config.UserID, call.Config.Email, call.Diags)
	}
	if state == nil {
		if call.Config.UserID.IsNull() && call.Config.Email.IsNull() {
			call.Diags.AddAttributeError(path.Root("user_id"), "Missing user_id or email",
				"Set user_id or email to name the member. Both can be left out only for a member who is in state, by an import or from another provider.")
		}
		return
	}
	leaves := plan == nil || !samePerson(plan.Email, state.Email) || !plan.UserID.IsUnknown() && !plan.UserID.Equal(state.UserID)
	changes := leaves
	if !leaves {
		_, changes = plan.toUpdateRequest(state)
	}
	if tfkit.RefuseSCIM(state.Email.ValueString(), state.IsSCIMManaged.ValueBool() && changes, call.Diags) {
		return
	}
	if state.Role.ValueString() == adminapi.RoleOwner && (leaves || plan.Role.ValueString() == roleReader) {
		tfkit.ProtectLastOwner(ctx, call.Client, state.UserID.ValueString(), state.Email.ValueString(), call.Diags)
	}
}

// writeUser changes the attributes that differ in the plan, if any.
func writeUser(ctx context.Context, call *lifecycle.Call[*userModel]) error {
	present := call.State
	if present == nil {
		user, err := findUser(ctx, call.Client, call.Plan.UserID, call.Plan.Email)
		if err != nil {
			return err
		}
		if user == nil {
			addNotMember(call.Plan, call.Diags)
			return nil
		}
		adopted := newUserModel(user)
		present = &adopted
	}
	params, changes := call.Plan.toUpdateRequest(present)
	if !changes {
		email := call.Plan.Email
		*call.Plan = *present
		call.Plan.Email = keepCase(email, present.Email)
		return nil
	}
	if tfkit.RefuseSCIM(present.Email.ValueString(), present.IsSCIMManaged.ValueBool(), call.Diags) {
		return nil
	}
	call.Plan.UserID = present.UserID
	user, err := call.Client.Users.Update(ctx, present.UserID.ValueString(), params)
	if err == nil {
		call.Plan.flatten(user)
	}
	return err
}

func addNotMember(m *userModel, diags *diag.Diagnostics) {
	at, who := path.Root("user_id"), m.UserID.ValueString()
	if who == "" {
		at, who = path.Root("email"), m.Email.ValueString()
	}
	diags.AddAttributeError(at, "Not a member of the organization", fmt.Sprintf(
		"%s is not a member of the organization. Use openai_organization_member, which invites people, or openai_invite.", who))
}

func readUser(ctx context.Context, call *lifecycle.Call[*userModel]) error {
	user, err := call.Client.Users.Get(ctx, call.State.UserID.ValueString())
	if err == nil {
		call.State.flatten(user)
	}
	return err
}

// existingUser reads the member that a create adopts.
func existingUser(ctx context.Context, call *lifecycle.Call[*userModel]) (lifecycle.Found, error) {
	user, err := findUser(ctx, call.Client, call.Plan.UserID, call.Plan.Email)
	if err != nil || user == nil {
		return lifecycle.Found{}, err
	}
	present := newUserModel(user)
	return lifecycle.Found{
		Object: userLabel(user.Email), ID: []string{user.ID}, Destroy: memberDestroy,
		Changes: slices.Concat(
			lifecycle.Difference("role", present.Role, call.Plan.Role),
			lifecycle.Difference("technical_level", present.TechnicalLevel, call.Plan.TechnicalLevel),
			lifecycle.Difference("developer_persona", present.DeveloperPersona, call.Plan.DeveloperPersona)),
	}, nil
}

func listUsers(ctx context.Context, client *adminapi.Client) ([]openai.OrganizationUser, error) {
	return client.Users.List(ctx)
}

func listedUser(_ context.Context, user *openai.OrganizationUser, _ *diag.Diagnostics) (string, *userModel) {
	if user.IsServiceAccount {
		return "", nil
	}
	m := newUserModel(user)
	return user.Email, &m
}
