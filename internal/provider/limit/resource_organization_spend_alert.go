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
	_ resource.ResourceWithConfigure    = (*organizationSpendAlertResource)(nil)
	_ resource.ResourceWithModifyPlan   = (*organizationSpendAlertResource)(nil)
	_ resource.ResourceWithImportState  = (*organizationSpendAlertResource)(nil)
	_ resource.ResourceWithIdentity     = (*organizationSpendAlertResource)(nil)
	_ resource.ResourceWithUpgradeState = (*organizationSpendAlertResource)(nil)
	_ resource.ResourceWithMoveState    = (*organizationSpendAlertResource)(nil)
)

type organizationSpendAlertResource struct{ tfkit.Resource }

func newOrganizationSpendAlertResource() resource.Resource { return &organizationSpendAlertResource{} }

func (r *organizationSpendAlertResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_organization_spend_alert"
}

func (r *organizationSpendAlertResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = organizationSpendAlertSchema()
}

func organizationSpendAlertSchema() schema.Schema {
	return schema.Schema{
		Version: tfkit.SchemaVersion,
		MarkdownDescription: "A spend alert of the organisation, a **soft** limit: once the month's spend has reached it, the recipients get an e-mail. Nothing is refused; " +
			"use `openai_organization_spend_limit` for that.",
		Attributes: spendAlertAttributes(nil),
	}
}

func (r *organizationSpendAlertResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"alert_id": tfkit.IdentityAttribute("Id of the alert."),
	}}
}

func (r *organizationSpendAlertResource) GeneratedConfig() tfkit.GeneratedConfig {
	return generatedSpendAlert()
}

func (r *organizationSpendAlertResource) UpgradeState(context.Context) map[int64]resource.StateUpgrader {
	return tfkit.UpgradeForeignState(organizationSpendAlertSchema(), organizationSpendAlertElsewhere)
}

var organizationSpendAlertElsewhere = tfkit.Foreign{
	Type:  "openai_organization_spend_alert",
	Types: []tfkit.ForeignType{{Provider: tfkit.Jianyuan, Type: "openai_spend_alert"}},
	Names: spendAlertElsewhere,
}

func (r *organizationSpendAlertResource) MoveState(context.Context) []resource.StateMover {
	return tfkit.MoveForeignState(organizationSpendAlertSchema(), organizationSpendAlertElsewhere)
}

type organizationSpendAlertModel struct{ spendAlertModel }

func (m *organizationSpendAlertModel) identity() map[string]types.String {
	return map[string]types.String{"alert_id": m.AlertID}
}

func (r *organizationSpendAlertResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	planMoney(ctx, req, resp)
	adviseOnAlert(ctx, r.Client, adminapi.WholeOrganization, req, resp)
}

func (r *organizationSpendAlertResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan organizationSpendAlertModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if !plan.create(ctx, r.Client, adminapi.WholeOrganization, &resp.Diagnostics) {
		return
	}
	tfkit.SaveCreated(ctx, resp.Private, r.Client.ServerNow(), &resp.Diagnostics)
	tfkit.Save(ctx, &resp.State, resp.Identity, plan, plan.identity(), &resp.Diagnostics)
}

func (r *organizationSpendAlertResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state organizationSpendAlertModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	alert, err := state.get(ctx, r.Client, adminapi.WholeOrganization, req.Private, &resp.Diagnostics)
	if tfkit.NothingRead(ctx, resp, state.identity(), state.alertLabel(adminapi.WholeOrganization), err) {
		return
	}
	state.take(ctx, alert, &resp.Diagnostics)
	tfkit.Save(ctx, &resp.State, resp.Identity, state, state.identity(), &resp.Diagnostics)
}

func (r *organizationSpendAlertResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan organizationSpendAlertModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	plan.update(ctx, r.Client, adminapi.WholeOrganization, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	tfkit.Save(ctx, &resp.State, resp.Identity, plan, plan.identity(), &resp.Diagnostics)
}

func (r *organizationSpendAlertResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state organizationSpendAlertModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	state.remove(ctx, r.Client, adminapi.WholeOrganization, &resp.Diagnostics)
}

func (r *organizationSpendAlertResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	tfkit.Import(ctx, req, resp, "alert_id")
}
