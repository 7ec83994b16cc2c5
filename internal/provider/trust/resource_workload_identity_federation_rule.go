package trust

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

var (
	_ resource.ResourceWithConfigure    = (*federationRuleResource)(nil)
	_ resource.ResourceWithImportState  = (*federationRuleResource)(nil)
	_ resource.ResourceWithIdentity     = (*federationRuleResource)(nil)
	_ resource.ResourceWithUpgradeState = (*federationRuleResource)(nil)
	_ resource.ResourceWithMoveState    = (*federationRuleResource)(nil)
)

type federationRuleResource struct{ tfkit.Resource }

func newFederationRuleResource() resource.Resource { return &federationRuleResource{} }

func (r *federationRuleResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_workload_identity_federation_rule"
}

func (r *federationRuleResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = federationRuleSchema()
}

func federationRuleSchema() schema.Schema {
	return schema.Schema{
		Version: tfkit.SchemaVersion,
		MarkdownDescription: "Lets workloads act as a service account: those whose token, issued by a provider that the organisation trusts, has certain attributes. " +
			"The access that they get is short-lived, and there is no key to keep or to rotate.\n\n" +
			"A provider can have 50 rules.",
		Attributes: map[string]schema.Attribute{
			"workload_identity_provider_id": tfkit.ParentID("Id of the provider that issues the tokens (`wip_…`)."),
			"project_id":                    tfkit.ParentID("Id of the project of the service account (`proj_…`)."),
			"service_account_id":            tfkit.ParentID("Id of the service account that the workloads act as."),
			"attribute_matchers": schema.DynamicAttribute{
				MarkdownDescription: "Attributes that a token must have, all of them, and exactly these values: an object of strings, bools and numbers, for example `{ repository = \"acme/shop\", ref = \"refs/heads/main\" }`. " +
					"Name something that only the intended workload has: with the organisation alone, every repository in it would match. Changed in place.",
				Required:      true,
				Validators:    []validator.Dynamic{matcherRules{}},
				PlanModifiers: []planmodifier.Dynamic{keepMatchers{}},
			},
			"scopes": schema.SetAttribute{
				MarkdownDescription: "What the workloads may do, at most, for example `api.responses.write`. Default: everything that the service account may do. Changed in place.",
				ElementType:         types.StringType,
				Optional:            true,
				Validators:          []validator.Set{setvalidator.SizeAtLeast(1), setvalidator.ValueStringsAre(tfkit.Name())},
			},
			"name": schema.StringAttribute{
				MarkdownDescription: "Name of the rule. Changed in place, and removed when it is removed from the configuration.",
				Optional:            true,
				Validators:          []validator.String{tfkit.Name()},
			},
			"description": schema.StringAttribute{
				MarkdownDescription: "What the rule is for. Changed in place, and removed when it is removed from the configuration.",
				Optional:            true,
			},
			"enabled": schema.BoolAttribute{
				MarkdownDescription: "Whether the rule lets anybody in. Default: `true`. Changed in place.",
				Optional:            true,
				Computed:            true,
				Default:             booldefault.StaticBool(true),
			},
			"id":                                   tfkit.ComputedString("Id of the rule."),
			"workload_identity_federation_rule_id": tfkit.ComputedString("Id of the rule, the same as `id`."),
			"created_at":                           tfkit.ComputedInt64("When the rule was made, in Unix seconds."),
		},
	}
}

func (r *federationRuleResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"workload_identity_provider_id":        tfkit.IdentityAttribute("Id of the provider."),
		"workload_identity_federation_rule_id": tfkit.IdentityAttribute("Id of the rule."),
	}}
}

func (r *federationRuleResource) UpgradeState(context.Context) map[int64]resource.StateUpgrader {
	return tfkit.UpgradeForeignState(federationRuleSchema())
}

func (r *federationRuleResource) MoveState(context.Context) []resource.StateMover {
	return tfkit.MoveForeignState(federationRuleSchema(), tfkit.AsOfficial("openai_workload_identity_federation_rule"))
}

type federationRuleModel struct {
	ProviderID       types.String  `tfsdk:"workload_identity_provider_id"`
	ProjectID        types.String  `tfsdk:"project_id"`
	ServiceAccountID types.String  `tfsdk:"service_account_id"`
	Matchers         types.Dynamic `tfsdk:"attribute_matchers"`
	Scopes           types.Set     `tfsdk:"scopes"`
	Name             types.String  `tfsdk:"name"`
	Description      types.String  `tfsdk:"description"`
	Enabled          types.Bool    `tfsdk:"enabled"`
	ID               types.String  `tfsdk:"id"`
	RuleID           types.String  `tfsdk:"workload_identity_federation_rule_id"`
	CreatedAt        types.Int64   `tfsdk:"created_at"`
}

