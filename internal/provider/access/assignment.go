package access

import (
	"context"
	"fmt"
	"maps"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/setplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

// A user or a group has a role in the organisation or in a project: four
// resources that differ in who has the role where, and in nothing else.

// assignmentAttributes are the attributes of all four.
func assignmentAttributes(roleID string, own map[string]schema.Attribute) map[string]schema.Attribute {
	attributes := map[string]schema.Attribute{
		"role_id":     assignedRoleID(roleID),
		"name":        tfkit.ComputedString("Name of the role."),
		"description": tfkit.ComputedString("Description of the role, null when it has none."),
		"permissions": schema.SetAttribute{
			MarkdownDescription: "What the role permits.",
			ElementType:         types.StringType,
			Computed:            true,
			PlanModifiers:       []planmodifier.Set{setplanmodifier.UseStateForUnknown()},
		},
		"predefined_role": computedBool("Whether OpenAI defines the role."),
		"resource_type":   tfkit.ComputedString("What the role is for: `api.organization` or `api.project`."),
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

// take copies a role into the model. The id stays as it was written.
func (m *assignmentModel) take(ctx context.Context, role *adminapi.AssignedRole, diags *diag.Diagnostics) {
	m.Name = types.StringValue(role.Name)
	m.Description = description(role.Description)
	m.Permissions = textSet(ctx, role.Permissions, diags)
	m.PredefinedRole = types.BoolValue(role.Predefined)
	m.ResourceType = types.StringPointerValue(role.ResourceType)
}

// role gives access to what all models embed.
func (m *assignmentModel) role() *assignmentModel { return m }

// assigned is what the models of the four add: who has the role.
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

// assignmentResource is what the four resources do. M is the model.
type assignmentResource[M any, A interface {
	*M
	assigned
	identity() map[string]types.String
}] struct{ tfkit.Resource }

func (r *assignmentResource[M, A]) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan M
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	m := A(&plan)
	role, err := r.Client.RoleAssignments.Assign(ctx, m.assignee(), m.role().RoleID.ValueString())
	if err != nil {
		tfkit.AddAPIError(&resp.Diagnostics, assignmentLabel(m), err)
		return
	}
	m.role().take(ctx, role, &resp.Diagnostics)
	tfkit.SaveCreated(ctx, resp.Private, r.Client.ServerNow(), &resp.Diagnostics)
	tfkit.Save(ctx, &resp.State, resp.Identity, plan, m.identity(), &resp.Diagnostics)
}

func (r *assignmentResource[M, A]) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state M
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	m := A(&state)
	id := m.role().RoleID.ValueString()
	r.Client.Expect(id, tfkit.ReadCreated(ctx, req.Private, &resp.Diagnostics))
	role, err := r.Client.RoleAssignments.Get(ctx, m.assignee(), id)
	if adminapi.IsGone(err) {
		tfkit.RemoveGone(ctx, resp, m.identity(), err)
		return
	}
	if err != nil {
		tfkit.AddAPIError(&resp.Diagnostics, assignmentLabel(m), err)
		return
	}
	m.role().take(ctx, role, &resp.Diagnostics)
	tfkit.Save(ctx, &resp.State, resp.Identity, state, m.identity(), &resp.Diagnostics)
}

// Update is never called: every change replaces.
func (r *assignmentResource[M, A]) Update(context.Context, resource.UpdateRequest, *resource.UpdateResponse) {
}

func (r *assignmentResource[M, A]) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state M
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	m := A(&state)
	if err := r.Client.RoleAssignments.Unassign(ctx, m.assignee(), m.role().RoleID.ValueString()); err != nil {
		tfkit.AddAPIError(&resp.Diagnostics, assignmentLabel(m), err)
	}
}
