package project

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/packages/param"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

func project() lifecycle.Object[*projectModel] {
	return lifecycle.Object[*projectModel]{
		Core: lifecycle.Core[*projectModel]{
			Type:     "project",
			Schema:   projectSchema,
			Identity: []lifecycle.Identifier{{Name: "id", Description: "Id of the project."}},
			Paths: func(object lifecycle.Values) lifecycle.Paths {
				return lifecycle.Named(object.Path("/organization/projects/{id}"))
			},
			Label: (*projectModel).label,
			Legacy: lifecycle.Foreign{
				Type:  "openai_project",
				Names: map[string][]string{"name": {"title"}, "project_id": {"id"}, "created_at": {"created"}},
			},
			// project.created, .updated, .archived and .deleted name the project.
			Audit:  func(m *projectModel) lifecycle.Watched { return lifecycle.Watched{ID: m.ID.ValueString()} },
			Plan:   planProject,
			Read:   readProject,
			Delete: archiveProject,
			List: lifecycle.ListOrganization(
				"The active projects of the organization, including the default project. Archived projects cannot be managed and are not listed.",
				"the projects", listProjects, listedProject),
		},
		Create:  createProject,
		Update:  updateProject,
		Orphans: projectOrphans,
	}
}

// residencies are the values that the API is known to accept.
var residencies = []string{
	"GLOBAL", "US_STORAGE_PROCESSING", "EU_STORAGE_PROCESSING", "JP_STORAGE", "JP_STORAGE_PROCESSING",
	"KR_STORAGE", "CA_STORAGE", "SG_STORAGE", "IN_STORAGE", "IN_STORAGE_PROCESSING",
	"AU_STORAGE", "AU_STORAGE_PROCESSING", "GB_STORAGE", "AE_STORAGE", "AE_STORAGE_PROCESSING",
}

func projectSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "A project of the organization, with its own keys, usage, files and spend limits.\n\n" +
			"Projects cannot be deleted. `terraform destroy` **archives** the project: its keys stop working, and the project cannot be used, changed or restored. " +
			"If the project was archived outside Terraform, the next plan creates it again. " +
			"The organization's default project can be imported but not archived.",
		Attributes: map[string]schema.Attribute{
			"name": schema.StringAttribute{
				MarkdownDescription: "Name of the project, as it appears in reports. Names are not unique. Changed in place.",
				Required:            true,
				PlanModifiers:       []planmodifier.String{tfkit.NewName()},
			},
			"external_key_id": schema.StringAttribute{
				MarkdownDescription: "Id of the external encryption key (`extkey_…`) that protects the project's data. Changed in place, which OpenAI must enable for the organization first; a new project needs no such step.",
				Optional:            true,
				Validators:          []validator.String{tfkit.ID()},
			},
			"residency": schema.StringAttribute{
				MarkdownDescription: "Data residency of the project: where its data is stored and processed, for example `GLOBAL`, `EU_STORAGE_PROCESSING` or `JP_STORAGE`. " +
					"The organization must have access to the residency. Default: chosen by the API. Changing it replaces the project.",
				Optional:   true,
				Computed:   true,
				Validators: []validator.String{tfkit.OpenEnum(residencies...)},
				PlanModifiers: []planmodifier.String{
					stringplanmodifier.RequiresReplaceIfConfigured(),
					stringplanmodifier.UseStateForUnknown(),
				},
			},
			"geography": schema.StringAttribute{
				MarkdownDescription: "Previous form of `residency`, for existing configurations. Conflicts with `residency`. " +
					"The API does not return it, so drift cannot be detected. Changing it replaces the project.",
				DeprecationMessage: "Use residency instead.",
				Optional:           true,
				Validators: []validator.String{
					stringvalidator.LengthAtLeast(1),
					stringvalidator.ConflictsWith(path.MatchRoot("residency")),
				},
				PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()},
			},
			"deletion_protection": schema.BoolAttribute{
				MarkdownDescription: "Protection against archiving: if `true`, a plan that would destroy or replace the project fails. To archive a protected project, apply `false` first. " +
					"The attribute exists only in Terraform and does not protect the project from other clients. " +
					"With `-replace` or a tainted project, the plan does not fail. The apply then fails, but only after it has destroyed the objects that depend on the project. " +
					"With `create_before_destroy`, the apply has also created the new project, and the protected project stays in state as a deposed object. " +
					"`lifecycle { prevent_destroy = true }` makes the plan fail in these cases, too. Changed in place. Default: `false`.",
				Optional: true,
			},
			"suppress_warnings": tfkit.SuppressWarningsAttribute(tfkit.ProjectInUse, tfkit.ProjectWithoutLimit),
			"id":                tfkit.ComputedString("Id of the project (`proj_…`)."),
			"project_id":        tfkit.ComputedString("Id of the project, the same as `id`."),
			"status":            tfkit.ComputedString("Always `active`: an archived project is removed from state."),
			"created_at":        tfkit.ComputedInt64("When the project was created, in Unix seconds."),
			"archived_at":       tfkit.ComputedInt64("When the project was archived, in Unix seconds; null for an active project."),
		},
	}
}

