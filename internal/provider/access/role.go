package access

import (
	"context"
	"fmt"
	"maps"

	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

// The roles of the organisation and of projects differ in what they belong to
// and in nothing else.

// roleAttributes are the attributes of both.
func roleAttributes(own map[string]schema.Attribute) map[string]schema.Attribute {
	attributes := map[string]schema.Attribute{
		"role_name": schema.StringAttribute{
			MarkdownDescription: "Name of the role, which no other role beside it has. Changed in place.",
			Required:            true,
			Validators:          []validator.String{tfkit.Name()},
		},
		"permissions": schema.SetAttribute{
			MarkdownDescription: "What the role permits, for example `api.model.request`; an empty set permits nothing. " +
				"OpenAI publishes no whole list, so every text is accepted here. The order means nothing. Changed in place.",
			ElementType: types.StringType,
			Required:    true,
			Validators:  []validator.Set{setvalidator.ValueStringsAre(stringvalidator.LengthAtLeast(1))},
		},
		"description": schema.StringAttribute{
			MarkdownDescription: "What the role is for. Default: none. Changed in place.",
			Optional:            true,
			Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
		},
		"id":              tfkit.ComputedString("Id of the role (`role_…`)."),
		"role_id":         tfkit.ComputedString("Id of the role, the same as `id`."),
		"predefined_role": computedBool("Whether OpenAI defines the role; such roles can be imported and read, but not changed."),
		"resource_type":   tfkit.ComputedString("What the role is for: `api.organization` or `api.project`."),
	}
	maps.Copy(attributes, own)
	return attributes
}

type roleModel struct {
	RoleName       types.String `tfsdk:"role_name"`
	Permissions    types.Set    `tfsdk:"permissions"`
	Description    types.String `tfsdk:"description"`
	ID             types.String `tfsdk:"id"`
	RoleID         types.String `tfsdk:"role_id"`
	PredefinedRole types.Bool   `tfsdk:"predefined_role"`
	ResourceType   types.String `tfsdk:"resource_type"`
}

// take copies a reply into the model. An id that means the same role stays as
// it was written.
func (m *roleModel) take(ctx context.Context, role *adminapi.Role, diags *diag.Diagnostics) {
	if m.RoleID.IsNull() || m.RoleID.IsUnknown() || !adminapi.SameRole(m.RoleID.ValueString(), role.ID) {
		m.RoleID = types.StringValue(role.ID)
	}
	m.ID = m.RoleID
	m.RoleName = types.StringValue(role.Name)
	m.Permissions = textSet(ctx, role.Permissions, diags)
	m.Description = description(role.Description)
	m.PredefinedRole = types.BoolValue(role.Predefined)
	m.ResourceType = types.StringPointerValue(role.ResourceType)
}

// textSet makes a set of texts.
func textSet(ctx context.Context, texts []string, diags *diag.Diagnostics) types.Set {
	set, problems := types.SetValueFrom(ctx, types.StringType, texts)
	diags.Append(problems...)
	return set
}

// description is null when there is none; some answers have an empty text for
// that.
func description(text *string) types.String {
	if text == nil || *text == "" {
		return types.StringNull()
	}
	return types.StringValue(*text)
}

// wanted is the planned role.
func (m *roleModel) wanted(ctx context.Context, diags *diag.Diagnostics) adminapi.Role {
	role := adminapi.Role{
		ID: m.RoleID.ValueString(), Name: m.RoleName.ValueString(), Description: m.Description.ValueStringPointer(), Permissions: []string{},
	}
	diags.Append(m.Permissions.ElementsAs(ctx, &role.Permissions, false)...)
	return role
}

// create creates the planned role, and reports whether it did.
func (m *roleModel) create(ctx context.Context, client *adminapi.Client, scope string, diags *diag.Diagnostics) (ok bool) {
	wanted := m.wanted(ctx, diags)
	if diags.HasError() {
		return false
	}
	role, err := client.Roles.Create(ctx, scope, wanted)
	if err != nil {
		tfkit.AddAPIError(diags, m.label(scope), err)
		return false
	}
	m.take(ctx, role, diags)
	return true
}

func (m *roleModel) get(ctx context.Context, client *adminapi.Client, scope string, private tfkit.PrivateReader, diags *diag.Diagnostics) (*adminapi.Role, error) {
	client.Expect(m.RoleID.ValueString(), tfkit.ReadCreated(ctx, private, diags))
	return client.Roles.Get(ctx, scope, m.RoleID.ValueString())
}

// update brings the role to what is planned and takes the answer over.
func (m *roleModel) update(ctx context.Context, client *adminapi.Client, scope string, diags *diag.Diagnostics) {
	wanted := m.wanted(ctx, diags)
	if diags.HasError() {
		return
	}
	role, err := client.Roles.Update(ctx, scope, wanted)
	if err != nil {
		tfkit.AddAPIError(diags, m.label(scope), err)
		return
	}
	m.take(ctx, role, diags)
}

func (m *roleModel) remove(ctx context.Context, client *adminapi.Client, scope string, diags *diag.Diagnostics) {
	if err := client.Roles.Delete(ctx, scope, m.RoleID.ValueString()); err != nil {
		tfkit.AddAPIError(diags, m.label(scope), err)
	}
}

// label names the role in diagnostics.
func (m *roleModel) label(scope string) string {
	label := fmt.Sprintf("role %q", m.RoleName.ValueString())
	if id := m.RoleID.ValueString(); id != "" {
		label += " (" + id + ")"
	}
	return label + " of " + scopeLabel(scope)
}

// scopeLabel names what something belongs to in diagnostics.
func scopeLabel(scope string) string {
	if scope == adminapi.WholeOrganization {
		return "the organisation"
	}
	return "project " + scope
}

// planRole refuses to change or remove a role that OpenAI defines.
func planRole(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.State.Raw.IsNull() || !changes(req) {
		return
	}
	var predefined types.Bool
	var name types.String
	resp.Diagnostics.Append(req.State.GetAttribute(ctx, path.Root("predefined_role"), &predefined)...)
	resp.Diagnostics.Append(req.State.GetAttribute(ctx, path.Root("role_name"), &name)...)
	if predefined.ValueBool() {
		resp.Diagnostics.AddError("A predefined role", fmt.Sprintf(
			"OpenAI defines the role %q, which can be given to users and groups, but neither changed nor removed. %s", name.ValueString(), tfkit.ReleaseHint))
	}
}
