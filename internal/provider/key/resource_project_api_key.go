package key

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/boolplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/int64planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/openai/openai-go/v3"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

var (
	_ resource.ResourceWithConfigure    = (*apiKeyResource)(nil)
	_ resource.ResourceWithModifyPlan   = (*apiKeyResource)(nil)
	_ resource.ResourceWithImportState  = (*apiKeyResource)(nil)
	_ resource.ResourceWithIdentity     = (*apiKeyResource)(nil)
	_ resource.ResourceWithUpgradeState = (*apiKeyResource)(nil)
)

// longestLife is the longest life of a key, in seconds.
const longestLife = 31_536_000

// The states of a key.
const (
	statusActive  = "active"
	statusExpired = "expired"
)

type apiKeyResource struct{ tfkit.Resource }

func newAPIKeyResource() resource.Resource { return &apiKeyResource{} }

func (r *apiKeyResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_project_api_key"
}

func (r *apiKeyResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = apiKeySchema()
}

func apiKeySchema() schema.Schema {
	return schema.Schema{
		Version: tfkit.SchemaVersion,
		MarkdownDescription: "An API key of a project, owned by one of its service accounts. The API gives the secret once, at creation, and this resource keeps it in `value`.\n\n" +
			"~> **The secret is in the Terraform state**, in plain text. Protect the state, or encrypt it. " +
			"After an import the secret is not known: `value` is null and `secret_available` is false.\n\n" +
			"Destroying the resource revokes the key at once. A key that has expired is planned to be replaced.",
		Attributes: map[string]schema.Attribute{
			"project_id":         tfkit.ParentID("Id of the project (`proj_…`) that the key opens."),
			"service_account_id": tfkit.ParentID("Id of the service account that owns the key."),
			"name": schema.StringAttribute{
				MarkdownDescription: "Name of the key, best that of the service that uses it. The API cannot rename keys: changing it replaces the key.",
				Required:            true,
				Validators:          []validator.String{tfkit.Name()},
				PlanModifiers:       []planmodifier.String{stringplanmodifier.RequiresReplace()},
			},
			"scopes": schema.SetAttribute{
				MarkdownDescription: "What the key may be used for, for example `api.all.read` or `model.request`. Default: everything that the service account may do. Changed in place; " +
					"removing it from the configuration gives the key all permissions of its account. The API never tells the scopes of a key, so that a change made elsewhere cannot be seen.",
				ElementType: types.StringType,
				Optional:    true,
				Validators: []validator.Set{
					noEmptyScopes{},
					setvalidator.ValueStringsAre(tfkit.Name()),
				},
			},
			"expires_in_seconds": schema.Int64Attribute{
				MarkdownDescription: "Life of the key in seconds, from 1 to 31536000 (365 days), counted from its creation or from the last change of this attribute. Default: the key does not expire. " +
					"Changed in place; the API cannot take an expiry away, so removing it from the configuration replaces the key.",
				Optional:   true,
				Validators: []validator.Int64{int64validator.Between(1, longestLife)},
				PlanModifiers: []planmodifier.Int64{
					int64planmodifier.RequiresReplaceIf(func(_ context.Context, req planmodifier.Int64Request, resp *int64planmodifier.RequiresReplaceIfFuncResponse) {
						resp.RequiresReplace = req.PlanValue.IsNull()
					}, "An expiry can be moved but not taken away.", "An expiry can be moved but not taken away."),
				},
			},
			"id":         tfkit.ComputedString("Id of the key (`key_…`)."),
			"api_key_id": tfkit.ComputedString("Id of the key, the same as `id`."),
			"created_at": tfkit.ComputedInt64("When the key was created, in Unix seconds."),
			"expires_at": tfkit.ComputedInt64("When the key expires, in Unix seconds; null when it does not."),
			"status":     tfkit.ComputedString("`active`, or `expired`, which replaces the key."),
			"value": schema.StringAttribute{
				MarkdownDescription: "The secret of the key (`sk-…`); null after an import.",
				Computed:            true,
				Sensitive:           true,
				PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
			"secret_available": schema.BoolAttribute{
				MarkdownDescription: "Whether `value` is known: true for a key that Terraform created, false for an imported one.",
				Computed:            true,
				PlanModifiers:       []planmodifier.Bool{boolplanmodifier.UseStateForUnknown()},
			},
		},
	}
}

// noEmptyScopes refuses an empty set, which the API takes for all permissions.
type noEmptyScopes struct{}

func (noEmptyScopes) Description(context.Context) string { return "at least one scope" }

func (v noEmptyScopes) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (noEmptyScopes) ValidateSet(_ context.Context, req validator.SetRequest, resp *validator.SetResponse) {
	if !req.ConfigValue.IsNull() && !req.ConfigValue.IsUnknown() && len(req.ConfigValue.Elements()) == 0 {
		resp.Diagnostics.AddAttributeError(req.Path, "No scopes", fmt.Sprintf(
			"%s must not be empty: the API takes an empty set for all permissions. Leave it out if the key shall have them.", req.Path))
	}
}

func (r *apiKeyResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"project_id": tfkit.IdentityAttribute("Id of the project."),
		"api_key_id": tfkit.IdentityAttribute("Id of the key."),
	}}
}

