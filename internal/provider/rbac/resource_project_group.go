package rbac

import (
	"context"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/openai/openai-go/v3"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

func projectGroup() lifecycle.Setting[*projectGroupModel] {
	return lifecycle.Setting[*projectGroupModel]{
		Core: lifecycle.Core[*projectGroupModel]{
			Type:       "project_group",
			Schema:     projectGroupSchema,
			Identity:   []lifecycle.Identifier{byProject, byGroup},
			ImportMore: []string{"role"},
			Paths:      projectGroupPaths,
			Label:      func(m *projectGroupModel) string { return m.label() },
			Unaudited:  "The log has no events for groups in projects.",
			Legacy: lifecycle.Foreign{
				Type: "openai_project_group",
				// Those that have several, in role_ids, do not say which is the one meant
				// here; the next read takes it where there is one alone.
				Names: map[string][]string{"role": {"role_id"}},
			},
			Read: readProjectGroup,
			Delete: func(ctx context.Context, call *lifecycle.Call[*projectGroupModel]) error {
				return call.Client.ProjectGroups.Delete(ctx, call.State.ProjectID.ValueString(), call.State.GroupID.ValueString())
			},
			DeleteMembers: takeProjectGroupRole,
			List: lifecycle.ListProjects("The groups of one project or of all projects. One more request for each group reads its role.", "the groups", listProjectGroups,
				func(_ context.Context, project *openai.Project, m *projectGroupModel, _ *diag.Diagnostics) (string, *projectGroupModel) {
					return m.GroupName.ValueString() + " in " + project.Name, m
				}),
		},
		Write:    writeProjectGroup,
		Existing: existingProjectGroup,
	}
}

// projectGroupPaths names the role of the group besides, which
// openai_project_group_role could manage as well.
func projectGroupPaths(object lifecycle.Values) lifecycle.Paths {
	paths := lifecycle.Named(object.Path("/organization/projects/{project_id}/groups/{group_id}"))
	if role := roleBelow(object.Path("/projects/{project_id}/groups/{group_id}/roles"), object, "role"); role != "" {
		paths.Members = []string{role}
	}
	paths.MembersUnknown = len(paths.Members) == 0
	return paths
}

func projectGroupSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "A group in a project, with one role. Creating the resource adopts a group that is in the project already, and assigns the role; the plan shows the roles before and after. " +
			"Assign more roles with `openai_project_group_role`, which must not assign the same role.\n\n" +
			"Destroying the resource removes the group from the project, with all its roles there.",
		Attributes: map[string]schema.Attribute{
			"project_id": tfkit.ParentID("Id of the project (`proj_…`)."),
			"group_id":   tfkit.ParentID("Id of the group (`group_…`)."),
			"role": schema.StringAttribute{
				MarkdownDescription: "Id of the role that the group has in the project: `role-api-project-owner`, `role-api-project-member`, `role-api-project-viewer`, " +
					"or a custom one (`role_…`, see `openai_project_role`). " + roleIDNote + " Changed in place: the new role is assigned before the previous one is removed.",
				Required:      true,
				Validators:    []validator.String{tfkit.ID()},
				PlanModifiers: []planmodifier.String{sameRole{}},
			},
			"group_name": tfkit.ComputedString("Name of the group when it was last read."),
			"group_type": tfkit.ComputedString("`group`, or `tenant_group` for one that several organizations share."),
			"created_at": tfkit.ComputedInt64("When the group joined the project, in Unix seconds."),
		},
	}
}

type projectGroupModel struct {
	projectGroupFieldsModel
	Role types.String `tfsdk:"role"`
}

// projectGroupFieldsModel is a group of a project as the API shows it; the
// data sources show the same.
type projectGroupFieldsModel struct {
	ProjectID types.String `tfsdk:"project_id"`
	GroupID   types.String `tfsdk:"group_id"`
	GroupName types.String `tfsdk:"group_name"`
	GroupType types.String `tfsdk:"group_type"`
	CreatedAt types.Int64  `tfsdk:"created_at"`
}

func (m *projectGroupFieldsModel) fromAPI(group *adminapi.ProjectGroup) {
	m.GroupName = types.StringPointerValue(group.Name)
	m.GroupType = types.StringPointerValue(group.Type)
	m.CreatedAt = types.Int64PointerValue(group.CreatedAt)
}

func (m *projectGroupFieldsModel) assignee() adminapi.Assignee {
	return adminapi.Assignee{Scope: m.ProjectID.ValueString(), GroupID: m.GroupID.ValueString()}
}

