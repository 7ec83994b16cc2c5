package finetuning

import (
	"context"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/mapplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

func checkpointPermissions() lifecycle.Setting[*permissionsModel] {
	return lifecycle.Setting[*permissionsModel]{
		Core: lifecycle.Core[*permissionsModel]{
			Type:          "fine_tuning_checkpoint_permissions",
			Schema:        permissionsSchema,
			Identity:      []lifecycle.Identifier{{Name: "fine_tuned_model_checkpoint", Description: "Name of the checkpoint."}},
			Paths:         permissionsPaths,
			Label:         (*permissionsModel).label,
			Unaudited:     "checkpoint.permission.deleted names no checkpoint.",
			Legacy:        lifecycle.AsOfficial("openai_fine_tuning_checkpoint_permissions"),
			Plan:          planPermissions,
			Read:          readPermissions,
			Delete:        deletePermissions,
			DeleteMembers: deletePermissions,
		},
		Write:    writePermissions,
		Existing: existingPermissions,
	}
}

const checkpointDescription = "Name of the checkpoint of a fine-tuned model, such as `ft:gpt-4o-mini-2024-07-18:acme::abc123`, or of a step, which ends in `:ckpt-step-88`."

func permissionsSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "**All** projects that may use a checkpoint of a fine-tuned model, besides the project that trained it. Use one such resource for a checkpoint.\n\n" +
			"Creating the resource only adds permissions. Other permissions appear in state with the next refresh, and the next plan shows their removal. " +
			"An update adds permissions before it removes others, and removes only those of projects that the plan shows. " +
			"Destroying the resource removes the permissions in its state. Permissions added since the last refresh stay.\n\n" +
			"The API lists the checkpoints of fine-tuned models only for keys of projects, so there is no list resource, and `openai-admin export` leaves permissions out.",
		Attributes: map[string]schema.Attribute{
			"fine_tuned_model_checkpoint": schema.StringAttribute{
				MarkdownDescription: checkpointDescription + " Changing it replaces the resource.",
				Required:            true,
				Validators:          []validator.String{tfkit.ID()},
				PlanModifiers:       []planmodifier.String{stringplanmodifier.RequiresReplace()},
			},
			"project_ids": schema.SetAttribute{
				MarkdownDescription: "Ids of the projects (`proj_…`) that may use the checkpoint. An empty set removes all permissions. Changed in place.",
				ElementType:         types.StringType,
				Required:            true,
				Validators:          []validator.Set{setvalidator.ValueStringsAre(tfkit.ID())},
			},
			"permission_ids": schema.MapAttribute{
				MarkdownDescription: "Ids of the permissions (`cp_…`), by the id of the project.",
				ElementType:         types.StringType,
				Computed:            true,
				PlanModifiers:       []planmodifier.Map{mapplanmodifier.UseStateForUnknown()},
			},
		},
	}
}

type permissionsModel struct {
	Checkpoint    types.String `tfsdk:"fine_tuned_model_checkpoint"`
	ProjectIDs    types.Set    `tfsdk:"project_ids"`
	PermissionIDs types.Map    `tfsdk:"permission_ids"`
}

// label names the permissions in diagnostics.
func (m *permissionsModel) label() string {
	return "the permissions of checkpoint " + m.Checkpoint.ValueString()
}

// projects are the projects of the set.
func (m *permissionsModel) projects(ctx context.Context, diags *diag.Diagnostics) []string {
	return tfkit.Strings(ctx, m.ProjectIDs, diags)
}

// permissions are the permissions in the model.
func (m *permissionsModel) permissions(ctx context.Context, diags *diag.Diagnostics) (all []adminapi.CheckpointPermission) {
	var ids map[string]string
	diags.Append(m.PermissionIDs.ElementsAs(ctx, &ids, false)...)
	for project, id := range ids {
		all = append(all, adminapi.CheckpointPermission{ID: id, ProjectID: project})
	}
	return all
}

// flatten puts the permissions of these projects into the model.
func (m *permissionsModel) flatten(ctx context.Context, permissions []adminapi.CheckpointPermission, projects []string, diags *diag.Diagnostics) {
	ids := map[string]string{}
	for _, p := range permissions {
		if slices.Contains(projects, p.ProjectID) {
			ids[p.ProjectID] = p.ID
		}
	}
	m.ProjectIDs = tfkit.StringSet(ctx, projects, diags)
	value, problems := types.MapValueFrom(ctx, types.StringType, ids)
	diags.Append(problems...)
	m.PermissionIDs = value
}

// permissionsPaths name the permission of each project besides, both by the
// project and by its id.
func permissionsPaths(object lifecycle.Values) lifecycle.Paths {
	permissions := object.Path("/fine_tuning/checkpoints/{fine_tuned_model_checkpoint}/permissions")
	if permissions == "" {
		return lifecycle.Paths{}
	}
	projects, unknown := object.Texts("project_ids")
	paths := lifecycle.Named(permissions)
	paths.MembersUnknown = unknown
	for _, member := range slices.Concat(projects, object.MapTexts("permission_ids")) {
		paths.Members = append(paths.Members, permissions+"/"+member)
	}
	return paths
}

// projectsOf are the projects that have permissions.
func projectsOf(permissions []adminapi.CheckpointPermission) []string {
	projects := []string{}
	for _, p := range permissions {
		if !slices.Contains(projects, p.ProjectID) {
			projects = append(projects, p.ProjectID)
		}
	}
	return projects
}

