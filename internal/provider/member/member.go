// Package member manages the people of an organisation: its users, their
// invitations, and who works in which project.
package member

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/openai/openai-go/v3"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

// Resources lists the resources of this part.
func Resources() []func() resource.Resource {
	return []func() resource.Resource{newMemberResource, newUserResource, newInviteResource, projectUser().Resource}
}

// ListResources lists the list resources of this part.
func ListResources() []func() list.ListResource {
	return []func() list.ListResource{newMemberList, newUserList, newInviteList, projectUser().ListResource}
}

// DataSources lists the data sources of this part.
func DataSources() []func() datasource.DataSource {
	return []func() datasource.DataSource{
		newUserDataSource,
		newUsersDataSource,
		newInviteDataSource,
		newInvitesDataSource,
		newProjectUserDataSource,
		newProjectUsersDataSource,
	}
}

// Functions lists the functions of this part.
func Functions() []func() function.Function {
	return []func() function.Function{newPredefinedRoleIDFunction}
}

// The roles in the organisation and in its projects.
const (
	roleReader = "reader"
	roleMember = "member"
)

var (
	organizationRoles = []string{adminapi.RoleOwner, roleReader}
	projectRoles      = []string{roleMember, adminapi.RoleOwner}
)

// projectsType is the type of the projects that an invited person joins.
var projectsType = types.ObjectType{AttrTypes: map[string]attr.Type{"id": types.StringType, "role": types.StringType}}

type invitedProject struct {
	ID   types.String `tfsdk:"id"`
	Role types.String `tfsdk:"role"`
}

// invitation is the request that invites somebody. Without projects, the API
// invites to the default project; with none, to no project.
func invitation(ctx context.Context, email, role string, projects types.Set, diags *diag.Diagnostics) openai.AdminOrganizationInviteNewParams {
	params := openai.AdminOrganizationInviteNewParams{Email: email, Role: openai.AdminOrganizationInviteNewParamsRole(role)}
	if projects.IsNull() || projects.IsUnknown() {
		return params
	}
	var invited []invitedProject
	diags.Append(projects.ElementsAs(ctx, &invited, false)...)
	params.Projects = []openai.AdminOrganizationInviteNewParamsProject{}
	for _, p := range invited {
		params.Projects = append(params.Projects, openai.AdminOrganizationInviteNewParamsProject{ID: p.ID.ValueString(), Role: p.Role.ValueString()})
	}
	return params
}

// projectsOf are the projects of an invitation, null when the answer leaves
// them out.
func projectsOf(invite *openai.Invite) types.Set {
	if !invite.JSON.Projects.Valid() {
		return types.SetNull(projectsType)
	}
	elements := []attr.Value{}
	for _, p := range invite.Projects {
		elements = append(elements, types.ObjectValueMust(projectsType.AttrTypes, map[string]attr.Value{
			"id": types.StringValue(p.ID), "role": types.StringValue(p.Role),
		}))
	}
	return types.SetValueMust(projectsType, elements)
}

// addUserError reports a failed call about a person.
func addUserError(diags *diag.Diagnostics, who string, err error) {
	tfkit.AddAPIError(diags, "organisation member "+who, err)
}
