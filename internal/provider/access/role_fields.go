package access

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

// What the data sources of roles and of their assignments share.

// roleFields are the attributes of a role in a list.
func roleFields() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id":              schema.StringAttribute{Computed: true, MarkdownDescription: "Id of the role."},
		"name":            schema.StringAttribute{Computed: true, MarkdownDescription: "Name of the role."},
		"description":     schema.StringAttribute{Computed: true, MarkdownDescription: "What the role is for, null when it does not say."},
		"permissions":     schema.SetAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: "What the role permits."},
		"predefined_role": schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether OpenAI defines the role."},
		"resource_type":   schema.StringAttribute{Computed: true, MarkdownDescription: "What the role is for: `api.organization` or `api.project`."},
	}
}

type roleFieldsModel struct {
	ID             types.String `tfsdk:"id"`
	Name           types.String `tfsdk:"name"`
	Description    types.String `tfsdk:"description"`
	Permissions    types.Set    `tfsdk:"permissions"`
	PredefinedRole types.Bool   `tfsdk:"predefined_role"`
	ResourceType   types.String `tfsdk:"resource_type"`
}

func newRoleFields(ctx context.Context, role *adminapi.Role, diags *diag.Diagnostics) roleFieldsModel {
	return roleFieldsModel{
		ID:             types.StringValue(role.ID),
		Name:           types.StringValue(role.Name),
		Description:    description(role.Description),
		Permissions:    textSet(ctx, role.Permissions, diags),
		PredefinedRole: types.BoolValue(role.Predefined),
		ResourceType:   types.StringPointerValue(role.ResourceType),
	}
}

// roleParameters are the attributes of a role that is found by id or by name.
func roleParameters(own map[string]schema.Attribute) map[string]schema.Attribute {
	attributes := roleFields()
	delete(attributes, "name")
	attributes["role_id"] = schema.StringAttribute{
		MarkdownDescription: "Id of the role to read. Exactly one of `role_id` and `role_name` is set.",
		Optional:            true,
		Computed:            true,
		Validators: []validator.String{
			tfkit.ID(),
			stringvalidator.ExactlyOneOf(path.MatchRoot("role_id"), path.MatchRoot("role_name")),
		},
	}
	attributes["role_name"] = schema.StringAttribute{
		MarkdownDescription: "Name of the role to read.",
		Optional:            true,
		Computed:            true,
		Validators:          []validator.String{tfkit.Name()},
	}
	maps.Copy(attributes, own)
	return attributes
}

// find reads the role that the configuration names.
func (m *roleModel) find(ctx context.Context, client *adminapi.Client, scope string, diags *diag.Diagnostics) {
	if id := m.RoleID.ValueString(); id != "" {
		role, err := client.Roles.Get(ctx, scope, id)
		if err != nil {
			tfkit.AddAPIError(diags, fmt.Sprintf("role %s of %s", id, scopeLabel(scope)), err)
			return
		}
		m.flatten(ctx, role, diags)
		return
	}
	roles, err := client.Roles.List(ctx, scope)
	if err != nil {
		tfkit.AddAPIError(diags, "the roles of "+scopeLabel(scope), err)
		return
	}
	name := m.RoleName.ValueString()
	role, found := tfkit.Only(roles, func(r *adminapi.Role) string { return r.ID }, func(r *adminapi.Role) bool { return r.Name == name })
	if role == nil {
		tfkit.AddNotOne(diags, path.Root("role_name"), fmt.Sprintf("role of %s named %q", scopeLabel(scope), name), "role_id", found)
		return
	}
	m.flatten(ctx, role, diags)
}

// rolesFields are the attributes of a list of roles.
func rolesFields(id string, own map[string]schema.Attribute) map[string]schema.Attribute {
	attributes := map[string]schema.Attribute{
		"id": schema.StringAttribute{Computed: true, MarkdownDescription: id},
		"roles": schema.ListNestedAttribute{
			MarkdownDescription: "The roles found.",
			Computed:            true,
			NestedObject:        schema.NestedAttributeObject{Attributes: roleFields()},
		},
	}
	maps.Copy(attributes, own)
	return attributes
}

type rolesModel struct {
	ID    types.String      `tfsdk:"id"`
	Roles []roleFieldsModel `tfsdk:"roles"`
}

// listAll lists the roles of a scope.
func (m *rolesModel) listAll(ctx context.Context, client *adminapi.Client, scope string, diags *diag.Diagnostics) {
	roles, err := client.Roles.List(ctx, scope)
	if err != nil {
		tfkit.AddAPIError(diags, "the roles of "+scopeLabel(scope), err)
		return
	}
	m.take(ctx, roles, diags)
}

// listAssigned lists the roles that somebody has.
func (m *rolesModel) listAssigned(ctx context.Context, client *adminapi.Client, a adminapi.Assignee, diags *diag.Diagnostics) {
	assigned, err := client.RoleAssignments.List(ctx, a)
	if err != nil {
		tfkit.AddAPIError(diags, "the roles of "+assigneeLabel(a), err)
		return
	}
	roles := make([]adminapi.Role, len(assigned))
	for i := range assigned {
		roles[i] = assigned[i].Role
	}
	m.take(ctx, roles, diags)
}

// take puts roles into the model in an order that stays.
func (m *rolesModel) take(ctx context.Context, roles []adminapi.Role, diags *diag.Diagnostics) {
	slices.SortFunc(roles, func(a, b adminapi.Role) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID)) })
	m.Roles = make([]roleFieldsModel, len(roles))
	for i := range roles {
		m.Roles[i] = newRoleFields(ctx, &roles[i], diags)
	}
}

// assignmentFields are the attributes of one role that somebody has.
func assignmentFields(own map[string]schema.Attribute) map[string]schema.Attribute {
	attributes := roleFields()
	attributes["id"] = schema.StringAttribute{Computed: true, MarkdownDescription: "Id of the role as the API gives it, which may be longer than `role_id`."}
	attributes["role_id"] = schema.StringAttribute{
		MarkdownDescription: "Id of the role. " + roleIDNote,
		Required:            true,
		Validators:          []validator.String{tfkit.ID()},
	}
	maps.Copy(attributes, own)
	return attributes
}

// readAssignment reads the role that somebody has and returns its id.
func readAssignment(ctx context.Context, client *adminapi.Client, m assigned, diags *diag.Diagnostics) types.String {
	role, err := client.RoleAssignments.Get(ctx, m.assignee(), m.role().RoleID.ValueString())
	if err != nil {
		tfkit.AddAPIError(diags, assignmentLabel(m), err)
		return types.StringNull()
	}
	m.role().flatten(ctx, role, diags)
	return types.StringValue(role.ID)
}

func groupParameter() schema.StringAttribute {
	return schema.StringAttribute{MarkdownDescription: "Id of the group (`group_…`).", Required: true, Validators: []validator.String{tfkit.ID()}}
}

func userParameter() schema.StringAttribute {
	return schema.StringAttribute{
		MarkdownDescription: "Id of the user (`user-…`) or of the service account (`svc_acct_…`).", Required: true, Validators: []validator.String{tfkit.ID()},
	}
}
