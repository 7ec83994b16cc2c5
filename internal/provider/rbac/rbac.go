// Package rbac manages groups, roles, and who has which of them, in the
// organization and in its projects.
package rbac

import (
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/boolplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
)

// Resources lists the resources of this part.
func Resources() []func() resource.Resource {
	return []func() resource.Resource{
		group().Resource,
		groupUser().Resource,
		groupMembers().Resource,
		role().Resource,
		projectRole().Resource,
		groupRole().Resource,
		userRole().Resource,
		projectGroup().Resource,
		projectGroupRole().Resource,
		projectUserRole().Resource,
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

// ListResources lists the list resources of this part.
func ListResources() []func() list.ListResource {
	return []func() list.ListResource{
		group().ListResource,
		groupUser().ListResource,
		groupMembers().ListResource,
		role().ListResource,
		projectRole().ListResource,
		groupRole().ListResource,
		userRole().ListResource,
		projectGroup().ListResource,
		projectGroupRole().ListResource,
		projectUserRole().ListResource,
	}
}

func computedBool(description string) schema.BoolAttribute {
	return schema.BoolAttribute{
		MarkdownDescription: description,
		Computed:            true,
		PlanModifiers:       []planmodifier.Bool{boolplanmodifier.UseStateForUnknown()},
	}
}
