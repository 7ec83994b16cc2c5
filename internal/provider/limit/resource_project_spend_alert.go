package limit

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

var (
	_ resource.ResourceWithConfigure    = (*projectSpendAlertResource)(nil)
	_ resource.ResourceWithModifyPlan   = (*projectSpendAlertResource)(nil)
	_ resource.ResourceWithImportState  = (*projectSpendAlertResource)(nil)
	_ resource.ResourceWithIdentity     = (*projectSpendAlertResource)(nil)
	_ resource.ResourceWithUpgradeState = (*projectSpendAlertResource)(nil)
	_ resource.ResourceWithMoveState    = (*projectSpendAlertResource)(nil)
)

type projectSpendAlertResource struct{ tfkit.Resource }

func newProjectSpendAlertResource() resource.Resource { return &projectSpendAlertResource{} }

func (r *projectSpendAlertResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_project_spend_alert"
}

func (r *projectSpendAlertResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = projectSpendAlertSchema()
}

func projectSpendAlertSchema() schema.Schema {
	return schema.Schema{
		Version: tfkit.SchemaVersion,
		MarkdownDescription: "A spend alert of a project, a **soft** limit: once the month's spend of the project has reached it, the recipients get an e-mail. Nothing is refused; " +
			"use `openai_project_spend_limit` for that.",
		Attributes: spendAlertAttributes(map[string]schema.Attribute{
			"project_id": tfkit.ParentID("Id of the project (`proj_…`) whose spend is watched."),
		}),
	}
}

func (r *projectSpendAlertResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"project_id": tfkit.IdentityAttribute("Id of the project."),
		"alert_id":   tfkit.IdentityAttribute("Id of the alert."),
	}}
}

func (r *projectSpendAlertResource) GeneratedConfig() tfkit.GeneratedConfig {
	return generatedSpendAlert()
}

func (r *projectSpendAlertResource) UpgradeState(context.Context) map[int64]resource.StateUpgrader {
	return tfkit.UpgradeForeignState(projectSpendAlertSchema(), projectSpendAlertElsewhere)
}

var projectSpendAlertElsewhere = tfkit.Foreign{Type: "openai_project_spend_alert", Names: spendAlertElsewhere}

func (r *projectSpendAlertResource) MoveState(context.Context) []resource.StateMover {
	return tfkit.MoveForeignState(projectSpendAlertSchema(), projectSpendAlertElsewhere)
}

type projectSpendAlertModel struct {
	ProjectID types.String `tfsdk:"project_id"`
	spendAlertModel
}

func (m *projectSpendAlertModel) identity() map[string]types.String {
	return map[string]types.String{"project_id": m.ProjectID, "alert_id": m.AlertID}
}

func (r *projectSpendAlertResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	planMoney(ctx, req, resp)
	adviseOnAlert(ctx, r.Client, aProject, req, resp)
}

func (r *projectSpendAlertResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan projectSpendAlertModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if !plan.create(ctx, r.Client, plan.ProjectID.ValueString(), &resp.Diagnostics) {
		return
	}
	tfkit.SaveCreated(ctx, resp.Private, r.Client.ServerNow(), &resp.Diagnostics)
	tfkit.Save(ctx, &resp.State, resp.Identity, plan, plan.identity(), &resp.Diagnostics)
}

func (r *projectSpendAlertResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state projectSpendAlertModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	alert, err := state.get(ctx, r.Client, state.ProjectID.ValueString(), req.Private, &resp.Diagnostics)
	if tfkit.NothingRead(ctx, resp, state.identity(), state.alertLabel(state.ProjectID.ValueString()), err) {
		return
	}
	state.take(ctx, alert, &resp.Diagnostics)
	tfkit.Save(ctx, &resp.State, resp.Identity, state, state.identity(), &resp.Diagnostics)
}

func (r *projectSpendAlertResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan projectSpendAlertModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	plan.update(ctx, r.Client, plan.ProjectID.ValueString(), &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	tfkit.Save(ctx, &resp.State, resp.Identity, plan, plan.identity(), &resp.Diagnostics)
}

func (r *projectSpendAlertResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state projectSpendAlertModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	state.remove(ctx, r.Client, state.ProjectID.ValueString(), &resp.Diagnostics)
}

func (r *projectSpendAlertResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	tfkit.Import(ctx, req, resp, "project_id", "alert_id")
}
