package workloadidentity

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/mapvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
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

func identityProvider() lifecycle.Object[*identityProviderModel] {
	return lifecycle.Object[*identityProviderModel]{
		Core: lifecycle.Core[*identityProviderModel]{
			Type:     "workload_identity_provider",
			Schema:   identityProviderSchema,
			Identity: []lifecycle.Identifier{{Name: "workload_identity_provider_id", Description: "Id of the provider."}},
			Paths: func(object lifecycle.Values) lifecycle.Paths {
				return lifecycle.Named(object.Path("/organization/workload_identity_providers/{workload_identity_provider_id}"))
			},
			Label:  (*identityProviderModel).label,
			Legacy: lifecycle.AsOfficial("openai_workload_identity_provider"),
			Read:   readIdentityProvider,
			Delete: func(ctx context.Context, call *lifecycle.Call[*identityProviderModel]) error {
				return call.Client.IdentityProviders.Delete(ctx, call.State.ProviderID.ValueString())
			},
			List: lifecycle.ListOrganization("The workload identity providers of the organization.", "the workload identity providers",
				listIdentityProviders, listedIdentityProvider),
		},
		Create:  writeIdentityProvider,
		Update:  writeIdentityProvider,
		Orphans: identityProviderOrphans,
	}
}

func identityProviderSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "An issuer of OpenID Connect tokens that the organization trusts, such as GitHub Actions, a Kubernetes cluster or an AWS account. " +
			"Workloads exchange these tokens for short-lived access to the API, **without any API key**.\n\n" +
			"A provider alone gives no access: `openai_workload_identity_federation_rule` says which tokens may act as which service account. " +
			"An organization can have 50 providers. The API removes a provider only when it has no rules.",
		Attributes: map[string]schema.Attribute{
			"name": schema.StringAttribute{
				MarkdownDescription: "Name of the provider, unique in the organization. Changed in place.",
				Required:            true,
				PlanModifiers:       []planmodifier.String{tfkit.NewName()},
			},
			"issuer": schema.StringAttribute{
				MarkdownDescription: "Issuer of the tokens (`iss`): an HTTPS URL such as `https://token.actions.githubusercontent.com`. A slash at the end makes no difference. Changed in place.",
				Required:            true,
				Validators:          []validator.String{issuer()},
			},
			"audience": schema.StringAttribute{
				MarkdownDescription: "Audience that tokens must have been made for (`aud`), such as `https://api.openai.com/v1`. Changed in place.",
				Required:            true,
				Validators:          []validator.String{audience()},
			},
			"description": schema.StringAttribute{
				MarkdownDescription: "What the provider is for. Changed in place, and removed when it is removed from the configuration.",
				Optional:            true,
			},
			"enabled": schema.BoolAttribute{
				MarkdownDescription: "Whether tokens of this issuer are accepted. Default: `true`. Changed in place.",
				Optional:            true,
				Computed:            true,
				Default:             booldefault.StaticBool(true),
			},
			"attribute_transformations": schema.MapAttribute{
				MarkdownDescription: "Attributes for rules to match, 20 at most: for each name, which begins with `openai.`, a CEL expression over the claims, such as `assertion.repository`. Rules match claims of the token without a transformation. Changed in place.",
				ElementType:         types.StringType,
				Optional:            true,
				Validators: []validator.Map{
					mapvalidator.SizeBetween(1, 20),
					mapvalidator.KeysAre(stringvalidator.LengthBetween(1, 256), ownAttribute{}),
					mapvalidator.ValueStringsAre(stringvalidator.LengthBetween(1, 4096)),
				},
			},
			"discovery_url": schema.StringAttribute{
				MarkdownDescription: "Where OpenAI finds the keys of the issuer: a public HTTPS URL without credentials, port, query or fragment. Default: the place that the issuer implies, unless `jwks` is set. Changed in place.",
				Optional:            true,
				Validators:          []validator.String{discoveryURL(), stringvalidator.ConflictsWith(path.MatchRoot("jwks"))},
			},
			"jwks": schema.StringAttribute{
				MarkdownDescription: "Public keys of an issuer that OpenAI cannot reach, as a JSON Web Key Set; each key has a unique `kid`. Layout makes no difference. Changed in place.",
				Optional:            true,
				Validators:          []validator.String{keySet()},
				PlanModifiers:       []planmodifier.String{tfkit.KeepSame("The same keys in another layout are no change.", sameJSON)},
			},
			"id":                            tfkit.ComputedString("Id of the provider."),
			"workload_identity_provider_id": tfkit.ComputedString("Id of the provider, the same as `id`. Workloads name it when they exchange their token."),
			"created_at":                    tfkit.ComputedInt64("When the provider was registered, in Unix seconds."),
		},
	}
}