type projectModel struct {
	tfkit.SuppressedWarnings
	Name          types.String `tfsdk:"name"`
	ExternalKeyID types.String `tfsdk:"external_key_id"`
	Residency     types.String `tfsdk:"residency"`
	Geography     types.String `tfsdk:"geography"`
	ID            types.String `tfsdk:"id"`
	ProjectID     types.String `tfsdk:"project_id"`
	Status        types.String `tfsdk:"status"`
	CreatedAt     types.Int64  `tfsdk:"created_at"`
	ArchivedAt    types.Int64  `tfsdk:"archived_at"`

	DeletionProtection types.Bool `tfsdk:"deletion_protection"`
}

// label names the project in diagnostics.
func (m *projectModel) label() string {
	return lifecycle.Label("project", m.Name.ValueString(), m.ID.ValueString())
}

// flatten copies an answer into the model. Attributes that the API does not
// return keep their configured values.
func (m *projectModel) flatten(project *openai.Project) {
	m.Name = tfkit.String(project.Name, project.JSON.Name)
	m.ExternalKeyID = tfkit.String(project.ExternalKeyID, project.JSON.ExternalKeyID)
	if project.JSON.Residency.Valid() || m.Residency.IsUnknown() {
		m.Residency = tfkit.String(project.Residency, project.JSON.Residency)
	}
	m.ID = types.StringValue(project.ID)
	m.ProjectID = m.ID
	m.Status = tfkit.String(project.Status, project.JSON.Status)
	m.CreatedAt = tfkit.Int64(project.CreatedAt, project.JSON.CreatedAt)
	m.ArchivedAt = tfkit.Int64(project.ArchivedAt, project.JSON.ArchivedAt)
}

// toCreateRequest is the request that creates the project.
func (m *projectModel) toCreateRequest() openai.AdminOrganizationProjectNewParams {
	params := openai.AdminOrganizationProjectNewParams{
		Name:      m.Name.ValueString(),
		Residency: openai.ProjectResidency(m.Residency.ValueString()),
	}
	if !m.ExternalKeyID.IsNull() {
		params.ExternalKeyID = openai.String(m.ExternalKeyID.ValueString())
	}
	if !m.Geography.IsNull() {
		params.Geography = openai.String(m.Geography.ValueString())
	}
	return params
}

// toUpdateRequest is the request that changes another state of the project into
// this one, and whether there is anything to change.
func (m *projectModel) toUpdateRequest(state *projectModel) (params openai.AdminOrganizationProjectUpdateParams, changes bool) {
	if !m.Name.Equal(state.Name) {
		params.Name, changes = openai.String(m.Name.ValueString()), true
	}
	switch {
	case m.ExternalKeyID.Equal(state.ExternalKeyID):
	case m.ExternalKeyID.IsNull():
		params.ExternalKeyID, changes = param.Null[string](), true
	default:
		params.ExternalKeyID, changes = openai.String(m.ExternalKeyID.ValueString()), true
	}
	return params, changes
}

// planProject refuses to archive a protected project, and warns of a project in
// use that is archived, and of one without a hard limit. A plan that changes
// nothing costs no request.
func planProject(ctx context.Context, call *lifecycle.Call[*projectModel]) {
	if call.HasState() && (!call.HasPlan() || call.Plan.replaces(call.State)) && isProtected(call) {
		return
	}
	if call.Client == nil || !call.HasState() {
		return
	}
	id, name := call.State.ID.ValueString(), call.State.Name.ValueString()
	if call.HasPlan() && !call.Plan.replaces(call.State) {
		if cents, removed := call.Client.Advice.KeepProject(id); removed && call.Warns(tfkit.ProjectWithoutLimit) {
			tfkit.WarnOfRemovedLimit(call.Diags, path.Root("id"), id, cents)
			return
		}
	}
	switch {
	case call.PlansNoChange():
	case call.HasPlan():
		if call.Warns(tfkit.ProjectWithoutLimit) && call.Client.Advice.Unlimited(ctx, id) {
			call.Warn(tfkit.ProjectWithoutLimit, path.Root("id"),
				fmt.Sprintf("Project %q has no hard limit. Only the organization's limits bound its spend. Add an openai_project_spend_limit.", name))
		}
	case call.Warns(tfkit.ProjectInUse):
		if costs := call.Client.Advice.Spend(ctx); costs != nil && costs.Active[id] {
			call.Warn(tfkit.ProjectInUse, path.Root("id"),
				fmt.Sprintf("Project %q had traffic in the last 7 days and will be archived. Its keys stop working, and it cannot be restored. Its spend this month is %s USD.", name, costs.Month[id].StringFixed(2)))
		}
	}
}

