package trust

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/mapvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
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
	_ resource.ResourceWithConfigure    = (*identityProviderResource)(nil)
	_ resource.ResourceWithImportState  = (*identityProviderResource)(nil)
	_ resource.ResourceWithIdentity     = (*identityProviderResource)(nil)
	_ resource.ResourceWithUpgradeState = (*identityProviderResource)(nil)
	_ resource.ResourceWithMoveState    = (*identityProviderResource)(nil)
)

type identityProviderResource struct{ tfkit.Resource }

func newIdentityProviderResource() resource.Resource { return &identityProviderResource{} }

func (r *identityProviderResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_workload_identity_provider"
}

func (r *identityProviderResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = identityProviderSchema()
}

func identityProviderSchema() schema.Schema {
	return schema.Schema{
		Version: tfkit.SchemaVersion,
		MarkdownDescription: "An issuer of OpenID Connect tokens that the organisation trusts, such as GitHub Actions, a Kubernetes cluster or an AWS account. " +
			"Workloads exchange these tokens for short-lived access to the API, **without any API key**.\n\n" +
			"A provider alone gives nobody access: `openai_workload_identity_federation_rule` says which tokens may act as which service account. " +
			"An organisation can have 50 providers. The API removes a provider only when it has no rules.",
		Attributes: map[string]schema.Attribute{
			"name": schema.StringAttribute{
				MarkdownDescription: "Name of the provider. Changed in place.",
				Required:            true,
				Validators:          []validator.String{tfkit.Name()},
			},
			"issuer": schema.StringAttribute{
				MarkdownDescription: "Issuer of the tokens (`iss`), letter by letter: an HTTPS URL such as `https://token.actions.githubusercontent.com`. Changed in place.",
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
				MarkdownDescription: "Attributes made out of what a token says, for rules to match: an expression for each attribute, 20 at most. Without any, rules match the claims of the token. Changed in place.",
				ElementType:         types.StringType,
				Optional:            true,
				Validators: []validator.Map{
					mapvalidator.SizeBetween(1, 20),
					mapvalidator.KeysAre(stringvalidator.LengthBetween(1, 256)),
					mapvalidator.ValueStringsAre(stringvalidator.LengthBetween(1, 4096)),
				},
			},
			"discovery_url": schema.StringAttribute{
				MarkdownDescription: "Where OpenAI finds the keys of the issuer. Default: the place that the issuer implies, unless `jwks` is set. Changed in place.",
				Optional:            true,
				Validators:          []validator.String{httpsURL(), stringvalidator.ConflictsWith(path.MatchRoot("jwks"))},
			},
			"jwks": schema.StringAttribute{
				MarkdownDescription: "Public keys of an issuer that OpenAI cannot reach, as a JSON Web Key Set. Layout makes no difference. Changed in place.",
				Optional:            true,
				Validators:          []validator.String{keySet()},
				PlanModifiers:       []planmodifier.String{tfkit.KeepSame("The same keys in another layout are no change.", sameJSON)},
			},
			"id":                            tfkit.ComputedString("Id of the provider (`wip_…`)."),
			"workload_identity_provider_id": tfkit.ComputedString("Id of the provider, the same as `id`. Workloads name it when they exchange their token."),
			"created_at":                    tfkit.ComputedInt64("When the provider was registered, in Unix seconds."),
		},
	}
}

func (r *identityProviderResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"workload_identity_provider_id": tfkit.IdentityAttribute("Id of the provider."),
	}}
}

func (r *identityProviderResource) UpgradeState(context.Context) map[int64]resource.StateUpgrader {
	return tfkit.UpgradeForeignState(identityProviderSchema())
}

func (r *identityProviderResource) MoveState(context.Context) []resource.StateMover {
	return tfkit.MoveForeignState(identityProviderSchema(), tfkit.AsOfficial("openai_workload_identity_provider"))
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

func (m *identityProviderModel) take(ctx context.Context, p *adminapi.IdentityProvider, diags *diag.Diagnostics) {
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

// wanted is the provider as configured.
func (m *identityProviderModel) wanted(ctx context.Context, diags *diag.Diagnostics) adminapi.IdentityProvider {
	p := adminapi.IdentityProvider{
		ID: m.ID.ValueString(), Name: m.Name.ValueString(), Issuer: m.Issuer.ValueString(), Audience: m.Audience.ValueString(),
		Description: m.Description.ValueStringPointer(), Enabled: m.Enabled.ValueBool(),
		DiscoveryURL: m.DiscoveryURL.ValueStringPointer(), JWKS: m.JWKS.ValueString(),
	}
	diags.Append(m.Transformations.ElementsAs(ctx, &p.Transformations, false)...)
	return p
}

func (m *identityProviderModel) identity() map[string]types.String {
	return map[string]types.String{"workload_identity_provider_id": m.ProviderID}
}

// label names the provider in diagnostics.
func (m *identityProviderModel) label() string {
	return fmt.Sprintf("workload identity provider %q (%s)", m.Name.ValueString(), m.ID.ValueString())
}

func (r *identityProviderResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan identityProviderModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	wanted := plan.wanted(ctx, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	made, err := r.Client.IdentityProviders.Create(ctx, wanted)
	if err != nil {
		tfkit.AddAPIError(&resp.Diagnostics, fmt.Sprintf("workload identity provider %q", wanted.Name), err)
		return
	}
	plan.take(ctx, made, &resp.Diagnostics)
	tfkit.Save(ctx, &resp.State, resp.Identity, plan, plan.identity(), &resp.Diagnostics)
}

func (r *identityProviderResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state identityProviderModel
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

func (r *identityProviderResource) get(ctx context.Context, state *identityProviderModel) (*adminapi.IdentityProvider, error) {
	r.Client.Expect(state.ProviderID.ValueString(), state.CreatedAt.ValueInt64())
	return r.Client.IdentityProviders.Get(ctx, state.ProviderID.ValueString())
}

func (r *identityProviderResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan identityProviderModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	wanted := plan.wanted(ctx, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	updated, err := r.Client.IdentityProviders.Update(ctx, wanted)
	if err != nil {
		tfkit.AddAPIError(&resp.Diagnostics, plan.label(), err)
		return
	}
	plan.take(ctx, updated, &resp.Diagnostics)
	tfkit.Save(ctx, &resp.State, resp.Identity, plan, plan.identity(), &resp.Diagnostics)
}

func (r *identityProviderResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state identityProviderModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if err := r.Client.IdentityProviders.Delete(ctx, state.ProviderID.ValueString()); err != nil {
		tfkit.AddAPIError(&resp.Diagnostics, state.label(), err)
	}
}

func (r *identityProviderResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	tfkit.Import(ctx, req, resp, "workload_identity_provider_id")
}