// label names the group in diagnostics.
func (m *projectGroupFieldsModel) label() string {
	return fmt.Sprintf("group %s of project %s", m.GroupID.ValueString(), m.ProjectID.ValueString())
}

// writeProjectGroup adds the group with its role, or changes the role. It assigns
// the new role before it removes the previous one, so that the group always has one.
func writeProjectGroup(ctx context.Context, call *lifecycle.Call[*projectGroupModel]) error {
	role := call.Plan.Role.ValueString()
	if !call.HasState() {
		group, err := call.Client.ProjectGroups.Add(ctx, call.Plan.ProjectID.ValueString(), call.Plan.GroupID.ValueString(), role)
		if err == nil {
			call.Plan.fromAPI(group)
		}
		return err
	}
	if _, err := call.Client.RoleAssignments.Assign(ctx, call.State.assignee(), role); err != nil {
		// Not returned: the group has the planned role, in addition to the previous one.
		call.AddError("role "+role+" of "+call.State.label(), err)
		return nil
	}
	return takeProjectGroupRole(ctx, call)
}

// takeProjectGroupRole takes the role in state from the group.
func takeProjectGroupRole(ctx context.Context, call *lifecycle.Call[*projectGroupModel]) error {
	if role := call.State.Role; !role.IsNull() {
		if err := call.Client.RoleAssignments.Unassign(ctx, call.State.assignee(), role.ValueString()); err != nil {
			call.AddError("role "+role.ValueString()+" of "+call.State.label(), err)
		}
	}
	return nil
}

func readProjectGroup(ctx context.Context, call *lifecycle.Call[*projectGroupModel]) error {
	state := call.State
	call.Client.Expect(state.GroupID.ValueString(), state.CreatedAt.ValueInt64())
	group, err := call.Client.ProjectGroups.Get(ctx, state.ProjectID.ValueString(), state.GroupID.ValueString())
	if err != nil {
		return err
	}
	state.fromAPI(group)
	// Only the roles of the group show whether it still has its role.
	if role := state.Role.ValueString(); role != "" {
		_, err := call.Client.RoleAssignments.Get(ctx, state.assignee(), role)
		if err == nil || !adminapi.IsNotFound(err) {
			return err
		}
	}
	roles, err := call.Client.RoleAssignments.List(ctx, state.assignee())
	if err != nil || call.HidesMembers() && len(roles) == 0 {
		return err
	}
	// A role that was exchanged for another one is shown; of several others it
	// is not known which. An import that names none takes the main one.
	state.Role = types.StringNull()
	if len(roles) == 1 || call.Imported {
		state.Role = mainRole(roles)
	}
	return nil
}

// listProjectGroups lists the groups of a project with their roles.
func listProjectGroups(ctx context.Context, client *adminapi.Client, projectID string) ([]projectGroupModel, error) {
	groups, err := client.ProjectGroups.List(ctx, projectID)
	if err != nil {
		return nil, err
	}
	models := make([]projectGroupModel, len(groups))
	for i := range groups {
		m := &models[i]
		m.ProjectID, m.GroupID = types.StringValue(projectID), types.StringValue(groups[i].GroupID)
		m.fromAPI(&groups[i])
		roles, err := client.RoleAssignments.List(ctx, m.assignee())
		if err != nil {
			return nil, err
		}
		m.Role = mainRole(roles)
	}
	return models, nil
}

// existingProjectGroup reads the group of the project that a create adopts. The
// role is assigned in addition to those that the group has.
func existingProjectGroup(ctx context.Context, call *lifecycle.Call[*projectGroupModel]) (lifecycle.Found, error) {
	if !call.Knows("project_id", "group_id") {
		return lifecycle.Found{}, nil
	}
	m := call.Plan
	if _, err := call.Client.ProjectGroups.Get(ctx, m.ProjectID.ValueString(), m.GroupID.ValueString()); err != nil {
		return lifecycle.Found{}, err
	}
	found := lifecycle.Found{
		Object: m.label(), ID: call.Texts("project_id", "group_id"),
		Destroy: "Destroying the resource removes the group from the project, with all its roles there.",
	}
	roles, err := call.Client.RoleAssignments.List(ctx, m.assignee())
	if err != nil || !call.Knows("role") {
		return found, err
	}
	var present []string
	for _, role := range roles {
		if adminapi.SameRole(role.ID, m.Role.ValueString()) {
			return found, nil
		}
		present = append(present, adminapi.BaseRole(role.ID))
	}
	found.Changes = lifecycle.DifferenceOfSets("roles", present, append(slices.Clone(present), m.Role.ValueString()))
	return found, nil
}