// replaces reports whether the plan of a change replaces the project.
func (m *projectModel) replaces(state *projectModel) bool {
	return !m.Residency.IsUnknown() && !m.Residency.Equal(state.Residency) || !m.Geography.Equal(state.Geography)
}

// isProtected reports whether the project is protected, and adds an error that
// says so.
func isProtected(call *lifecycle.Call[*projectModel]) bool {
	if !call.State.DeletionProtection.ValueBool() && (!call.HasPlan() || !call.Plan.DeletionProtection.ValueBool()) {
		return false
	}
	call.Diags.AddAttributeError(path.Root("deletion_protection"), "The project is protected", fmt.Sprintf(
		"The %s would be archived, but deletion_protection is true. To archive it, set deletion_protection = false and apply that first. %s\n\n"+
			"If it is a deposed object, left by a replacement with create_before_destroy, its deletion_protection cannot be changed. Remove the address from state, and import the project to manage.", call.State.label(), tfkit.ReleaseHint))
	return true
}

func createProject(ctx context.Context, call *lifecycle.Call[*projectModel]) error {
	created, err := call.Client.Projects.Create(ctx, call.Plan.toCreateRequest())
	if err == nil {
		call.Plan.flatten(created)
	}
	return err
}

func readProject(ctx context.Context, call *lifecycle.Call[*projectModel]) error {
	found, err := call.Client.Projects.Get(ctx, call.State.ID.ValueString())
	switch {
	case err != nil:
		return err
	case found.Status == adminapi.ProjectArchived:
		return lifecycle.ErrRemoved
	}
	call.State.flatten(found)
	return nil
}

func updateProject(ctx context.Context, call *lifecycle.Call[*projectModel]) error {
	params, changes := call.Plan.toUpdateRequest(call.State)
	if !changes {
		return nil // only attributes that the API does not have, such as suppress_warnings
	}
	updated, err := call.Client.Projects.Update(ctx, call.State.ID.ValueString(), params)
	if adminapi.IsRefused(err) && !adminapi.IsDeleted(err) && !call.Plan.ExternalKeyID.Equal(call.State.ExternalKeyID) {
		return tfkit.Advise(err, path.Root("external_key_id"),
			"OpenAI must enable the change of the external key of existing projects for the organization. Ask OpenAI for it, or create a project with the key. The API cannot take a key away from a project.")
	}
	if err == nil {
		call.Plan.flatten(updated)
	}
	return err
}

func archiveProject(ctx context.Context, call *lifecycle.Call[*projectModel]) error {
	if isProtected(call) { // a replacement that the configuration does not show, such as -replace
		return nil
	}
	err := call.Client.Projects.Archive(ctx, call.State.ID.ValueString())
	if refused, ok := errors.AsType[*adminapi.Error](err); ok && refused.Status == http.StatusBadRequest && strings.Contains(refused.Message, "default project") {
		call.Diags.AddError("Cannot archive the default project", fmt.Sprintf(
			"The API refused to archive %s: %s\n\n%s", call.State.label(), refused.Error(), tfkit.ReleaseHint))
		return nil
	}
	return err
}

// projectOrphans searches for projects with the same name and settings.
func projectOrphans(_ context.Context, call *lifecycle.Call[*projectModel]) *lifecycle.OrphanSearch {
	if !call.Knows("name", "external_key_id") {
		return nil
	}
	return &lifecycle.OrphanSearch{
		Object: call.Plan.label(),
		Find: func(ctx context.Context) ([]string, error) {
			return call.Client.Projects.Orphans(ctx, call.Plan.toCreateRequest())
		},
	}
}

func listProjects(ctx context.Context, client *adminapi.Client) ([]openai.Project, error) {
	return client.Projects.List(ctx, false)
}

func listedProject(_ context.Context, item *openai.Project, _ *diag.Diagnostics) (string, *projectModel) {
	m := projectModel{SuppressedWarnings: tfkit.NoSuppressedWarnings()}
	m.flatten(item)
	return item.Name, &m
}
