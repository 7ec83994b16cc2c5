package policy

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

var (
	_ resource.ResourceWithConfigure    = (*projectRetentionResource)(nil)
	_ resource.ResourceWithImportState  = (*projectRetentionResource)(nil)
	_ resource.ResourceWithIdentity     = (*projectRetentionResource)(nil)
	_ resource.ResourceWithUpgradeState = (*projectRetentionResource)(nil)
	_ resource.ResourceWithMoveState    = (*projectRetentionResource)(nil)
)

type projectRetentionResource struct{ tfkit.Resource }

func newProjectRetentionResource() resource.Resource { return &projectRetentionResource{} }

func (r *projectRetentionResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_project_data_retention"
}

func (r *projectRetentionResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = projectRetentionSchema()
}

func projectRetentionSchema() schema.Schema {
	return schema.Schema{
		Version:             tfkit.SchemaVersion,
		MarkdownDescription: "How the data of one project are kept. " + organizationApproval + putBack,
		Attributes: retentionAttributes("`organization_default`, `none`, "+knownRetentions, projectRetentions, map[string]schema.Attribute{
			"project_id": tfkit.ParentID("Id of the project (`proj_…`) whose data are meant."),
		}),
	}
}

func (r *projectRetentionResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"project_id": tfkit.IdentityAttribute("Id of the project."),
	}}
}

func (r *projectRetentionResource) UpgradeState(context.Context) map[int64]resource.StateUpgrader {
	return tfkit.UpgradeForeignState(projectRetentionSchema())
}

func (r *projectRetentionResource) MoveState(context.Context) []resource.StateMover {
	return tfkit.MoveForeignState(projectRetentionSchema(), tfkit.AsOfficial("openai_project_data_retention"))
}

type projectRetentionModel struct {
	ProjectID types.String `tfsdk:"project_id"`
	retentionModel
	RestoreValues types.Map `tfsdk:"restore_values"`
}

func (m *projectRetentionModel) identity() map[string]types.String {
	return map[string]types.String{"project_id": m.ProjectID}
}

func (r *projectRetentionResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan projectRetentionModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	before := beginRetention(ctx, r.Client, plan.ProjectID.ValueString(), &plan.RestoreValues, resp)
	if resp.Diagnostics.HasError() {
		return
	}
	tfkit.Save(ctx, &resp.State, resp.Identity, projectRetentionModel{plan.ProjectID, before, plan.RestoreValues}, plan.identity(), &resp.Diagnostics)
	if before.Type.Equal(plan.Type) {
		return
	}
	plan.set(ctx, r.Client, plan.ProjectID.ValueString(), &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	tfkit.Save(ctx, &resp.State, resp.Identity, plan, plan.identity(), &resp.Diagnostics)
}

func (r *projectRetentionResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state projectRetentionModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	kind, err := r.Client.DataRetention.Get(ctx, state.ProjectID.ValueString())
	if adminapi.IsGone(err) {
		tfkit.RemoveGone(ctx, resp, state.identity(), err)
		return
	}
	if err != nil {
		tfkit.AddAPIError(&resp.Diagnostics, retentionLabel(state.ProjectID.ValueString()), err)
		return
	}
	state.retentionModel = retentionOf(state.ProjectID.ValueString(), kind)
	tfkit.Save(ctx, &resp.State, resp.Identity, state, state.identity(), &resp.Diagnostics)
}

func (r *projectRetentionResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan projectRetentionModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	plan.set(ctx, r.Client, plan.ProjectID.ValueString(), &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	tfkit.Save(ctx, &resp.State, resp.Identity, plan, plan.identity(), &resp.Diagnostics)
}

func (r *projectRetentionResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state projectRetentionModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	endRetention(ctx, r.Client, state.ProjectID.ValueString(), state.retentionModel, state.RestoreValues, &resp.Diagnostics)
}

func (r *projectRetentionResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	tfkit.Import(ctx, req, resp, "project_id")
}
