package rbac

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/openai/openai-go/v3"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

type projectRoleModel struct {
	ProjectID types.String `tfsdk:"project_id"`
	roleModel
}

func projectRole() lifecycle.Object[*projectRoleModel] {
	return customRole(lifecycle.Core[*projectRoleModel]{
		Type:     "project_role",
		Schema:   projectRoleSchema,
		Identity: []lifecycle.Identifier{byProject, byRole},
		Paths: func(object lifecycle.Values) lifecycle.Paths {
			return lifecycle.Named(roleBelow(object.Path("/projects/{project_id}/roles"), object, "role_id"))
		},
		Unaudited: "The documentation does not say whether role.updated reports changes of the roles of projects.",
		Legacy: lifecycle.Foreign{
			Type:   "openai_project_role",
			Names:  map[string][]string{"role_name": {"name"}, "role_id": {"id"}},
			Joined: []string{"role_id"},
		},
		List: lifecycle.ListProjects("The custom roles of one project or of all projects. Predefined roles cannot be managed and are not listed.", "the roles",
			customRoles,
			func(ctx context.Context, project *openai.Project, role *adminapi.Role, diags *diag.Diagnostics) (string, *projectRoleModel) {
				m := projectRoleModel{ProjectID: types.StringValue(project.ID)}
				m.flatten(ctx, role, diags)
				return role.Name + " in " + project.Name, &m
			}),
	}, func(m *projectRoleModel) (*roleModel, string, bool) {
		return &m.roleModel, m.ProjectID.ValueString(), !m.ProjectID.IsUnknown()
	})
}

func projectRoleSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "A custom role of a project: a set of permissions. Assign it with `openai_project_user_role`, `openai_project_group` and `openai_project_group_role`.\n\n" +
			"Destroying the resource removes the role, also from the users and groups that have it. The predefined roles `role-api-project-owner`, `role-api-project-member` and `role-api-project-viewer` need no resource.",
		Attributes: roleAttributes(map[string]schema.Attribute{
			"project_id": tfkit.ParentID("Id of the project (`proj_…`) that the role belongs to."),
		}),
	}
}