func (m *federationRuleModel) take(ctx context.Context, rule *adminapi.FederationRule, diags *diag.Diagnostics) {
	m.ProjectID = types.StringValue(rule.ProjectID)
	m.ServiceAccountID = types.StringValue(rule.ServiceAccountID)
	if !sameMatchers(m.Matchers, rule.Matchers) {
		m.Matchers = matchersValue(rule.Matchers)
	}
	m.Scopes = types.SetNull(types.StringType)
	if rule.Scopes != nil {
		m.Scopes = tfkit.StringSet(ctx, rule.Scopes, diags)
	}
	m.Name = types.StringPointerValue(rule.Name)
	m.Description = types.StringPointerValue(rule.Description)
	m.Enabled = types.BoolValue(rule.Enabled)
	m.ID = types.StringValue(rule.ID)
	m.RuleID = m.ID
	m.CreatedAt = types.Int64Value(rule.CreatedAt)
}

// wanted is the rule as configured.
func (m *federationRuleModel) wanted(ctx context.Context, diags *diag.Diagnostics) adminapi.FederationRule {
	rule := adminapi.FederationRule{
		ID: m.ID.ValueString(), ProviderID: m.ProviderID.ValueString(), ProjectID: m.ProjectID.ValueString(), ServiceAccountID: m.ServiceAccountID.ValueString(),
		Name: m.Name.ValueStringPointer(), Description: m.Description.ValueStringPointer(), Enabled: m.Enabled.ValueBool(),
	}
	diags.Append(m.Scopes.ElementsAs(ctx, &rule.Scopes, false)...)
	matchers, err := readMatchers(m.Matchers)
	if err != nil || len(matchers) == 0 {
		// Unknown when it was validated.
		diags.AddAttributeError(path.Root("attribute_matchers"), "Invalid matchers", "attribute_matchers must be an object of strings, bools and numbers that is not empty.")
	}
	rule.Matchers = matchers
	return rule
}

func (m *federationRuleModel) identity() map[string]types.String {
	return map[string]types.String{"workload_identity_provider_id": m.ProviderID, "workload_identity_federation_rule_id": m.RuleID}
}

// label names the rule in diagnostics.
func (m *federationRuleModel) label() string {
	return fmt.Sprintf("federation rule %q (%s) of workload identity provider %s", m.Name.ValueString(), m.ID.ValueString(), m.ProviderID.ValueString())
}

func (r *federationRuleResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan federationRuleModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	wanted := plan.wanted(ctx, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	made, err := r.Client.FederationRules.Create(ctx, wanted)
	if err != nil {
		tfkit.AddAPIError(&resp.Diagnostics, fmt.Sprintf("federation rule %q of workload identity provider %s", plan.Name.ValueString(), wanted.ProviderID), err)
		return
	}
	plan.take(ctx, made, &resp.Diagnostics)
	tfkit.Save(ctx, &resp.State, resp.Identity, plan, plan.identity(), &resp.Diagnostics)
}

func (r *federationRuleResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state federationRuleModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	found, err := r.get(ctx, &state)
	if tfkit.NothingRead(ctx, resp, state.identity(), state.label(), err) {
		return
	}
	state.take(ctx, found, &resp.Diagnostics)
	tfkit.Save(ctx, &resp.State, resp.Identity, state, state.identity(), &resp.Diagnostics)
}

func (r *federationRuleResource) get(ctx context.Context, state *federationRuleModel) (*adminapi.FederationRule, error) {
	r.Client.Expect(state.RuleID.ValueString(), state.CreatedAt.ValueInt64())
	return r.Client.FederationRules.Get(ctx, state.ProviderID.ValueString(), state.RuleID.ValueString())
}

func (r *federationRuleResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan federationRuleModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	wanted := plan.wanted(ctx, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	updated, err := r.Client.FederationRules.Update(ctx, wanted)
	if err != nil {
		tfkit.AddAPIError(&resp.Diagnostics, plan.label(), err)
		return
	}
	plan.take(ctx, updated, &resp.Diagnostics)
	tfkit.Save(ctx, &resp.State, resp.Identity, plan, plan.identity(), &resp.Diagnostics)
}

func (r *federationRuleResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state federationRuleModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if err := r.Client.FederationRules.Delete(ctx, state.ProviderID.ValueString(), state.RuleID.ValueString()); err != nil {
		tfkit.AddAPIError(&resp.Diagnostics, state.label(), err)
	}
}

func (r *federationRuleResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	tfkit.Import(ctx, req, resp, "workload_identity_provider_id", "workload_identity_federation_rule_id")
}
