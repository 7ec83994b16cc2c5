package policy

import (
	"context"

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
	_ resource.ResourceWithConfigure    = (*modelPermissionsResource)(nil)
	_ resource.ResourceWithImportState  = (*modelPermissionsResource)(nil)
	_ resource.ResourceWithIdentity     = (*modelPermissionsResource)(nil)
	_ resource.ResourceWithUpgradeState = (*modelPermissionsResource)(nil)
	_ resource.ResourceWithMoveState    = (*modelPermissionsResource)(nil)
)

const modelPermissionsObject = "project.model_permissions"

type modelPermissionsResource struct{ tfkit.Resource }

func newModelPermissionsResource() resource.Resource { return &modelPermissionsResource{} }

func (r *modelPermissionsResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_project_model_permissions"
}

func (r *modelPermissionsResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = modelPermissionsSchema()
}

func modelPermissionsSchema() schema.Schema {
	return schema.Schema{
		Version: tfkit.SchemaVersion,
		MarkdownDescription: "Which models the keys of a project may use: only those of a list, or all but those.\n\n" +
			"A project has one such policy at most. Creating this resource sets it. A policy that is already set is overwritten, or adopted when it is equal; the plan shows the old and the new value. `terraform destroy` removes it, after which **every model may be used**.",
		Attributes: map[string]schema.Attribute{
			"project_id": tfkit.ParentID("Id of the project (`proj_…`) whose models are limited."),
			"mode": schema.StringAttribute{
				MarkdownDescription: "What the list means: `allow_list` for the only models that may be used, `deny_list` for those that may not. Changed in place.",
				Required:            true,
				Validators:          []validator.String{tfkit.OpenEnum("allow_list", "deny_list")},
			},
			"model_ids": schema.SetAttribute{
				MarkdownDescription: "Models, for example `gpt-4o-mini`. An empty set with `allow_list` lets no model be used. Changed in place.",
				ElementType:         types.StringType,
				Required:            true,
				Validators:          []validator.Set{setvalidator.ValueStringsAre(tfkit.Name())},
			},
			"object": tfkit.ComputedString("Type of the object, as the API names it."),
		},
	}
}

func (r *modelPermissionsResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"project_id": tfkit.IdentityAttribute("Id of the project."),
	}}
}

func (r *modelPermissionsResource) UpgradeState(context.Context) map[int64]resource.StateUpgrader {
	return tfkit.UpgradeForeignState(modelPermissionsSchema(), modelPermissionsElsewhere)
}

var modelPermissionsElsewhere = tfkit.Foreign{Type: "openai_project_model_permissions"}

func (r *modelPermissionsResource) MoveState(context.Context) []resource.StateMover {
	return tfkit.MoveForeignState(modelPermissionsSchema(), modelPermissionsElsewhere)
}

type modelPermissionsModel struct {
	ProjectID types.String `tfsdk:"project_id"`
	Mode      types.String `tfsdk:"mode"`
	ModelIDs  types.Set    `tfsdk:"model_ids"`
	Object    types.String `tfsdk:"object"`
}

func (m *modelPermissionsModel) take(ctx context.Context, policy *adminapi.ModelPolicy, diags *diag.Diagnostics) {
	m.Mode = types.StringValue(policy.Mode)
	m.ModelIDs = tfkit.StringSet(ctx, policy.ModelIDs, diags)
	m.Object = types.StringValue(modelPermissionsObject)
}

func (m *modelPermissionsModel) identity() map[string]types.String {
	return map[string]types.String{"project_id": m.ProjectID}
}

// label names the policy in diagnostics.
func (m *modelPermissionsModel) label() string {
	return "the model permissions of project " + m.ProjectID.ValueString()
}

func (r *modelPermissionsResource) set(ctx context.Context, plan *modelPermissionsModel, diags *diag.Diagnostics) {
	wanted := adminapi.ModelPolicy{Mode: plan.Mode.ValueString()}
	diags.Append(plan.ModelIDs.ElementsAs(ctx, &wanted.ModelIDs, false)...)
	if diags.HasError() {
		return
	}
	policy, err := r.Client.ModelPolicies.Set(ctx, plan.ProjectID.ValueString(), wanted)
	if err != nil {
		tfkit.AddAPIError(diags, plan.label(), err)
		return
	}
	plan.take(ctx, policy, diags)
}

func (r *modelPermissionsResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan modelPermissionsModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	r.set(ctx, &plan, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	tfkit.Save(ctx, &resp.State, resp.Identity, plan, plan.identity(), &resp.Diagnostics)
}

func (r *modelPermissionsResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state modelPermissionsModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	policy, err := r.Client.ModelPolicies.Get(ctx, state.ProjectID.ValueString())
	if adminapi.IsGone(err) {
		tfkit.RemoveGone(ctx, resp, state.identity(), err)
		return
	}
	if err != nil {
		tfkit.AddAPIError(&resp.Diagnostics, state.label(), err)
		return
	}
	state.take(ctx, policy, &resp.Diagnostics)
	tfkit.Save(ctx, &resp.State, resp.Identity, state, state.identity(), &resp.Diagnostics)
}

func (r *modelPermissionsResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan modelPermissionsModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	r.set(ctx, &plan, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	tfkit.Save(ctx, &resp.State, resp.Identity, plan, plan.identity(), &resp.Diagnostics)
}

func (r *modelPermissionsResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state modelPermissionsModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if err := r.Client.ModelPolicies.Delete(ctx, state.ProjectID.ValueString()); err != nil {
		tfkit.AddAPIError(&resp.Diagnostics, state.label(), err)
	}
}

func (r *modelPermissionsResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	tfkit.Import(ctx, req, resp, "project_id")
}
