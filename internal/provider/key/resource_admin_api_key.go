package key

import (
	"context"
	"fmt"
	"maps"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/openai/openai-go/v3"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

var (
	_ resource.ResourceWithConfigure    = (*adminKeyResource)(nil)
	_ resource.ResourceWithModifyPlan   = (*adminKeyResource)(nil)
	_ resource.ResourceWithImportState  = (*adminKeyResource)(nil)
	_ resource.ResourceWithIdentity     = (*adminKeyResource)(nil)
	_ resource.ResourceWithUpgradeState = (*adminKeyResource)(nil)
	_ resource.ResourceWithMoveState    = (*adminKeyResource)(nil)
)

type adminKeyResource struct{ tfkit.Resource }

func newAdminKeyResource() resource.Resource { return &adminKeyResource{} }

func (r *adminKeyResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_admin_api_key"
}

func (r *adminKeyResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = adminKeySchema()
}

func adminKeySchema() schema.Schema {
	const onChange = "The API cannot change an admin key: changing it replaces the key, unless it was imported, when it holds from the next replacement on."
	attributes := map[string]schema.Attribute{
		"name": schema.StringAttribute{
			MarkdownDescription: "Name of the key. The API cannot rename keys: changing it replaces the key.",
			Required:            true,
			Validators:          []validator.String{tfkit.Name()},
			PlanModifiers:       []planmodifier.String{stringplanmodifier.RequiresReplace()},
		},
		"expires_in_seconds": schema.Int64Attribute{
			MarkdownDescription: "Life of the key in seconds, from 1 to 31536000 (365 days), counted from its creation. Default: the key does not expire. " + onChange,
			Optional:            true,
			Validators:          []validator.Int64{int64validator.Between(1, longestLife)},
		},
		"id":               tfkit.ComputedString("Id of the key (`key_…`)."),
		"admin_api_key_id": tfkit.ComputedString("Id of the key, the same as `id`."),
		"created_at":       tfkit.ComputedInt64("When the key was created, in Unix seconds."),
		"expires_at":       tfkit.ComputedInt64("When the key expires, in Unix seconds; null when it does not."),
		"status":           tfkit.ComputedString("`active`, or `expired`, which replaces the key."),
	}
	maps.Copy(attributes, secretAttributes(onChange))
	return schema.Schema{
		Version: tfkit.SchemaVersion,
		MarkdownDescription: "An admin API key of the organisation, owned by whom the provider's own key belongs to. It may do everything that its owner may: give it an expiry and recipients.\n\n" +
			"~> **Without `recipients` the secret is in the Terraform state**, in plain text.\n\n" +
			"Destroying the resource revokes the key at once. For a replacement without a gap, set `create_before_destroy`. Do not manage the key that the provider itself uses.",
		Attributes: attributes,
	}
}

func (r *adminKeyResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"admin_api_key_id": tfkit.IdentityAttribute("Id of the key."),
	}}
}

func (r *adminKeyResource) UpgradeState(context.Context) map[int64]resource.StateUpgrader {
	return tfkit.UpgradeForeignState(adminKeySchema())
}

func (r *adminKeyResource) MoveState(context.Context) []resource.StateMover {
	return tfkit.MoveForeignState(adminKeySchema(), tfkit.AsOfficial("openai_admin_api_key"))
}

type adminKeyModel struct {
	Name             types.String `tfsdk:"name"`
	ExpiresInSeconds types.Int64  `tfsdk:"expires_in_seconds"`
	ID               types.String `tfsdk:"id"`
	AdminAPIKeyID    types.String `tfsdk:"admin_api_key_id"`
	CreatedAt        types.Int64  `tfsdk:"created_at"`
	ExpiresAt        types.Int64  `tfsdk:"expires_at"`
	Status           types.String `tfsdk:"status"`
	Recipients       types.Set    `tfsdk:"recipients"`
	Value            types.String `tfsdk:"value"`
	SealedValue      types.String `tfsdk:"sealed_value"`
	SecretAvailable  types.Bool   `tfsdk:"secret_available"`
}