func (r *apiKeyResource) UpgradeState(context.Context) map[int64]resource.StateUpgrader {
	return tfkit.UpgradeForeignState(apiKeySchema())
}

type apiKeyModel struct {
	ProjectID        types.String `tfsdk:"project_id"`
	ServiceAccountID types.String `tfsdk:"service_account_id"`
	Name             types.String `tfsdk:"name"`
	Scopes           types.Set    `tfsdk:"scopes"`
	ExpiresInSeconds types.Int64  `tfsdk:"expires_in_seconds"`
	ID               types.String `tfsdk:"id"`
	APIKeyID         types.String `tfsdk:"api_key_id"`
	CreatedAt        types.Int64  `tfsdk:"created_at"`
	ExpiresAt        types.Int64  `tfsdk:"expires_at"`
	Status           types.String `tfsdk:"status"`
	Value            types.String `tfsdk:"value"`
	SecretAvailable  types.Bool   `tfsdk:"secret_available"`
}

// takeNew copies the answer to a creation, with its secret.
func (m *apiKeyModel) takeNew(key *adminapi.NewAPIKey) {
	m.ID = types.StringValue(key.ID)
	m.APIKeyID = m.ID
	m.CreatedAt = tfkit.Int64(key.CreatedAt, key.JSON.CreatedAt)
	m.ExpiresAt = tfkit.Int64(key.ExpiresAt, key.JSON.ExpiresAt)
	m.Status = types.StringValue(statusActive)
	m.Value = types.StringValue(key.Value)
	m.SecretAvailable = types.BoolValue(true)
}

// take copies what a key tells of itself later. Scopes and secret are not
// among it.
func (m *apiKeyModel) take(key *openai.ProjectAPIKey, now int64) {
	m.ServiceAccountID = types.StringValue(key.Owner.ServiceAccount.ID)
	m.Name = tfkit.String(key.Name, key.JSON.Name)
	m.ID = types.StringValue(key.ID)
	m.APIKeyID = m.ID
	m.CreatedAt = tfkit.Int64(key.CreatedAt, key.JSON.CreatedAt)
	m.ExpiresAt = tfkit.Int64(key.ExpiresAt, key.JSON.ExpiresAt)
	m.Status = types.StringValue(status(key, now))
	m.SecretAvailable = types.BoolValue(!m.Value.IsNull())
}

func status(key *openai.ProjectAPIKey, now int64) string {
	if key.JSON.ExpiresAt.Valid() && key.ExpiresAt <= now {
		return statusExpired
	}
	return statusActive
}

// withoutID is the key while its creation is pending.
func (m apiKeyModel) withoutID() apiKeyModel {
	m.ID, m.APIKeyID, m.Status, m.Value = types.StringNull(), types.StringNull(), types.StringNull(), types.StringNull()
	m.CreatedAt, m.ExpiresAt, m.SecretAvailable = types.Int64Null(), types.Int64Null(), types.BoolValue(false)
	return m
}

func (m *apiKeyModel) identity() map[string]types.String {
	return map[string]types.String{"project_id": m.ProjectID, "api_key_id": m.APIKeyID}
}

// label names the key in diagnostics.
func (m *apiKeyModel) label() string {
	return fmt.Sprintf("API key %q (%s) of project %s", m.Name.ValueString(), m.ID.ValueString(), m.ProjectID.ValueString())
}

// ModifyPlan plans what follows from the state of the key: an expired one is
// replaced, and a new life gives a new end.
func (r *apiKeyResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	adviseOnExpiry(ctx, r.Client, req, resp)
	if req.Plan.Raw.IsNull() || req.State.Raw.IsNull() {
		return
	}
	var plan, state apiKeyModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if state.Status.ValueString() == statusExpired {
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("status"), types.StringUnknown())...)
		resp.RequiresReplace = append(resp.RequiresReplace, path.Root("status"))
		return
	}
	if !plan.ExpiresInSeconds.Equal(state.ExpiresInSeconds) {
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("expires_at"), types.Int64Unknown())...)
	}
}

// scopes returns the planned scopes, nil when there are none.
func (m *apiKeyModel) scopes(ctx context.Context, diags *diag.Diagnostics) []string {
	var scopes []string
	diags.Append(m.Scopes.ElementsAs(ctx, &scopes, false)...)
	return scopes
}

