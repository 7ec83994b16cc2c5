package trust

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

var (
	_ resource.ResourceWithConfigure    = (*projectCertificatesResource)(nil)
	_ resource.ResourceWithImportState  = (*projectCertificatesResource)(nil)
	_ resource.ResourceWithIdentity     = (*projectCertificatesResource)(nil)
	_ resource.ResourceWithUpgradeState = (*projectCertificatesResource)(nil)
	_ resource.ResourceWithMoveState    = (*projectCertificatesResource)(nil)
)

type projectCertificatesResource struct{ tfkit.Resource }

func newProjectCertificatesResource() resource.Resource { return &projectCertificatesResource{} }

func (r *projectCertificatesResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_project_certificates"
}

func (r *projectCertificatesResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = projectCertificatesSchema()
}

func projectCertificatesSchema() schema.Schema {
	return schema.Schema{
		Version: tfkit.SchemaVersion,
		MarkdownDescription: "**All** active certificates of a project. Use one such resource for a project.\n\n" +
			"Creating the resource only activates certificates. Other active certificates appear in state with the next refresh, and the next plan shows their deactivation. " +
			"An update activates certificates before it deactivates others, and deactivates only those that the plan shows. " +
			"Destroying the resource deactivates the certificates in its state. Certificates activated since the last refresh stay active.",
		Attributes: map[string]schema.Attribute{
			"project_id": tfkit.ParentID("Id of the project (`proj_…`)."),
			"certificate_ids": schema.SetAttribute{
				MarkdownDescription: "Ids of the certificates (`cert_…`). An empty set leaves none active. Changed in place.",
				ElementType:         types.StringType,
				Required:            true,
				Validators:          []validator.Set{setvalidator.ValueStringsAre(tfkit.ID())},
			},
		},
	}
}

func (r *projectCertificatesResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"project_id": tfkit.IdentityAttribute("Id of the project."),
	}}
}

func (r *projectCertificatesResource) UpgradeState(context.Context) map[int64]resource.StateUpgrader {
	return tfkit.UpgradeForeignState(projectCertificatesSchema())
}

func (r *projectCertificatesResource) MoveState(context.Context) []resource.StateMover {
	return tfkit.MoveForeignState(projectCertificatesSchema(), tfkit.AsOfficial("openai_project_certificates"))
}

type projectCertificatesModel struct {
	ProjectID      types.String `tfsdk:"project_id"`
	CertificateIDs types.Set    `tfsdk:"certificate_ids"`
}

func (m *projectCertificatesModel) identity() map[string]types.String {
	return map[string]types.String{"project_id": m.ProjectID}
}

// label names the certificates in diagnostics.
func (m *projectCertificatesModel) label() string {
	return "the certificates of project " + m.ProjectID.ValueString()
}

// ids are the certificates of the set.
func (m *projectCertificatesModel) ids(ctx context.Context, diags *diag.Diagnostics) (ids []string) {
	diags.Append(m.CertificateIDs.ElementsAs(ctx, &ids, false)...)
	return ids
}

// active lists the certificates that are active in the project.
func (r *projectCertificatesResource) active(ctx context.Context, m *projectCertificatesModel) ([]string, error) {
	all, err := r.Client.Certificates.List(ctx, m.ProjectID.ValueString())
	if err != nil {
		return nil, err
	}
	ids := []string{}
	for _, c := range all {
		if c.Active != nil && *c.Active {
			ids = append(ids, c.ID)
		}
	}
	return ids, nil
}

