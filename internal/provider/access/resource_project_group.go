package access

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

var (
	_ resource.ResourceWithConfigure    = (*projectGroupResource)(nil)
	_ resource.ResourceWithImportState  = (*projectGroupResource)(nil)
	_ resource.ResourceWithIdentity     = (*projectGroupResource)(nil)
	_ resource.ResourceWithUpgradeState = (*projectGroupResource)(nil)
	_ resource.ResourceWithMoveState    = (*projectGroupResource)(nil)
)

type projectGroupResource struct{ tfkit.Resource }

func newProjectGroupResource() resource.Resource { return &projectGroupResource{} }

func (r *projectGroupResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_project_group"
}

func (r *projectGroupResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = projectGroupSchema()
}

func projectGroupSchema() schema.Schema {
	return schema.Schema{
		Version: tfkit.SchemaVersion,
		MarkdownDescription: "A group in a project, with one role there. Creating the resource adopts a group that is in the project already, and assigns the role; the plan shows the roles before and after. " +
			"More roles can be given with `openai_project_group_role`, which must not name the same one.\n\n" +
			"Destroying the resource takes the group out of the project, with all the roles that it has there.",
		Attributes: map[string]schema.Attribute{
			"project_id": tfkit.ParentID("Id of the project (`proj_…`)."),
			"group_id":   tfkit.ParentID("Id of the group (`group_…`)."),
			"role": schema.StringAttribute{
				MarkdownDescription: "Id of the role that the group has in the project: `role-api-project-owner`, `role-api-project-member`, `role-api-project-viewer`, " +
					"or a custom one (`role_…`, see `openai_project_role`). " + roleIDNote + " Changed in place: the new role is given before the former one is taken.",
				Required:      true,
				Validators:    []validator.String{tfkit.ID()},
				PlanModifiers: []planmodifier.String{sameRole{}},
			},
			"group_name": tfkit.ComputedString("Name of the group when it was last read."),
			"group_type": tfkit.ComputedString("`group`, or `tenant_group` for one that several organisations share."),
			"created_at": tfkit.ComputedInt64("When the group came into the project, in Unix seconds."),
		},
	}
}

func (r *projectGroupResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"project_id": tfkit.IdentityAttribute("Id of the project."),
		"group_id":   tfkit.IdentityAttribute("Id of the group."),
	}}
}

func (r *projectGroupResource) UpgradeState(context.Context) map[int64]resource.StateUpgrader {
	return tfkit.UpgradeForeignState(projectGroupSchema(), projectGroupElsewhere)
}

var projectGroupElsewhere = tfkit.Foreign{
	Type: "openai_project_group",
	// Those that have several, in role_ids, do not say which is the one meant
	// here; the next read takes it where there is one alone.
	Names: map[string]string{"role": "role_id"},
}