// take copies what a key tells of itself. Its secret is not among it.
func (m *adminKeyModel) take(key *openai.AdminAPIKey, now int64) {
	m.Name = tfkit.String(key.Name, key.JSON.Name)
	m.ID = types.StringValue(key.ID)
	m.AdminAPIKeyID = m.ID
	m.CreatedAt = tfkit.Int64(key.CreatedAt, key.JSON.CreatedAt)
	m.ExpiresAt = tfkit.Int64(key.ExpiresAt, key.JSON.ExpiresAt)
	m.Status = types.StringValue(statusAt(m.ExpiresAt, now))
	m.SecretAvailable = types.BoolValue(!m.Value.IsNull() || !m.SealedValue.IsNull())
}

func (m *adminKeyModel) identity() map[string]types.String {
	return map[string]types.String{"admin_api_key_id": m.AdminAPIKeyID}
}

// label names the key in diagnostics.
func (m *adminKeyModel) label() string {
	return fmt.Sprintf("admin API key %q (%s)", m.Name.ValueString(), m.ID.ValueString())
}

// ModifyPlan replaces a key that has expired, or that cannot be changed to what
// is configured.
func (r *adminKeyResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() {
		return
	}
	var plan, state adminKeyModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if req.State.Raw.IsNull() {
		plan.Value, plan.SealedValue = planSecret(plan.Recipients)
		resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)
		return
	}
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	imported := !state.SecretAvailable.ValueBool()
	if state.Status.ValueString() == statusExpired {
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("status"), types.StringUnknown())...)
		resp.RequiresReplace.Append(path.Root("status"))
	}
	if !imported && !plan.ExpiresInSeconds.Equal(state.ExpiresInSeconds) {
		resp.RequiresReplace.Append(path.Root("expires_in_seconds"))
	}
	if !imported && !plan.Recipients.Equal(state.Recipients) {
		resp.RequiresReplace.Append(path.Root("recipients"))
	}
}

func (r *adminKeyResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan adminKeyModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	sealer := newSealer(ctx, plan.Recipients, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	label := fmt.Sprintf("admin API key %q", plan.Name.ValueString())
	params := openai.AdminOrganizationAdminAPIKeyNewParams{Name: plan.Name.ValueString()}
	if !plan.ExpiresInSeconds.IsNull() {
		params.ExpiresInSeconds = openai.Int(plan.ExpiresInSeconds.ValueInt64())
	}
	key, err := r.Client.AdminKeys.Create(ctx, params)
	if err != nil {
		addKeyError(&resp.Diagnostics, label, err)
		return
	}
	plan.Value, plan.SealedValue, err = place(sealer, key.Value)
	if err != nil {
		addNotSealed(&resp.Diagnostics, label, err, r.Client.AdminKeys.Delete(ctx, key.ID))
		return
	}
	plan.take(&key.AdminAPIKey, r.Client.Now().Unix())
	tfkit.Save(ctx, &resp.State, resp.Identity, plan, plan.identity(), &resp.Diagnostics)
}

func (r *adminKeyResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state adminKeyModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	r.Client.Expect(state.AdminAPIKeyID.ValueString(), state.CreatedAt.ValueInt64())
	key, err := r.Client.AdminKeys.Get(ctx, state.AdminAPIKeyID.ValueString())
	if adminapi.IsGone(err) {
		tfkit.RemoveGone(ctx, resp, state.identity(), err)
		return
	}
	if err != nil {
		tfkit.AddAPIError(&resp.Diagnostics, state.label(), err)
		return
	}
	state.take(key, r.Client.Now().Unix())
	tfkit.Save(ctx, &resp.State, resp.Identity, state, state.identity(), &resp.Diagnostics)
}

// Update records what holds from the next replacement on: the API changes
// nothing of an admin key.
func (r *adminKeyResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan adminKeyModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if !resp.Diagnostics.HasError() {
		tfkit.Save(ctx, &resp.State, resp.Identity, plan, plan.identity(), &resp.Diagnostics)
	}
}

func (r *adminKeyResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state adminKeyModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if err := r.Client.AdminKeys.Delete(ctx, state.AdminAPIKeyID.ValueString()); err != nil {
		tfkit.AddAPIError(&resp.Diagnostics, state.label(), err)
	}
}

func (r *adminKeyResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	tfkit.Import(ctx, req, resp, "admin_api_key_id")
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.AddWarning("The key is imported without its secret",
			"The API gives a secret once, at creation: value and sealed_value stay null, and secret_available is false. To have a secret in Terraform, replace the key: terraform apply -replace=ADDRESS.")
	}
}
