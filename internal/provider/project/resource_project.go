package project

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/packages/param"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

var (
	_ resource.ResourceWithConfigure    = (*projectResource)(nil)
	_ resource.ResourceWithModifyPlan   = (*projectResource)(nil)
	_ resource.ResourceWithImportState  = (*projectResource)(nil)
	_ resource.ResourceWithIdentity     = (*projectResource)(nil)
	_ resource.ResourceWithUpgradeState = (*projectResource)(nil)
	_ resource.ResourceWithMoveState    = (*projectResource)(nil)
)

// residencies are the values that the API is known to accept.
var residencies = []string{
	"GLOBAL", "US_STORAGE_PROCESSING", "EU_STORAGE_PROCESSING", "JP_STORAGE", "JP_STORAGE_PROCESSING",
	"KR_STORAGE", "CA_STORAGE", "SG_STORAGE", "IN_STORAGE", "IN_STORAGE_PROCESSING",
	"AU_STORAGE", "AU_STORAGE_PROCESSING", "GB_STORAGE", "AE_STORAGE", "AE_STORAGE_PROCESSING",
}

type projectResource struct{ tfkit.Resource }

func newProjectResource() resource.Resource { return &projectResource{} }

func (r *projectResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_project"
}

func (r *projectResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = projectSchema()
}

func projectSchema() schema.Schema {
	return schema.Schema{
		Version: tfkit.SchemaVersion,
		MarkdownDescription: "A project: a name space of its own within the organisation, with its own keys, usage, files and spend limits.\n\n" +
			"Projects cannot be deleted. `terraform destroy` **archives** the project, for good: its keys stop working, and it can never be used, changed or restored. " +
			"A project that was archived outside Terraform counts as gone, and is planned to be created anew. " +
			"The organisation's default project can be imported but not archived.",
		Attributes: map[string]schema.Attribute{
			"name": schema.StringAttribute{
				MarkdownDescription: "Name of the project, as it appears in reports. Names are not unique. Changed in place.",
				Required:            true,
				Validators:          []validator.String{tfkit.Name()},
			},
			"external_key_id": schema.StringAttribute{
				MarkdownDescription: "Id of the external encryption key (`extkey_…`) that protects the project's data. Changed in place.",
				Optional:            true,
				Validators:          []validator.String{tfkit.ID()},
			},
			"residency": schema.StringAttribute{
				MarkdownDescription: "Where the project's data is stored and processed, for example `GLOBAL`, `EU_STORAGE_PROCESSING` or `JP_STORAGE`. " +
					"The organisation must have access to it. Default: chosen by the API. Changing it replaces the project.",
				Optional:   true,
				Computed:   true,
				Validators: []validator.String{tfkit.OpenEnum(residencies...)},
				PlanModifiers: []planmodifier.String{
					stringplanmodifier.RequiresReplaceIfConfigured(),
					stringplanmodifier.UseStateForUnknown(),
				},
			},
			"geography": schema.StringAttribute{
				MarkdownDescription: "Older form of `residency`, kept for configurations that have it; never together with `residency`. " +
					"The API does not return it, so drift cannot be seen. Changing it replaces the project.",
				DeprecationMessage: "Use residency instead.",
				Optional:           true,
				Validators: []validator.String{
					stringvalidator.LengthAtLeast(1),
					stringvalidator.ConflictsWith(path.MatchRoot("residency")),
				},
				PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()},
			},
			"acknowledge": tfkit.AcknowledgeAttribute(tfkit.ProjectInUse, tfkit.ProjectWithoutLimit),
			"id":          tfkit.ComputedString("Id of the project (`proj_…`)."),
			"project_id":  tfkit.ComputedString("Id of the project, the same as `id`."),
			"status":      tfkit.ComputedString("`active`; an `archived` project counts as gone."),
			"created_at":  tfkit.ComputedInt64("When the project was created, in Unix seconds."),
			"archived_at": tfkit.ComputedInt64("When the project was archived, in Unix seconds; null for an active one."),
		},
	}
}

func (r *projectResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"id": tfkit.IdentityAttribute("Id of the project."),
	}}
}

func (r *projectResource) UpgradeState(context.Context) map[int64]resource.StateUpgrader {
	return tfkit.UpgradeForeignState(projectSchema(), projectElsewhere)
}

// projectElsewhere is a project of other providers, with their names.
var projectElsewhere = tfkit.Foreign{
	Type:  "openai_project",
	Names: map[string]string{"name": "title", "project_id": "id", "created_at": "created"},
}

func (r *projectResource) MoveState(context.Context) []resource.StateMover {
	return tfkit.MoveForeignState(projectSchema(), projectElsewhere)
}

type projectModel struct {
	tfkit.Acknowledged
	Name          types.String `tfsdk:"name"`
	ExternalKeyID types.String `tfsdk:"external_key_id"`
	Residency     types.String `tfsdk:"residency"`
	Geography     types.String `tfsdk:"geography"`
	ID            types.String `tfsdk:"id"`
	ProjectID     types.String `tfsdk:"project_id"`
	Status        types.String `tfsdk:"status"`
	CreatedAt     types.Int64  `tfsdk:"created_at"`
	ArchivedAt    types.Int64  `tfsdk:"archived_at"`
}

