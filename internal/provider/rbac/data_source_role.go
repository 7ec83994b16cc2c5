package rbac

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

// The roles of the organization and of projects, one by one and all of them.

func roleData() lifecycle.DataSource[*roleModel] {
	return findRole("role", "One role of the organization, custom or predefined, by id or by name.", nil,
		func(d *roleModel) (*roleModel, string) { return d, adminapi.WholeOrganization })
}

func projectRoleData() lifecycle.DataSource[*projectRoleModel] {
	return findRole("project_role", "One role of a project, custom or predefined, by id or by name.", projectParameter(),
		func(d *projectRoleModel) (*roleModel, string) { return &d.roleModel, d.ProjectID.ValueString() })
}

// findRole is the data source of a role that is found by id or by name. own are
// the attributes that name the scope.
func findRole[D any](kind, description string, own map[string]schema.Attribute, of func(d D) (role *roleModel, scope string)) lifecycle.DataSource[D] {
	attributes := roleFields()
	delete(attributes, "name")
	lifecycle.FindBy(attributes, "role", "role_id", "role_name", "Name of the role to read.", tfkit.Name())
	maps.Copy(attributes, own)
	return lifecycle.DataSource[D]{
		Type:   kind,
		Schema: schema.Schema{MarkdownDescription: description, Attributes: attributes},
		Label: func(d D) string {
			role, scope := of(d)
			if id := role.RoleID.ValueString(); id != "" {
				return fmt.Sprintf("role %s of %s", id, scopeLabel(scope))
			}
			return "the roles of " + scopeLabel(scope)
		},
		Read: func(ctx context.Context, call *lifecycle.DataCall[D]) error {
			m, scope := of(call.Data)
			if id := m.RoleID.ValueString(); id != "" {
				role, err := call.Client.Roles.Get(ctx, scope, id)
				if err == nil {
					m.flatten(ctx, role, call.Diags)
				}
				return err
			}
			roles, err := call.Client.Roles.List(ctx, scope)
			if err != nil {
				return err
			}
			name := m.RoleName.ValueString()
			role := tfkit.OnlyNamed(roles, func(r *adminapi.Role) (string, string) { return r.ID, r.Name },
				"role_name", name, fmt.Sprintf("role of %s named %q", scopeLabel(scope), name), "role_id", call.Diags)
			if role == nil {
				return nil
			}
			m.flatten(ctx, role, call.Diags)
			return nil
		},
	}
}

func rolesData() lifecycle.DataSource[*rolesModel] {
	return listRoles("roles", "The roles of the organization, custom and predefined, in the order of their names. All pages are read.", "Always `organization`.", nil,
		func(d *rolesModel) (*rolesModel, string) { return d, adminapi.WholeOrganization })
}

type projectRolesDataModel struct {
	ProjectID types.String `tfsdk:"project_id"`
	rolesModel
}

func projectRolesData() lifecycle.DataSource[*projectRolesDataModel] {
	return listRoles("project_roles", "The roles of a project, custom and predefined, in the order of their names. All pages are read.", "Id of the project.", projectParameter(),
		func(d *projectRolesDataModel) (*rolesModel, string) { return &d.rolesModel, d.ProjectID.ValueString() })
}

// listRoles is the data source of the roles of a scope. own are the attributes
// that name the scope.
func listRoles[D any](kind, description, id string, own map[string]schema.Attribute, of func(d D) (list *rolesModel, scope string)) lifecycle.DataSource[D] {
	return lifecycle.DataSource[D]{
		Type:   kind,
		Schema: rolesSchema(description, id, own),
		Label: func(d D) string {
			_, scope := of(d)
			return "the roles of " + scopeLabel(scope)
		},
		Read: func(ctx context.Context, call *lifecycle.DataCall[D]) error {
			list, scope := of(call.Data)
			roles, err := call.Client.Roles.List(ctx, scope)
			list.ID = types.StringValue(cmp.Or(scope, "organization"))
			list.flatten(ctx, roles, call.Diags)
			return err
		},
	}
}

// rolesSchema is the schema of a list of roles.
func rolesSchema(description, id string, own map[string]schema.Attribute) schema.Schema {
	attributes := map[string]schema.Attribute{
		"id": schema.StringAttribute{Computed: true, MarkdownDescription: id},
		"roles": schema.ListNestedAttribute{
			MarkdownDescription: "The roles found.",
			Computed:            true,
			NestedObject:        schema.NestedAttributeObject{Attributes: roleFields()},
		},
	}
	maps.Copy(attributes, own)
	return schema.Schema{MarkdownDescription: description, Attributes: attributes}
}

type rolesModel struct {
	ID    types.String      `tfsdk:"id"`
	Roles []roleFieldsModel `tfsdk:"roles"`
}

// flatten puts roles into the model in an order that stays.
func (m *rolesModel) flatten(ctx context.Context, roles []adminapi.Role, diags *diag.Diagnostics) {
	slices.SortFunc(roles, func(a, b adminapi.Role) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID)) })
	m.Roles = lifecycle.Flatten(roles, func(role *adminapi.Role) roleFieldsModel { return newRoleFields(ctx, role, diags) })
}

// roleFields are the attributes of a role in a list.
func roleFields() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id":              schema.StringAttribute{Computed: true, MarkdownDescription: "Id of the role."},
		"name":            schema.StringAttribute{Computed: true, MarkdownDescription: "Name of the role."},
		"description":     schema.StringAttribute{Computed: true, MarkdownDescription: "Description of the role; null when it has none."},
		"permissions":     schema.SetAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: "Permissions of the role."},
		"predefined_role": schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether OpenAI defines the role."},
		"resource_type":   schema.StringAttribute{Computed: true, MarkdownDescription: "Scope of the role: `api.organization` or `api.project`."},
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

func projectParameter() map[string]schema.Attribute {
	return map[string]schema.Attribute{"project_id": tfkit.ProjectParameter()}
}
