package rbac

import (
	"context"
	"fmt"
	"maps"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/setplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

// A user or a group has a role in the organization or in a project: four
// resources that differ only in who has the role where.

// assignmentAttributes are the attributes of all four.
func assignmentAttributes(roleID string, own map[string]schema.Attribute) map[string]schema.Attribute {
	attributes := map[string]schema.Attribute{
		"role_id":     assignedRoleID(roleID),
		"name":        tfkit.ComputedString("Name of the role."),
		"description": tfkit.ComputedString("Description of the role, null when it has none."),
		"permissions": schema.SetAttribute{
			MarkdownDescription: "Permissions of the role.",
			ElementType:         types.StringType,
			Computed:            true,
			PlanModifiers:       []planmodifier.Set{setplanmodifier.UseStateForUnknown()},
		},
		"predefined_role": computedBool("Whether OpenAI defines the role."),
		"resource_type":   tfkit.ComputedString("Scope of the role: `api.organization` or `api.project`."),
	}
	maps.Copy(attributes, own)
	return attributes
}

// assignmentModel is the role that is given.
type assignmentModel struct {
	RoleID         types.String `tfsdk:"role_id"`
	Name           types.String `tfsdk:"name"`
	Description    types.String `tfsdk:"description"`
	Permissions    types.Set    `tfsdk:"permissions"`
	PredefinedRole types.Bool   `tfsdk:"predefined_role"`
	ResourceType   types.String `tfsdk:"resource_type"`
}

// flatten copies a role into the model. The id keeps its configured form.
func (m *assignmentModel) flatten(ctx context.Context, role *adminapi.AssignedRole, diags *diag.Diagnostics) {
	m.Name = types.StringValue(role.Name)
	m.Description = description(role.Description)
	m.Permissions = textSet(ctx, role.Permissions, diags)
	m.PredefinedRole = types.BoolValue(role.Predefined)
	m.ResourceType = types.StringPointerValue(role.ResourceType)
}

// role returns the model that all others embed.
func (m *assignmentModel) role() *assignmentModel { return m }

// assigned is a model of one of the four assignments, which adds the assignee.
type assigned interface {
	assignee() adminapi.Assignee
	role() *assignmentModel
}

// assignmentLabel names an assignment in diagnostics.
func assignmentLabel(m assigned) string {
	return fmt.Sprintf("role %s of %s", m.role().RoleID.ValueString(), assigneeLabel(m.assignee()))
}

func assigneeLabel(a adminapi.Assignee) string {
	who := "user " + a.UserID
	if a.GroupID != "" {
		who = "group " + a.GroupID
	}
	return who + " in " + scopeLabel(a.Scope)
}

// assignment completes the definition of an assignment. list is the path of
// the roles of the assignee, and M is its model.
func assignment[M assigned](core lifecycle.Core[M], list string) lifecycle.Setting[M] {
	core.Label = func(m M) string { return assignmentLabel(m) }
	core.Paths = func(object lifecycle.Values) lifecycle.Paths {
		return lifecycle.Named(roleBelow(object.Path(list), object, "role_id"))
	}
	core.Legacy.Type = "openai_" + core.Type
	core.Legacy.Types = append([]lifecycle.ForeignType{{Provider: lifecycle.Jianyuan, Type: core.Legacy.Type + "_assignment"}}, core.Legacy.Types...)
	core.Unaudited = "role.assignment.deleted names the id of the assignment, which no other endpoint returns."
	core.Read = func(ctx context.Context, call *lifecycle.Call[M]) error {
		m := call.State
		id := m.role().RoleID.ValueString()
		call.Client.Expect(id, call.Created)
		role, err := call.Client.RoleAssignments.Get(ctx, m.assignee(), id)
		if err == nil {
			m.role().flatten(ctx, role, call.Diags)
		}
		return err
	}
	if core.Delete == nil {
		core.Delete = func(ctx context.Context, call *lifecycle.Call[M]) error {
			m := call.State
			return call.Client.RoleAssignments.Unassign(ctx, m.assignee(), m.role().RoleID.ValueString())
		}
	}
	return lifecycle.Setting[M]{
		Core: core,
		Write: func(ctx context.Context, call *lifecycle.Call[M]) error {
			m := call.Plan
			role, err := call.Client.RoleAssignments.Assign(ctx, m.assignee(), m.role().RoleID.ValueString())
			if err == nil {
				m.role().flatten(ctx, role, call.Diags)
			}
			return err
		},
		Existing: func(ctx context.Context, call *lifecycle.Call[M]) (lifecycle.Found, error) {
			names := make([]string, len(core.Identity))
			for i, part := range core.Identity {
				names[i] = part.Name
			}
			if !call.Knows(names...) {
				return lifecycle.Found{}, nil
			}
			m := call.Plan
			if _, err := call.Client.RoleAssignments.Get(ctx, m.assignee(), m.role().RoleID.ValueString()); err != nil {
				return lifecycle.Found{}, err
			}
			return lifecycle.Found{Object: assignmentLabel(m), ID: call.Texts(names...), Destroy: "Destroying the resource removes the role."}, nil
		},
	}
}