// take copies a reply into the model. What the API does not return stays as it
// was configured.
func (m *projectModel) take(project *openai.Project) {
	m.Name = tfkit.String(project.Name, project.JSON.Name)
	m.ExternalKeyID = tfkit.String(project.ExternalKeyID, project.JSON.ExternalKeyID)
	if project.JSON.Residency.Valid() || m.Residency.IsUnknown() {
		m.Residency = tfkit.String(project.Residency, project.JSON.Residency)
	}
	m.ID = types.StringValue(project.ID)
	m.ProjectID = types.StringValue(project.ID)
	m.Status = tfkit.String(project.Status, project.JSON.Status)
	m.CreatedAt = tfkit.Int64(project.CreatedAt, project.JSON.CreatedAt)
	m.ArchivedAt = tfkit.Int64(project.ArchivedAt, project.JSON.ArchivedAt)
}

// wanted is the request that makes the project.
func (m *projectModel) wanted() openai.AdminOrganizationProjectNewParams {
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

func (m *projectModel) identity() map[string]types.String {
	return map[string]types.String{"id": m.ID}
}

// label names the project in diagnostics.
func (m *projectModel) label() string {
	return fmt.Sprintf("project %q (%s)", m.Name.ValueString(), m.ID.ValueString())
}

// ModifyPlan warns of what deserves a second look.
func (r *projectResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	r.advise(ctx, req, resp)
}

func (r *projectResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan projectModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	project, err := r.Client.Projects.Create(ctx, plan.wanted())
	if err != nil {
		tfkit.AddAPIError(&resp.Diagnostics, fmt.Sprintf("project %q", plan.Name.ValueString()), err)
		return
	}
	plan.take(project)
	tfkit.Save(ctx, &resp.State, resp.Identity, plan, plan.identity(), &resp.Diagnostics)
	r.SaveSeen(ctx, resp.Private, resp.Private, plan.ProjectID.ValueString(), &resp.Diagnostics)
}

func (r *projectResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state projectModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if _, unchanged := r.Unchanged(ctx, req, resp, tfkit.Watched{ID: state.ProjectID.ValueString()}, state.identity()); unchanged {
		return
	}
	project, err := r.get(ctx, &state)
	isArchived := err == nil && project.Status == adminapi.ProjectArchived
	if isArchived {
		tfkit.ConfirmRemoval(ctx)
	}
	if isArchived || adminapi.IsNotFound(err) {
		tfkit.Gone(ctx, resp, state.identity())
		return
	}
	if err != nil {
		tfkit.AddAPIError(&resp.Diagnostics, state.label(), err)
		return
	}
	state.take(project)
	tfkit.Save(ctx, &resp.State, resp.Identity, state, state.identity(), &resp.Diagnostics)
	r.SaveSeen(ctx, req.Private, resp.Private, state.ProjectID.ValueString(), &resp.Diagnostics)
}

func (r *projectResource) get(ctx context.Context, state *projectModel) (*openai.Project, error) {
	r.Client.Expect(state.ID.ValueString(), state.CreatedAt.ValueInt64())
	return r.Client.Projects.Get(ctx, state.ID.ValueString())
}

func (r *projectResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state projectModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if plan.Name.Equal(state.Name) && plan.ExternalKeyID.Equal(state.ExternalKeyID) {
		// Nothing of it is the API's.
		tfkit.Save(ctx, &resp.State, resp.Identity, plan, plan.identity(), &resp.Diagnostics)
		return
	}
	var params openai.AdminOrganizationProjectUpdateParams
	if !plan.Name.Equal(state.Name) {
		params.Name = openai.String(plan.Name.ValueString())
	}
	switch {
	case plan.ExternalKeyID.Equal(state.ExternalKeyID):
	case plan.ExternalKeyID.IsNull():
		params.ExternalKeyID = param.Null[string]()
	default:
		params.ExternalKeyID = openai.String(plan.ExternalKeyID.ValueString())
	}
	project, err := r.Client.Projects.Update(ctx, state.ID.ValueString(), params)
	if err != nil {
		tfkit.AddAPIError(&resp.Diagnostics, state.label(), err)
		return
	}
	plan.take(project)
	tfkit.Save(ctx, &resp.State, resp.Identity, plan, plan.identity(), &resp.Diagnostics)
	r.SaveChanged(ctx, req.Private, resp.Private, plan.ProjectID.ValueString(), &resp.Diagnostics)
}

func (r *projectResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state projectModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	err := r.Client.Projects.Archive(ctx, state.ID.ValueString())
	var apiErr *adminapi.Error
	if errors.As(err, &apiErr) && apiErr.Status == http.StatusBadRequest {
		resp.Diagnostics.AddError("The project cannot be archived", fmt.Sprintf(
			"The API refused to archive %s: %s\n\nThe organisation's default project exists for ever. To stop managing it without touching it, "+
				"use a removed block with lifecycle { destroy = false }, or terraform state rm.", state.label(), apiErr.Error()))
		return
	}
	if err != nil {
		tfkit.AddAPIError(&resp.Diagnostics, state.label(), err)
	}
}

func (r *projectResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	tfkit.Import(ctx, req, resp, "id")
}
