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
	_ resource.ResourceWithConfigure    = (*organizationRetentionResource)(nil)
	_ resource.ResourceWithImportState  = (*organizationRetentionResource)(nil)
	_ resource.ResourceWithIdentity     = (*organizationRetentionResource)(nil)
	_ resource.ResourceWithUpgradeState = (*organizationRetentionResource)(nil)
	_ resource.ResourceWithMoveState    = (*organizationRetentionResource)(nil)
)

// organizationSingleton is the id of what exists once in the organisation.
const organizationSingleton = "organization"

type organizationRetentionResource struct{ tfkit.Resource }

func newOrganizationRetentionResource() resource.Resource { return &organizationRetentionResource{} }

func (r *organizationRetentionResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_organization_data_retention"
}

func (r *organizationRetentionResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = organizationRetentionSchema()
}

func organizationRetentionSchema() schema.Schema {
	return schema.Schema{
		Version:             tfkit.SchemaVersion,
		MarkdownDescription: "How the data of the organisation are kept, where a project says nothing else. " + organizationApproval + putBack,
		Attributes: retentionAttributes(knownRetentions, organizationRetentions, map[string]schema.Attribute{
			"singleton_id": tfkit.ComputedString("Always `organization`."),
		}),
	}
}

func (r *organizationRetentionResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"singleton_id": tfkit.IdentityAttribute("Always `organization`."),
	}}
}

func (r *organizationRetentionResource) UpgradeState(context.Context) map[int64]resource.StateUpgrader {
	return tfkit.UpgradeForeignState(organizationRetentionSchema(), organizationRetentionElsewhere)
}

var organizationRetentionElsewhere = tfkit.Foreign{
	Type:  "openai_organization_data_retention",
	Types: []tfkit.ForeignType{{Provider: tfkit.Jianyuan, Type: "openai_data_retention"}},
}

func (r *organizationRetentionResource) MoveState(context.Context) []resource.StateMover {
	return tfkit.MoveForeignState(organizationRetentionSchema(), organizationRetentionElsewhere)
}

type organizationRetentionModel struct {
	SingletonID types.String `tfsdk:"singleton_id"`
	retentionModel
	RestoreValues types.Map `tfsdk:"restore_values"`
}

func (m *organizationRetentionModel) identity() map[string]types.String {
	return map[string]types.String{"singleton_id": m.SingletonID}
}

func (r *organizationRetentionResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan organizationRetentionModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	plan.SingletonID = types.StringValue(organizationSingleton)
	before := beginRetention(ctx, r.Client, adminapi.WholeOrganization, &plan.RestoreValues, resp)
	if resp.Diagnostics.HasError() {
		return
	}
	tfkit.Save(ctx, &resp.State, resp.Identity, organizationRetentionModel{plan.SingletonID, before, plan.RestoreValues}, plan.identity(), &resp.Diagnostics)
	if before.Type.Equal(plan.Type) {
		return
	}
	plan.set(ctx, r.Client, adminapi.WholeOrganization, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	tfkit.Save(ctx, &resp.State, resp.Identity, plan, plan.identity(), &resp.Diagnostics)
}

func (r *organizationRetentionResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state organizationRetentionModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	kind, err := r.Client.DataRetention.Get(ctx, adminapi.WholeOrganization)
	if err != nil {
		tfkit.AddAPIError(&resp.Diagnostics, retentionLabel(adminapi.WholeOrganization), err)
		return
	}
	state.SingletonID = types.StringValue(organizationSingleton) // a state from elsewhere has none
	state.retentionModel = retentionOf(adminapi.WholeOrganization, kind)
	tfkit.Save(ctx, &resp.State, resp.Identity, state, state.identity(), &resp.Diagnostics)
}

func (r *organizationRetentionResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan organizationRetentionModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	plan.set(ctx, r.Client, adminapi.WholeOrganization, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	tfkit.Save(ctx, &resp.State, resp.Identity, plan, plan.identity(), &resp.Diagnostics)
}

func (r *organizationRetentionResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state organizationRetentionModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	endRetention(ctx, r.Client, adminapi.WholeOrganization, state.retentionModel, state.RestoreValues, &resp.Diagnostics)
}

func (r *organizationRetentionResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	if req.ID != "" && req.ID != organizationSingleton {
		resp.Diagnostics.AddError("Invalid import id", "The import id of the organisation's data retention is the word organization.")
		return
	}
	tfkit.Import(ctx, req, resp, "singleton_id")
}
