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
	_ resource.ResourceWithConfigure    = (*organizationSpendLimitResource)(nil)
	_ resource.ResourceWithModifyPlan   = (*organizationSpendLimitResource)(nil)
	_ resource.ResourceWithImportState  = (*organizationSpendLimitResource)(nil)
	_ resource.ResourceWithIdentity     = (*organizationSpendLimitResource)(nil)
	_ resource.ResourceWithUpgradeState = (*organizationSpendLimitResource)(nil)
	_ resource.ResourceWithMoveState    = (*organizationSpendLimitResource)(nil)
)

// organizationSingleton is the id of what exists once in the organisation.
const organizationSingleton = "organization"

const organizationLimitObject = "organization.spend_limit"

type organizationSpendLimitResource struct{ tfkit.Resource }

func newOrganizationSpendLimitResource() resource.Resource { return &organizationSpendLimitResource{} }

func (r *organizationSpendLimitResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_organization_spend_limit"
}

func (r *organizationSpendLimitResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = organizationSpendLimitSchema()
}

func organizationSpendLimitSchema() schema.Schema {
	return schema.Schema{
		Version: tfkit.SchemaVersion,
		MarkdownDescription: "The **hard** spend limit of the organisation: once the month's spend has reached it, the API refuses calls with 429 until the limit is raised or removed, or the month ends. " +
			"Use `openai_organization_spend_alert` to be notified before.\n\n" +
			"There is one such limit at most. Creating this resource sets it. A limit that is already set is overwritten, or adopted when it is equal; the plan shows the old and the new value.",
		Attributes: spendLimitAttributes(map[string]schema.Attribute{
			"singleton_id": tfkit.ComputedString("Always `organization`."),
		}),
	}
}

func (r *organizationSpendLimitResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"singleton_id": tfkit.IdentityAttribute("Always `organization`."),
	}}
}

func (r *organizationSpendLimitResource) GeneratedConfig() tfkit.GeneratedConfig {
	return generatedMoney()
}

func (r *organizationSpendLimitResource) UpgradeState(context.Context) map[int64]resource.StateUpgrader {
	return tfkit.UpgradeForeignState(organizationSpendLimitSchema(), organizationSpendLimitElsewhere)
}

var organizationSpendLimitElsewhere = tfkit.Foreign{
	Type:  "openai_organization_spend_limit",
	Types: []tfkit.ForeignType{{Provider: tfkit.Jianyuan, Type: "openai_spend_limit"}},
}

func (r *organizationSpendLimitResource) MoveState(context.Context) []resource.StateMover {
	return tfkit.MoveForeignState(organizationSpendLimitSchema(), organizationSpendLimitElsewhere)
}

type organizationSpendLimitModel struct {
	SingletonID types.String `tfsdk:"singleton_id"`
	spendLimitModel
	tfkit.Acknowledged
}

func (m *organizationSpendLimitModel) identity() map[string]types.String {
	return map[string]types.String{"singleton_id": m.SingletonID}
}

func (r *organizationSpendLimitResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	planMoney(ctx, req, resp)
	adviseOnLimit(ctx, r.Client, adminapi.WholeOrganization, req, resp)
}

func (r *organizationSpendLimitResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan organizationSpendLimitModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	plan.set(ctx, r.Client, adminapi.WholeOrganization, organizationLimitObject, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	plan.SingletonID = types.StringValue(organizationSingleton)
	tfkit.Save(ctx, &resp.State, resp.Identity, plan, plan.identity(), &resp.Diagnostics)
}

func (r *organizationSpendLimitResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state organizationSpendLimitModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	state.SingletonID = types.StringValue(organizationSingleton)
	limit, err := r.Client.SpendLimits.Get(ctx, adminapi.WholeOrganization)
	if adminapi.IsNotFound(err) {
		tfkit.Gone(ctx, resp, state.identity())
		return
	}
	if err != nil {
		tfkit.AddAPIError(&resp.Diagnostics, limitLabel(adminapi.WholeOrganization), err)
		return
	}
	state.take(organizationLimitObject, limit)
	tfkit.Save(ctx, &resp.State, resp.Identity, state, state.identity(), &resp.Diagnostics)
}

func (r *organizationSpendLimitResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan organizationSpendLimitModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	plan.set(ctx, r.Client, adminapi.WholeOrganization, organizationLimitObject, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	tfkit.Save(ctx, &resp.State, resp.Identity, plan, plan.identity(), &resp.Diagnostics)
}

func (r *organizationSpendLimitResource) Delete(ctx context.Context, _ resource.DeleteRequest, resp *resource.DeleteResponse) {
	if err := r.Client.SpendLimits.Delete(ctx, adminapi.WholeOrganization); err != nil {
		tfkit.AddAPIError(&resp.Diagnostics, limitLabel(adminapi.WholeOrganization), err)
	}
}

func (r *organizationSpendLimitResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	if req.ID != "" && req.ID != organizationSingleton {
		resp.Diagnostics.AddError("Invalid import id", "The import id of the organisation's spend limit is the word organization.")
		return
	}
	tfkit.Import(ctx, req, resp, "singleton_id")
}
