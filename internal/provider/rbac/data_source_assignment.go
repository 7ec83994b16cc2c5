package rbac

import (
	"context"
	"maps"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

// One role that a user or a group has, in the organization or in a project.

type groupRoleDataModel struct {
	groupRoleModel
	ID types.String `tfsdk:"id"`
}

func groupRoleData() lifecycle.DataSource[*groupRoleDataModel] {
	return assignmentData("group_role", "One role of a group in the organization.",
		map[string]schema.Attribute{"group_id": groupParameter()},
		func(d *groupRoleDataModel) (assigned, *types.String) { return d, &d.ID })
}

type userRoleDataModel struct {
	userRoleModel
	ID types.String `tfsdk:"id"`
}

func userRoleData() lifecycle.DataSource[*userRoleDataModel] {
	return assignmentData("user_role", "One role of a user in the organization. A role that the user has only through a group is not found.",
		map[string]schema.Attribute{"user_id": userParameter()},
		func(d *userRoleDataModel) (assigned, *types.String) { return d, &d.ID })
}

type projectGroupRoleDataModel struct {
	projectGroupRoleModel
	ID types.String `tfsdk:"id"`
}

func projectGroupRoleData() lifecycle.DataSource[*projectGroupRoleDataModel] {
	return assignmentData("project_group_role", "One role of a group in a project.",
		map[string]schema.Attribute{"project_id": tfkit.ProjectParameter(), "group_id": groupParameter()},
		func(d *projectGroupRoleDataModel) (assigned, *types.String) { return d, &d.ID })
}

type projectUserRoleDataModel struct {
	projectUserRoleModel
	ID types.String `tfsdk:"id"`
}

func projectUserRoleData() lifecycle.DataSource[*projectUserRoleDataModel] {
	return assignmentData("project_user_role", "One role of a user in a project. A role that the user has only through a group is not found.",
		map[string]schema.Attribute{"project_id": tfkit.ProjectParameter(), "user_id": userParameter()},
		func(d *projectUserRoleDataModel) (assigned, *types.String) { return d, &d.ID })
}

// assignmentData is the data source of one role that an assignee has. own are
// the attributes that name the assignee.
func assignmentData[D any](kind, description string, own map[string]schema.Attribute, of func(d D) (m assigned, id *types.String)) lifecycle.DataSource[D] {
	attributes := roleFields()
	attributes["id"] = schema.StringAttribute{Computed: true, MarkdownDescription: "Id of the role as the API gives it, which may be longer than `role_id`."}
	attributes["role_id"] = lifecycle.Parameter("Id of the role. " + roleIDNote)
	maps.Copy(attributes, own)
	return lifecycle.DataSource[D]{
		Type:   kind,
		Schema: schema.Schema{MarkdownDescription: description, Attributes: attributes},
		Label: func(d D) string {
			m, _ := of(d)
			return assignmentLabel(m)
		},
		Read: func(ctx context.Context, call *lifecycle.DataCall[D]) error {
			m, id := of(call.Data)
			role, err := call.Client.RoleAssignments.Get(ctx, m.assignee(), m.role().RoleID.ValueString())
			if err == nil {
				m.role().flatten(ctx, role, call.Diags)
				*id = types.StringValue(role.ID)
			}
			return err
		},
	}
}

// The roles that a user or a group has, in the organization or in a project.

type groupRolesDataModel struct {
	GroupID types.String `tfsdk:"group_id"`
	rolesModel
}

func groupRolesData() lifecycle.DataSource[*groupRolesDataModel] {
	return listAssigned("group_roles", "The roles that a group has in the organization, in the order of their names. All pages are read.", "Id of the group.",
		map[string]schema.Attribute{"group_id": groupParameter()},
		func(d *groupRolesDataModel) (*rolesModel, adminapi.Assignee) {
			return &d.rolesModel, adminapi.Assignee{Scope: adminapi.WholeOrganization, GroupID: d.GroupID.ValueString()}
		})
}

type userRolesDataModel struct {
	UserID types.String `tfsdk:"user_id"`
	rolesModel
}

func userRolesData() lifecycle.DataSource[*userRolesDataModel] {
	return listAssigned("user_roles", "The roles that a user has in the organization, in the order of their names. Roles that the user has only through a group are left out. All pages are read.", "Id of the user.",
		map[string]schema.Attribute{"user_id": userParameter()},
		func(d *userRolesDataModel) (*rolesModel, adminapi.Assignee) {
			return &d.rolesModel, adminapi.Assignee{Scope: adminapi.WholeOrganization, UserID: d.UserID.ValueString()}
		})
}

type projectGroupRolesDataModel struct {
	ProjectID types.String `tfsdk:"project_id"`
	groupRolesDataModel
}

func projectGroupRolesData() lifecycle.DataSource[*projectGroupRolesDataModel] {
	return listAssigned("project_group_roles", "The roles that a group has in a project, in the order of their names. All pages are read.", "Id of the group.",
		map[string]schema.Attribute{"project_id": tfkit.ProjectParameter(), "group_id": groupParameter()},
		func(d *projectGroupRolesDataModel) (*rolesModel, adminapi.Assignee) {
			return &d.rolesModel, adminapi.Assignee{Scope: d.ProjectID.ValueString(), GroupID: d.GroupID.ValueString()}
		})
}

type projectUserRolesDataModel struct {
	ProjectID types.String `tfsdk:"project_id"`
	userRolesDataModel
}

func projectUserRolesData() lifecycle.DataSource[*projectUserRolesDataModel] {
	return listAssigned("project_user_roles", "The roles that a user has in a project, in the order of their names. Roles that the user has only through a group are left out. All pages are read.", "Id of the user.",
		map[string]schema.Attribute{"project_id": tfkit.ProjectParameter(), "user_id": userParameter()},
		func(d *projectUserRolesDataModel) (*rolesModel, adminapi.Assignee) {
			return &d.rolesModel, adminapi.Assignee{Scope: d.ProjectID.ValueString(), UserID: d.UserID.ValueString()}
		})
}

// listAssigned is the data source of the roles that an assignee has. own are the
// attributes that name the assignee, whose id is that of the list.
func listAssigned[D any](kind, description, id string, own map[string]schema.Attribute, of func(d D) (*rolesModel, adminapi.Assignee)) lifecycle.DataSource[D] {
	return lifecycle.DataSource[D]{
		Type:   kind,
		Schema: rolesSchema(description, id, own),
		Label: func(d D) string {
			_, assignee := of(d)
			return "the roles of " + assigneeLabel(assignee)
		},
		Read: func(ctx context.Context, call *lifecycle.DataCall[D]) error {
			list, assignee := of(call.Data)
			assigned, err := call.Client.RoleAssignments.List(ctx, assignee)
			list.ID = types.StringValue(assignee.GroupID + assignee.UserID) // one of them is set
			list.flatten(ctx, lifecycle.Flatten(assigned, func(a *adminapi.AssignedRole) adminapi.Role { return a.Role }), call.Diags)
			return err
		},
	}
}
