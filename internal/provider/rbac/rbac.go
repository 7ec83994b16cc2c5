// Package rbac manages groups, roles, and who has which of them, in the
// organization and in its projects.
package rbac

import (
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/boolplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"

	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
)

// Objects lists the objects of this part.
func Objects() []lifecycle.Definition {
	return []lifecycle.Definition{
		group(),
		groupUser(),
		groupMembers(),
		role(),
		projectRole(),
		groupRole(),
		userRole(),
		projectGroup(),
		projectGroupRole(),
		projectUserRole(),
	}
}

// DataSources lists the data sources of this part.
func DataSources() []func() datasource.DataSource {
	return []func() datasource.DataSource{
		groupData().DataSource,
		groupsData().DataSource,
		groupUserData().DataSource,
		groupUsersData().DataSource,
		roleData().DataSource,
		rolesData().DataSource,
		projectRoleData().DataSource,
		projectRolesData().DataSource,
		groupRoleData().DataSource,
		groupRolesData().DataSource,
		userRoleData().DataSource,
		userRolesData().DataSource,
		projectGroupData().DataSource,
		projectGroupsData().DataSource,
		projectGroupRoleData().DataSource,
		projectGroupRolesData().DataSource,
		projectUserRoleData().DataSource,
		projectUserRolesData().DataSource,
	}
}

// The identifiers of the objects of this part.
var (
	byProject = lifecycle.Identifier{Name: "project_id", Description: "Id of the project."}
	byGroup   = lifecycle.Identifier{Name: "group_id", Description: "Id of the group."}
	byUser    = lifecycle.Identifier{Name: "user_id", Description: "Id of the user or of the service account."}
	byRole    = lifecycle.Identifier{Name: "role_id", Description: "Id of the role."}
)

func computedBool(description string) schema.BoolAttribute {
	return schema.BoolAttribute{
		MarkdownDescription: description,
		Computed:            true,
		PlanModifiers:       []planmodifier.Bool{boolplanmodifier.UseStateForUnknown()},
	}
}
