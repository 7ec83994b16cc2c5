// Package user manages the people of an organization: its users, their
// invitations, and who works in which project.
package user

import (
	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/function"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
)

// Objects lists the objects of this part.
func Objects() []lifecycle.Definition {
	return []lifecycle.Definition{organizationMember(), organizationUser(), invite(), projectUser()}
}

// DataSources lists the data sources of this part.
func DataSources() []func() datasource.DataSource {
	return []func() datasource.DataSource{
		userData().DataSource,
		usersData().DataSource,
		inviteData().DataSource,
		invitesData().DataSource,
		projectUserData().DataSource,
		projectUsersData().DataSource,
	}
}

// Functions lists the functions of this part.
func Functions() []func() function.Function {
	return []func() function.Function{newPredefinedRoleIDFunction, newPredefinedProjectRoleIDFunction}
}

// Actions lists the actions of this part.
func Actions() []func() action.Action { return []func() action.Action{reinvite().Action} }

// The roles in the organization and in its projects.
const (
	roleReader = "reader"
	roleMember = "member"
)

var (
	organizationRoles = []string{adminapi.RoleOwner, roleReader}
	projectRoles      = []string{roleMember, adminapi.RoleOwner}
)