func (r *projectGroupResource) MoveState(context.Context) []resource.StateMover {
	return tfkit.MoveForeignState(projectGroupSchema(), projectGroupElsewhere)
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

func (m *projectGroupFieldsModel) take(group *adminapi.ProjectGroup) {
	m.GroupName = types.StringPointerValue(group.Name)
	m.GroupType = types.StringPointerValue(group.Type)
	m.CreatedAt = types.Int64PointerValue(group.CreatedAt)
}

func (m *projectGroupFieldsModel) assignee() adminapi.Assignee {
	return adminapi.Assignee{Scope: m.ProjectID.ValueString(), GroupID: m.GroupID.ValueString()}
}

func (m *projectGroupFieldsModel) identity() map[string]types.String {
	return map[string]types.String{"project_id": m.ProjectID, "group_id": m.GroupID}
}

// label names the group in diagnostics.
func (m *projectGroupFieldsModel) label() string {
	return fmt.Sprintf("group %s of project %s", m.GroupID.ValueString(), m.ProjectID.ValueString())
}

func (r *projectGroupResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan projectGroupModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	group, err := r.Client.ProjectGroups.Add(ctx, plan.ProjectID.ValueString(), plan.GroupID.ValueString(), plan.Role.ValueString())
	if err != nil {
		tfkit.AddAPIError(&resp.Diagnostics, plan.label(), err)
		return
	}
	plan.take(group)
	tfkit.Save(ctx, &resp.State, resp.Identity, plan, plan.identity(), &resp.Diagnostics)
}

func (r *projectGroupResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state projectGroupModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	r.Client.Expect(state.GroupID.ValueString(), state.CreatedAt.ValueInt64())
	imported, _ := tfkit.ReadPrivate[bool](ctx, req.Private, importedKey, &resp.Diagnostics)
	group, err := r.Client.ProjectGroups.Get(ctx, state.ProjectID.ValueString(), state.GroupID.ValueString())
	if err == nil {
		state.take(group)
		err = r.readRole(ctx, &state, imported)
	}
	if adminapi.IsGone(err) {
		tfkit.RemoveGone(ctx, resp, state.identity(), err)
		return
	}
	if err != nil {
		tfkit.AddAPIError(&resp.Diagnostics, state.label(), err)
		return
	}
	resp.Diagnostics.Append(resp.Private.SetKey(ctx, importedKey, nil)...)
	tfkit.Save(ctx, &resp.State, resp.Identity, state, state.identity(), &resp.Diagnostics)
}

// importedKey is set in the private state between import and first read.
const importedKey = "imported"

// readRole looks whether the group still has its role, which the API shows
// among the group's roles only. A role that was exchanged for another one is
// told; of several others nobody knows which. An import that does not say takes
// the main one.
func (r *projectGroupResource) readRole(ctx context.Context, state *projectGroupModel, imported bool) error {
	if role := state.Role.ValueString(); role != "" {
		_, err := r.Client.RoleAssignments.Get(ctx, state.assignee(), role)
		if err == nil || !adminapi.IsNotFound(err) {
			return err
		}
	}
	roles, err := r.Client.RoleAssignments.List(ctx, state.assignee())
	if err != nil {
		return err
	}
	state.Role = types.StringNull()
	if len(roles) == 1 || imported {
		state.Role = mainRole(roles)
	}
	return nil
}

func (r *projectGroupResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state projectGroupModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	r.changeRole(ctx, &state, plan.Role.ValueString(), &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	tfkit.Save(ctx, &resp.State, resp.Identity, plan, plan.identity(), &resp.Diagnostics)
}

// changeRole gives the new role before it takes the former one, so that the
// group is never without.
func (r *projectGroupResource) changeRole(ctx context.Context, state *projectGroupModel, role string, diags *diag.Diagnostics) {
	if _, err := r.Client.RoleAssignments.Assign(ctx, state.assignee(), role); err != nil {
		tfkit.AddAPIError(diags, "role "+role+" of "+state.label(), err)
		return
	}
	if state.Role.IsNull() {
		return
	}
	if err := r.Client.RoleAssignments.Unassign(ctx, state.assignee(), state.Role.ValueString()); err != nil {
		tfkit.AddAPIError(diags, "role "+state.Role.ValueString()+" of "+state.label(), err)
	}
}

func (r *projectGroupResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state projectGroupModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if err := r.Client.ProjectGroups.Delete(ctx, state.ProjectID.ValueString(), state.GroupID.ValueString()); err != nil {
		tfkit.AddAPIError(&resp.Diagnostics, state.label(), err)
	}
}

// HasMembers is true.
func (r *projectGroupResource) HasMembers() bool { return true }

// DeleteMembers takes the role of a group that stays in the project, unless the
// resource that keeps the group there gave the role.
func (r *projectGroupResource) DeleteMembers(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state projectGroupModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() || state.Role.IsNull() {
		return
	}
	err := r.Client.RoleAssignments.Unassign(ctx, state.assignee(), state.Role.ValueString())
	if _, owned := adminapi.OwnedPath(err); err != nil && !owned {
		tfkit.AddAPIError(&resp.Diagnostics, "role "+state.Role.ValueString()+" of "+state.label(), err)
	}
}

// ImportState takes project/group/role, or project/group for the group's only
// or predefined role.
func (r *projectGroupResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	names := []string{"project_id", "group_id", "role"}
	if req.ID == "" || strings.Count(req.ID, "/") == 1 {
		names = names[:2]
	}
	tfkit.Import(ctx, req, resp, names...)
	tfkit.SavePrivate(ctx, resp.Private, importedKey, true, &resp.Diagnostics)
}
