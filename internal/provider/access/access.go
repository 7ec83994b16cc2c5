// Package access manages groups, roles, and who has which of them, in the
// organisation and in its projects.
package access

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/boolplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

// Resources lists the resources of this part.
func Resources() []func() resource.Resource {
	return []func() resource.Resource{
		group().Resource,
		newGroupUserResource,
		newGroupMembersResource,
		role().Resource,
		projectRole().Resource,
		groupRole().Resource,
		userRole().Resource,
		newProjectGroupResource,
		projectGroupRole().Resource,
		projectUserRole().Resource,
	}
}

// DataSources lists the data sources of this part.
func DataSources() []func() datasource.DataSource {
	return []func() datasource.DataSource{
		newGroupDataSource,
		newGroupsDataSource,
		newGroupUserDataSource,
		newGroupUsersDataSource,
		newRoleDataSource,
		newRolesDataSource,
		newProjectRoleDataSource,
		newProjectRolesDataSource,
		newGroupRoleDataSource,
		newGroupRolesDataSource,
		newUserRoleDataSource,
		newUserRolesDataSource,
		newProjectGroupDataSource,
		newProjectGroupsDataSource,
		newProjectGroupRoleDataSource,
		newProjectGroupRolesDataSource,
		newProjectUserRoleDataSource,
		newProjectUserRolesDataSource,
	}
}

// ListResources lists the list resources of this part.
func ListResources() []func() list.ListResource {
	return []func() list.ListResource{
		group().ListResource,
		newGroupUserList,
		newGroupMembersList,
		role().ListResource,
		projectRole().ListResource,
		groupRole().ListResource,
		userRole().ListResource,
		newProjectGroupList,
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

// changes says whether a plan does anything to the object.
func changes(req resource.ModifyPlanRequest) bool { return !req.Plan.Raw.Equal(req.State.Raw) }

// planMembership refuses, at plan time, to change who is in a group that
// belongs to the identity provider.
func planMembership(ctx context.Context, client *adminapi.Client, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	var planned, present types.String
	if !req.Plan.Raw.IsNull() {
		resp.Diagnostics.Append(req.Plan.GetAttribute(ctx, path.Root("group_id"), &planned)...)
	}
	if !req.State.Raw.IsNull() {
		resp.Diagnostics.Append(req.State.GetAttribute(ctx, path.Root("group_id"), &present)...)
	}
	refuseSCIM(ctx, client, planned, &resp.Diagnostics)
	if !present.Equal(planned) {
		refuseSCIM(ctx, client, present, &resp.Diagnostics)
	}
}

// refuseSCIM refuses a group whose members the identity provider manages.
func refuseSCIM(ctx context.Context, client *adminapi.Client, groupID types.String, diags *diag.Diagnostics) {
	if client == nil || groupID.IsNull() || groupID.IsUnknown() {
		return
	}
	group, err := client.Groups.Get(ctx, groupID.ValueString())
	if err != nil || !group.SCIMManaged {
		return // where the group cannot be read, the API tells at apply
	}
	diags.AddAttributeError(path.Root("group_id"), "Managed by the identity provider", fmt.Sprintf(
		"Group %q (%s) is managed through SCIM, so that a change of its members made here would be undone there. Change them in the identity provider. %s",
		group.Name, group.ID, tfkit.ReleaseHint))
}