// without returns the projects that are not among the others.
func without(projects, others []string) []string {
	return slices.DeleteFunc(slices.Clone(projects), func(id string) bool { return slices.Contains(others, id) })
}

// planPermissions leaves the ids of the permissions open where the projects
// change.
func planPermissions(_ context.Context, call *lifecycle.Call[*permissionsModel]) {
	if call.HasPlan() && call.HasState() && !call.Plan.ProjectIDs.Equal(call.State.ProjectIDs) {
		call.Plan.PermissionIDs = types.MapUnknown(types.StringType)
	}
}

func readPermissions(ctx context.Context, call *lifecycle.Call[*permissionsModel]) error {
	present, err := call.Client.CheckpointPermissions.List(ctx, call.State.Checkpoint.ValueString())
	if err == nil {
		hidden := hiddenPermissions(ctx, call, present)
		call.WarnOfHidden(call.State.label(), projectsOf(hidden))
		present = append(present, hidden...)
		call.State.flatten(ctx, present, projectsOf(present), call.Diags)
	}
	return err
}

// hiddenPermissions are those in state that were created a moment ago, and that
// the list does not show.
func hiddenPermissions(ctx context.Context, call *lifecycle.Call[*permissionsModel], present []adminapi.CheckpointPermission) []adminapi.CheckpointPermission {
	if !call.HidesMembers() {
		return nil
	}
	return slices.DeleteFunc(call.State.permissions(ctx, call.Diags), func(p adminapi.CheckpointPermission) bool {
		return slices.Contains(projectsOf(present), p.ProjectID)
	})
}

// writePermissions adds the permissions of the planned projects, and then removes
// those of projects that only the prior state names. One that neither of them
// names stays.
func writePermissions(ctx context.Context, call *lifecycle.Call[*permissionsModel]) error {
	checkpoint, planned, prior := call.Plan.Checkpoint.ValueString(), call.Plan.projects(ctx, call.Diags), []string{}
	if call.HasState() {
		prior = call.State.projects(ctx, call.Diags)
	}
	if call.Diags.HasError() {
		return nil
	}
	present, err := call.Client.CheckpointPermissions.List(ctx, checkpoint)
	if err != nil {
		return err
	}
	hidden := hiddenPermissions(ctx, call, present)
	// What is hidden may also be removed, so that it is added again.
	if missing := without(planned, projectsOf(present)); len(missing) > 0 {
		created, err := call.Client.CheckpointPermissions.Add(ctx, checkpoint, missing)
		if err != nil {
			return lifecycle.About("permissions of projects "+strings.Join(missing, ", ")+" for checkpoint "+checkpoint, err)
		}
		present = append(present, created...)
	}
	call.Plan.flatten(ctx, present, planned, call.Diags)
	return removePermissions(ctx, call, call.Plan, without(prior, planned), append(present, hidden...))
}

// deletePermissions removes the permissions in state. One that was added since
// the last refresh stays.
func deletePermissions(ctx context.Context, call *lifecycle.Call[*permissionsModel]) error {
	projects := call.State.projects(ctx, call.Diags)
	if call.Diags.HasError() {
		return nil
	}
	present, err := call.Client.CheckpointPermissions.List(ctx, call.State.Checkpoint.ValueString())
	if adminapi.IsDeleted(err) {
		return nil
	}
	if err != nil {
		return err
	}
	return removePermissions(ctx, call, call.State, projects, append(present, hiddenPermissions(ctx, call, present)...))
}

// removePermissions removes the permissions of projects, unless another change of
// the configuration has added them.
func removePermissions(ctx context.Context, call *lifecycle.Call[*permissionsModel], m *permissionsModel, projects []string, present []adminapi.CheckpointPermission) error {
	checkpoint := m.Checkpoint.ValueString()
	for _, p := range present {
		if !slices.Contains(projects, p.ProjectID) {
			continue
		}
		end, err := call.Client.Ownership.Deleting(ctx, "/fine_tuning/checkpoints/"+checkpoint+"/permissions/"+p.ProjectID)
		if err == nil {
			err = call.Client.CheckpointPermissions.Delete(ctx, checkpoint, p.ID)
			end()
		}
		if err != nil {
			if call.AddError("permission of project "+p.ProjectID+" for checkpoint "+checkpoint, err); call.Diags.HasError() {
				return nil
			}
		}
	}
	return nil
}

// existingPermissions reads the permissions of the checkpoint: a create adopts
// those that are configured, and the apply after it removes the others.
func existingPermissions(ctx context.Context, call *lifecycle.Call[*permissionsModel]) (lifecycle.Found, error) {
	if call.Plan.Checkpoint.IsUnknown() {
		return lifecycle.Found{}, nil
	}
	checkpoint := call.Plan.Checkpoint.ValueString()
	present, err := call.Client.CheckpointPermissions.List(ctx, checkpoint)
	if err != nil || len(present) == 0 {
		return lifecycle.Found{}, err
	}
	found := lifecycle.Found{
		Object: "permissions of checkpoint " + checkpoint, ID: []string{checkpoint},
		Destroy: "Destroying the resource removes the permissions that are in its state.",
	}
	if call.Knows("project_ids") {
		found.Removed = without(projectsOf(present), call.Plan.projects(ctx, call.Diags))
	}
	return found, nil
}