type identityProviderModel struct {
	Name            types.String `tfsdk:"name"`
	Issuer          types.String `tfsdk:"issuer"`
	Audience        types.String `tfsdk:"audience"`
	Description     types.String `tfsdk:"description"`
	Enabled         types.Bool   `tfsdk:"enabled"`
	Transformations types.Map    `tfsdk:"attribute_transformations"`
	DiscoveryURL    types.String `tfsdk:"discovery_url"`
	JWKS            types.String `tfsdk:"jwks"`
	ID              types.String `tfsdk:"id"`
	ProviderID      types.String `tfsdk:"workload_identity_provider_id"`
	CreatedAt       types.Int64  `tfsdk:"created_at"`
}

// label names the provider in diagnostics.
func (m *identityProviderModel) label() string {
	return lifecycle.Label("workload identity provider", m.Name.ValueString(), m.ID.ValueString())
}

func (m *identityProviderModel) flatten(ctx context.Context, p *adminapi.IdentityProvider, diags *diag.Diagnostics) {
	m.Name = types.StringValue(p.Name)
	m.Issuer = types.StringValue(p.Issuer)
	m.Audience = types.StringValue(p.Audience)
	m.Description = types.StringPointerValue(p.Description)
	m.Enabled = types.BoolValue(p.Enabled)
	m.Transformations = types.MapNull(types.StringType)
	if len(p.Transformations) > 0 {
		transformations, problems := types.MapValueFrom(ctx, types.StringType, p.Transformations)
		diags.Append(problems...)
		m.Transformations = transformations
	}
	m.DiscoveryURL = types.StringPointerValue(p.DiscoveryURL)
	switch {
	case p.JWKS == "":
		m.JWKS = types.StringNull()
	case !sameJSON(m.JWKS.ValueString(), p.JWKS):
		m.JWKS = types.StringValue(p.JWKS)
	}
	m.ID = types.StringValue(p.ID)
	m.ProviderID = m.ID
	m.CreatedAt = types.Int64Value(p.CreatedAt)
}

// expand returns the provider as configured.
func (m *identityProviderModel) expand(ctx context.Context, diags *diag.Diagnostics) adminapi.IdentityProvider {
	p := adminapi.IdentityProvider{
		ID: m.ID.ValueString(), Name: m.Name.ValueString(), Issuer: m.Issuer.ValueString(), Audience: m.Audience.ValueString(),
		Description: m.Description.ValueStringPointer(), Enabled: m.Enabled.ValueBool(),
		DiscoveryURL: m.DiscoveryURL.ValueStringPointer(), JWKS: m.JWKS.ValueString(),
	}
	diags.Append(m.Transformations.ElementsAs(ctx, &p.Transformations, false)...)
	return p
}

func writeIdentityProvider(ctx context.Context, call *lifecycle.Call[*identityProviderModel]) error {
	planned := call.Plan.expand(ctx, call.Diags)
	if call.Diags.HasError() {
		return nil
	}
	send := call.Client.IdentityProviders.Create
	if call.HasState() {
		send = call.Client.IdentityProviders.Update
	}
	written, err := send(ctx, planned)
	if err == nil {
		call.Plan.flatten(ctx, written, call.Diags)
	}
	return err
}

func readIdentityProvider(ctx context.Context, call *lifecycle.Call[*identityProviderModel]) error {
	found, err := call.Client.IdentityProviders.Get(ctx, call.State.ProviderID.ValueString())
	if err == nil {
		call.State.flatten(ctx, found, call.Diags)
	}
	return err
}

// identityProviderOrphans searches for providers with the same name, issuer and
// audience.
func identityProviderOrphans(_ context.Context, call *lifecycle.Call[*identityProviderModel]) *lifecycle.OrphanSearch {
	if !call.Knows("name", "issuer", "audience") {
		return nil
	}
	planned := adminapi.IdentityProvider{Name: call.Plan.Name.ValueString(), Issuer: call.Plan.Issuer.ValueString(), Audience: call.Plan.Audience.ValueString()}
	return &lifecycle.OrphanSearch{
		Object: call.Plan.label(),
		Find: func(ctx context.Context) ([]string, error) {
			return call.Client.IdentityProviders.Orphans(ctx, planned)
		},
	}
}

func listIdentityProviders(ctx context.Context, client *adminapi.Client) ([]adminapi.IdentityProvider, error) {
	return client.IdentityProviders.List(ctx)
}

func listedIdentityProvider(ctx context.Context, provider *adminapi.IdentityProvider, diags *diag.Diagnostics) (string, *identityProviderModel) {
	var m identityProviderModel
	m.flatten(ctx, provider, diags)
	return provider.Name, &m
}
