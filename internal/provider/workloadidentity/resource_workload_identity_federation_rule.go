package workloadidentity

import (
	"cmp"
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

func federationRule() lifecycle.Object[*federationRuleModel] {
	return lifecycle.Object[*federationRuleModel]{
		Core: lifecycle.Core[*federationRuleModel]{
			Type:   "workload_identity_federation_rule",
			Schema: federationRuleSchema,
			Identity: []lifecycle.Identifier{
				{Name: "workload_identity_provider_id", Description: "Id of the provider."},
				{Name: "workload_identity_federation_rule_id", Description: "Id of the rule."},
			},
			Paths: func(object lifecycle.Values) lifecycle.Paths {
				return lifecycle.Named(object.Path("/organization/workload_identity_providers/{workload_identity_provider_id}/federation_rules/{workload_identity_federation_rule_id}"))
			},
			Label:     (*federationRuleModel).label,
			Unaudited: "The log calls rules mappings, and does not say whether they are the same.",
			Legacy:    lifecycle.AsOfficial("openai_workload_identity_federation_rule"),
			Read:      readFederationRule,
			Delete: func(ctx context.Context, call *lifecycle.Call[*federationRuleModel]) error {
				return call.Client.FederationRules.Delete(ctx, call.State.ProviderID.ValueString(), call.State.RuleID.ValueString())
			},
			List: lifecycle.ListWithin("The rules of the workload identity providers, with one request for each provider.", "the federation rules",
				listIdentityProviders, listFederationRules, listedFederationRule),
		},
		Create:  writeFederationRule,
		Update:  writeFederationRule,
		Orphans: federationRuleOrphans,
	}
}

func federationRuleSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "Lets workloads act as a service account: those whose token, issued by a provider that the organization trusts, has certain attributes. " +
			"The access that they get is short-lived, and there is no key to keep or to rotate.\n\n" +
			"OpenAI issues a token only if exactly one enabled rule for the provider and the service account matches, so use one rule for each pair. A provider can have 50 rules.",
		Attributes: map[string]schema.Attribute{
			"workload_identity_provider_id": tfkit.ParentID("Id of the provider that issues the tokens."),
			"project_id":                    tfkit.ParentID("Id of the project of the service account (`proj_…`)."),
			"service_account_id":            tfkit.ParentID("Id of the service account that the workloads act as."),
			"attribute_matchers": schema.DynamicAttribute{
				MarkdownDescription: "Attributes that a token must have, all of them, with these values: an object of strings, bools and numbers, for example `{ repository = \"acme/shop\", ref = \"refs/heads/main\" }`. " +
					"A string can end with one wildcard, such as `acme/*`; `*` alone is invalid. A key that begins with `openai.` names an attribute transformation of the provider, other keys name claims. Values are compared as strings. " +
					"Name something that only the intended workload has: with the organization alone, every repository in it would match. Changed in place.",
				Required:      true,
				Validators:    []validator.Dynamic{matcherRules{}},
				PlanModifiers: []planmodifier.Dynamic{keepMatchers{}},
			},
			"scopes": schema.SetAttribute{
				MarkdownDescription: "Permission scopes of the tokens, for example `api.responses.write`. The API refuses `api.management.*`. See [scopes and permissions](../guides/scopes-and-permissions.md). Default: all permissions of the service account. Changed in place.",
				ElementType:         types.StringType,
				Optional:            true,
				Validators:          []validator.Set{setvalidator.SizeAtLeast(1), setvalidator.ValueStringsAre(tfkit.Name(), tfkit.Permission(), noAdministration())},
			},
			"name": schema.StringAttribute{
				MarkdownDescription: "Name of the rule, unique for the provider. Changed in place, and removed when it is removed from the configuration.",
				Optional:            true,
				PlanModifiers:       []planmodifier.String{tfkit.NewName()},
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

// label names the rule in diagnostics.
func (m *federationRuleModel) label() string {
	return lifecycle.Label("federation rule", m.Name.ValueString(), m.ID.ValueString()) + " of workload identity provider " + m.ProviderID.ValueString()
}

func (m *federationRuleModel) flatten(ctx context.Context, rule *adminapi.FederationRule, diags *diag.Diagnostics) {
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

// expand returns the rule as configured.
func (m *federationRuleModel) expand(ctx context.Context, diags *diag.Diagnostics) adminapi.FederationRule {
	rule := adminapi.FederationRule{
		ID: m.ID.ValueString(), ProviderID: m.ProviderID.ValueString(), ProjectID: m.ProjectID.ValueString(), ServiceAccountID: m.ServiceAccountID.ValueString(),
		Name: m.Name.ValueStringPointer(), Description: m.Description.ValueStringPointer(), Enabled: m.Enabled.ValueBool(),
		Scopes: tfkit.Strings(ctx, m.Scopes, diags),
	}
	matchers, err := readMatchers(m.Matchers)
	if err != nil || len(matchers) == 0 {
		// Unknown when it was validated.
		diags.AddAttributeError(path.Root("attribute_matchers"), "Invalid matchers", "attribute_matchers must be an object of strings, bools and numbers that is not empty.")
	}
	if problem := wildcardProblem(matchers); problem != "" {
		diags.AddAttributeError(path.Root("attribute_matchers"), "Invalid matchers", "attribute_matchers "+problem+".")
	}
	rule.Matchers = matchers
	return rule
}

func writeFederationRule(ctx context.Context, call *lifecycle.Call[*federationRuleModel]) error {
	planned := call.Plan.expand(ctx, call.Diags)
	if call.Diags.HasError() {
		return nil
	}
	send := call.Client.FederationRules.Create
	if call.HasState() {
		send = call.Client.FederationRules.Update
	}
	written, err := send(ctx, planned)
	if err == nil {
		call.Plan.flatten(ctx, written, call.Diags)
	}
	return err
}

func readFederationRule(ctx context.Context, call *lifecycle.Call[*federationRuleModel]) error {
	found, err := call.Client.FederationRules.Get(ctx, call.State.ProviderID.ValueString(), call.State.RuleID.ValueString())
	if err == nil {
		call.State.flatten(ctx, found, call.Diags)
	}
	return err
}

// federationRuleOrphans searches for rules of the provider with the same
// account, name and matchers.
func federationRuleOrphans(_ context.Context, call *lifecycle.Call[*federationRuleModel]) *lifecycle.OrphanSearch {
	if !call.Knows("workload_identity_provider_id", "service_account_id", "name", "attribute_matchers") {
		return nil
	}
	matchers, err := readMatchers(call.Plan.Matchers)
	if err != nil {
		return nil // the create reports it
	}
	planned := adminapi.FederationRule{
		ProviderID: call.Plan.ProviderID.ValueString(), ServiceAccountID: call.Plan.ServiceAccountID.ValueString(), Name: call.Plan.Name.ValueStringPointer(), Matchers: matchers,
	}
	return &lifecycle.OrphanSearch{
		Object:  fmt.Sprintf("federation rule %q for service account %s of workload identity provider %s", call.Plan.Name.ValueString(), planned.ServiceAccountID, planned.ProviderID),
		Parents: []string{planned.ProviderID, planned.ServiceAccountID}, ImportPrefix: planned.ProviderID + "/",
		Find: func(ctx context.Context) ([]string, error) {
			return call.Client.FederationRules.Orphans(ctx, planned)
		},
	}
}

func listFederationRules(ctx context.Context, client *adminapi.Client, provider *adminapi.IdentityProvider) ([]adminapi.FederationRule, error) {
	return client.FederationRules.List(ctx, provider.ID)
}

func listedFederationRule(ctx context.Context, provider *adminapi.IdentityProvider, rule *adminapi.FederationRule, diags *diag.Diagnostics) (string, *federationRuleModel) {
	m := federationRuleModel{ProviderID: types.StringValue(provider.ID)}
	m.flatten(ctx, rule, diags)
	return cmp.Or(m.Name.ValueString(), rule.ID) + " of " + provider.Name, &m
}