// set activates the certificates of the plan, and then deactivates those that
// only the prior state names. One that neither of them names stays active.
func (r *projectCertificatesResource) set(ctx context.Context, plan *projectCertificatesModel, prior []string, diags *diag.Diagnostics) {
	planned := plan.ids(ctx, diags)
	if diags.HasError() {
		return
	}
	active, err := r.active(ctx, plan)
	if err == nil {
		missing := slices.DeleteFunc(slices.Clone(planned), func(id string) bool { return slices.Contains(active, id) })
		err = r.Client.Certificates.Activate(ctx, plan.ProjectID.ValueString(), missing, true)
	}
	if err != nil {
		tfkit.AddAPIError(diags, plan.label(), err)
		return
	}
	for _, err := range r.deactivate(ctx, plan, slices.DeleteFunc(slices.Clone(prior), func(id string) bool { return slices.Contains(planned, id) }), active) {
		tfkit.AddAPIError(diags, plan.label(), err)
	}
}

// deactivate deactivates those of the certificates that are active, unless
// another change of the configuration has activated them.
func (r *projectCertificatesResource) deactivate(ctx context.Context, m *projectCertificatesModel, ids, active []string) (failed []error) {
	project, free := m.ProjectID.ValueString(), []string{}
	for _, id := range ids {
		if !slices.Contains(active, id) {
			continue
		}
		end, err := r.Client.Ownership.Deleting(ctx, "/organization/projects/"+project+"/certificates/"+id)
		if err != nil {
			failed = append(failed, err)
			continue
		}
		defer end()
		free = append(free, id)
	}
	if err := r.Client.Certificates.Activate(ctx, project, free, false); err != nil && !adminapi.IsGone(err) {
		failed = append(failed, err)
	}
	return failed
}

func (r *projectCertificatesResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan projectCertificatesModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	r.set(ctx, &plan, nil, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	tfkit.Save(ctx, &resp.State, resp.Identity, plan, plan.identity(), &resp.Diagnostics)
}

func (r *projectCertificatesResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state projectCertificatesModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	ids, err := r.active(ctx, &state)
	if adminapi.IsGone(err) {
		tfkit.RemoveGone(ctx, resp, state.identity(), err)
		return
	}
	if err != nil {
		tfkit.AddAPIError(&resp.Diagnostics, state.label(), err)
		return
	}
	state.CertificateIDs = tfkit.StringSet(ctx, ids, &resp.Diagnostics)
	tfkit.Save(ctx, &resp.State, resp.Identity, state, state.identity(), &resp.Diagnostics)
}

func (r *projectCertificatesResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state projectCertificatesModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	r.set(ctx, &plan, state.ids(ctx, &resp.Diagnostics), &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	tfkit.Save(ctx, &resp.State, resp.Identity, plan, plan.identity(), &resp.Diagnostics)
}

// Delete deactivates the certificates in state. One that was activated since
// the last refresh stays active.
func (r *projectCertificatesResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state projectCertificatesModel
	for _, err := range r.deactivateState(ctx, req, &state, &resp.Diagnostics) {
		tfkit.AddAPIError(&resp.Diagnostics, state.label(), err)
	}
}

// HasMembers is true.
func (r *projectCertificatesResource) HasMembers() bool { return true }

// DeleteMembers deactivates the certificates in state, except those that
// another change of the configuration has activated.
func (r *projectCertificatesResource) DeleteMembers(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state projectCertificatesModel
	for _, err := range r.deactivateState(ctx, req, &state, &resp.Diagnostics) {
		if _, owned := adminapi.OwnedPath(err); !owned {
			tfkit.AddAPIError(&resp.Diagnostics, state.label(), err)
		}
	}
}

func (r *projectCertificatesResource) deactivateState(ctx context.Context, req resource.DeleteRequest, state *projectCertificatesModel, diags *diag.Diagnostics) []error {
	diags.Append(req.State.Get(ctx, state)...)
	ids := state.ids(ctx, diags)
	if diags.HasError() {
		return nil
	}
	active, err := r.active(ctx, state)
	switch {
	case adminapi.IsGone(err):
		return nil
	case err != nil:
		return []error{err}
	}
	return r.deactivate(ctx, state, ids, active)
}

func (r *projectCertificatesResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	tfkit.Import(ctx, req, resp, "project_id")
}
