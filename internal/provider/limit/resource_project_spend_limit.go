package limit

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
	_ resource.ResourceWithConfigure    = (*projectSpendLimitResource)(nil)
	_ resource.ResourceWithModifyPlan   = (*projectSpendLimitResource)(nil)
	_ resource.ResourceWithImportState  = (*projectSpendLimitResource)(nil)
	_ resource.ResourceWithIdentity     = (*projectSpendLimitResource)(nil)
	_ resource.ResourceWithUpgradeState = (*projectSpendLimitResource)(nil)
	_ resource.ResourceWithMoveState    = (*projectSpendLimitResource)(nil)
)

const projectLimitObject = "project.spend_limit"

type projectSpendLimitResource struct{ tfkit.Resource }

func newProjectSpendLimitResource() resource.Resource { return &projectSpendLimitResource{} }

func (r *projectSpendLimitResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_project_spend_limit"
}

func (r *projectSpendLimitResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = projectSpendLimitSchema()
}

func projectSpendLimitSchema() schema.Schema {
	return schema.Schema{
		Version: tfkit.SchemaVersion,
		MarkdownDescription: "The **hard** spend limit of a project: once the month's spend of the project has reached it, calls with the project's keys are refused with 429 until the limit is raised or removed, or the month ends. " +
			"Other projects go on. Use `openai_project_spend_alert` to be notified before.\n\n" +
			"A project has one such limit at most. Creating this resource sets it. A limit that is already set is overwritten, or adopted when it is equal; the plan shows the old and the new value.",
		Attributes: spendLimitAttributes(map[string]schema.Attribute{
			"project_id": tfkit.ParentID("Id of the project (`proj_…`) whose spend is limited."),
		}),
	}
}

func (r *projectSpendLimitResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"project_id": tfkit.IdentityAttribute("Id of the project."),
	}}
}

func (r *projectSpendLimitResource) GeneratedConfig() tfkit.GeneratedConfig {
	return generatedMoney()
}

func (r *projectSpendLimitResource) UpgradeState(context.Context) map[int64]resource.StateUpgrader {
	return tfkit.UpgradeForeignState(projectSpendLimitSchema(), projectSpendLimitElsewhere)
}

var projectSpendLimitElsewhere = tfkit.Foreign{Type: "openai_project_spend_limit"}

func (r *projectSpendLimitResource) MoveState(context.Context) []resource.StateMover {
	return tfkit.MoveForeignState(projectSpendLimitSchema(), projectSpendLimitElsewhere)
}

type projectSpendLimitModel struct {
	ProjectID types.String `tfsdk:"project_id"`
	spendLimitModel
	tfkit.Acknowledged
}

func (m *projectSpendLimitModel) identity() map[string]types.String {
	return map[string]types.String{"project_id": m.ProjectID}
}

func (r *projectSpendLimitResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	planMoney(ctx, req, resp)
	adviseOnLimit(ctx, r.Client, aProject, req, resp)
}

func (r *projectSpendLimitResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan projectSpendLimitModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	plan.set(ctx, r.Client, plan.ProjectID.ValueString(), projectLimitObject, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	tfkit.Save(ctx, &resp.State, resp.Identity, plan, plan.identity(), &resp.Diagnostics)
}

func (r *projectSpendLimitResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state projectSpendLimitModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	limit, err := r.Client.SpendLimits.Get(ctx, state.ProjectID.ValueString())
	if adminapi.IsNotFound(err) {
		tfkit.Gone(ctx, resp, state.identity())
		return
	}
	if err != nil {
		tfkit.AddAPIError(&resp.Diagnostics, limitLabel(state.ProjectID.ValueString()), err)
		return
	}
	state.take(projectLimitObject, limit)
	tfkit.Save(ctx, &resp.State, resp.Identity, state, state.identity(), &resp.Diagnostics)
}

func (r *projectSpendLimitResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan projectSpendLimitModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	plan.set(ctx, r.Client, plan.ProjectID.ValueString(), projectLimitObject, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	tfkit.Save(ctx, &resp.State, resp.Identity, plan, plan.identity(), &resp.Diagnostics)
}

func (r *projectSpendLimitResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state projectSpendLimitModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if err := r.Client.SpendLimits.Delete(ctx, state.ProjectID.ValueString()); err != nil {
		tfkit.AddAPIError(&resp.Diagnostics, limitLabel(state.ProjectID.ValueString()), err)
	}
}

func (r *projectSpendLimitResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	tfkit.Import(ctx, req, resp, "project_id")
}