func (r *apiKeyResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan apiKeyModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	params := openai.AdminOrganizationProjectServiceAccountAPIKeyNewParams{
		Name:   openai.String(plan.Name.ValueString()),
		Scopes: plan.scopes(ctx, &resp.Diagnostics),
	}
	if !plan.ExpiresInSeconds.IsNull() {
		params.ExpiresInSeconds = openai.Int(plan.ExpiresInSeconds.ValueInt64())
	}
	if resp.Diagnostics.HasError() {
		return
	}
	key, err := r.Client.APIKeys.Create(ctx, plan.ProjectID.ValueString(), plan.ServiceAccountID.ValueString(), params)
	if err != nil {
		tfkit.AddAPIError(&resp.Diagnostics, fmt.Sprintf("API key %q of project %s", plan.Name.ValueString(), plan.ProjectID.ValueString()), err)
		if pending := adminapi.PendingCreation(err); pending != nil {
			resp.Diagnostics.Append(resp.State.Set(ctx, plan.withoutID())...)
			tfkit.SavePending(ctx, resp.Private, pending, &resp.Diagnostics)
		}
		return
	}
	plan.takeNew(key)
	tfkit.Save(ctx, &resp.State, resp.Identity, plan, plan.identity(), &resp.Diagnostics)
}

func (r *apiKeyResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state apiKeyModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if state.APIKeyID.IsNull() {
		// Nobody knows the secret of a key whose creation is pending.
		if r.revokePending(ctx, &state, req.Private, &resp.Diagnostics) {
			tfkit.Gone(ctx, resp, state.identity())
		}
		return
	}
	r.Client.Expect(state.APIKeyID.ValueString(), state.CreatedAt.ValueInt64())
	key, err := r.Client.APIKeys.Get(ctx, state.ProjectID.ValueString(), state.APIKeyID.ValueString())
	if adminapi.IsGone(err) {
		tfkit.Gone(ctx, resp, state.identity())
		return
	}
	if err != nil {
		tfkit.AddAPIError(&resp.Diagnostics, state.label(), err)
		return
	}
	if !key.Owner.JSON.ServiceAccount.Valid() {
		resp.Diagnostics.AddError("Not a key of a service account", fmt.Sprintf(
			"Key %s of project %s belongs to a person (%s). Only keys of service accounts can be managed: make one, and revoke this key once nobody uses it.",
			key.ID, state.ProjectID.ValueString(), key.Owner.User.Name))
		return
	}
	state.take(key, r.Client.Now().Unix())
	tfkit.Save(ctx, &resp.State, resp.Identity, state, state.identity(), &resp.Diagnostics)
}

// revokePending removes what a pending creation may have made.
func (r *apiKeyResource) revokePending(ctx context.Context, state *apiKeyModel, private tfkit.PrivateReader, diags *diag.Diagnostics) (done bool) {
	pending := tfkit.ReadPending(ctx, private, diags)
	err := r.Client.APIKeys.Resolve(ctx, state.ProjectID.ValueString(), state.ServiceAccountID.ValueString(), state.Name.ValueString(), pending)
	if err != nil && !adminapi.IsGone(err) {
		tfkit.AddAPIError(diags, state.label(), err)
		return false
	}
	return true
}

func (r *apiKeyResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state apiKeyModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	var params openai.AdminOrganizationProjectAPIKeyUpdateParams
	if !plan.Scopes.Equal(state.Scopes) {
		params.Scopes = plan.scopes(ctx, &resp.Diagnostics)
		if params.Scopes == nil {
			params.Scopes = []string{} // all permissions
		}
	}
	if !plan.ExpiresInSeconds.Equal(state.ExpiresInSeconds) {
		params.ExpiresInSeconds = plan.ExpiresInSeconds.ValueInt64()
	}
	if resp.Diagnostics.HasError() {
		return
	}
	key, err := r.Client.APIKeys.Update(ctx, state.ProjectID.ValueString(), state.ID.ValueString(), params)
	if err != nil {
		tfkit.AddAPIError(&resp.Diagnostics, state.label(), err)
		return
	}
	if plan.ExpiresAt.IsUnknown() {
		plan.ExpiresAt = tfkit.Int64(key.ExpiresAt, key.JSON.ExpiresAt)
	}
	tfkit.Save(ctx, &resp.State, resp.Identity, plan, plan.identity(), &resp.Diagnostics)
}

func (r *apiKeyResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state apiKeyModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if state.APIKeyID.IsNull() {
		r.revokePending(ctx, &state, req.Private, &resp.Diagnostics)
		return
	}
	if err := r.Client.APIKeys.Delete(ctx, state.ProjectID.ValueString(), state.ID.ValueString()); err != nil {
		tfkit.AddAPIError(&resp.Diagnostics, state.label(), err)
	}
}

func (r *apiKeyResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	tfkit.Import(ctx, req, resp, "project_id", "api_key_id")
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.AddWarning("The key is imported without its secret",
			"The API gives a secret once, at creation. value stays null and secret_available is false. To have the secret in Terraform, replace the key: terraform apply -replace=ADDRESS.")
	}
}
