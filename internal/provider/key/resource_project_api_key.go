package key

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/openai/openai-go/v3"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

var (
	_ resource.ResourceWithConfigure      = (*apiKeyResource)(nil)
	_ resource.ResourceWithValidateConfig = (*apiKeyResource)(nil)
	_ resource.ResourceWithModifyPlan     = (*apiKeyResource)(nil)
	_ resource.ResourceWithImportState    = (*apiKeyResource)(nil)
	_ resource.ResourceWithIdentity       = (*apiKeyResource)(nil)
	_ resource.ResourceWithUpgradeState   = (*apiKeyResource)(nil)
	_ resource.ResourceWithMoveState      = (*apiKeyResource)(nil)
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
	// A rotation changes the key, and with it the identity.
	resp.ResourceBehavior.MutableIdentity = true
}

type apiKeyModel struct {
	ProjectID         types.String `tfsdk:"project_id"`
	ServiceAccountID  types.String `tfsdk:"service_account_id"`
	Name              types.String `tfsdk:"name"`
	Scopes            types.Set    `tfsdk:"scopes"`
	ExpiresInSeconds  types.Int64  `tfsdk:"expires_in_seconds"`
	ID                types.String `tfsdk:"id"`
	APIKeyID          types.String `tfsdk:"api_key_id"`
	CreatedAt         types.Int64  `tfsdk:"created_at"`
	ExpiresAt         types.Int64  `tfsdk:"expires_at"`
	Status            types.String `tfsdk:"status"`
	Recipients        types.Set    `tfsdk:"recipients"`
	Value             types.String `tfsdk:"value"`
	SealedValue       types.String `tfsdk:"sealed_value"`
	SecretAvailable   types.Bool   `tfsdk:"secret_available"`
	Rotation          types.Object `tfsdk:"rotation"`
	RotationTriggers  types.Map    `tfsdk:"rotation_triggers"`
	RotationDue       types.Bool   `tfsdk:"rotation_due"`
	RotateAt          types.Int64  `tfsdk:"rotate_at"`
	Generation        types.Int64  `tfsdk:"generation"`
	PreviousID        types.String `tfsdk:"previous_id"`
	PreviousExpiresAt types.Int64  `tfsdk:"previous_expires_at"`
	ExpiringKeys      types.Map    `tfsdk:"expiring_keys"`
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
	m.SecretAvailable = types.BoolValue(!m.Value.IsNull() || !m.SealedValue.IsNull())
	if m.Generation.IsNull() {
		m.Generation = types.Int64Value(1) // imported
	}
}

// takeScopes copies what the audit log tells of changes by others, which no
// other endpoint does.
func (m *apiKeyModel) takeScopes(ctx context.Context, changes []adminapi.Event, diags *diag.Diagnostics) {
	var last *adminapi.Event
	for i, change := range changes {
		if change.ScopesKnown && !change.Stale && (last == nil || change.At > last.At) {
			last = &changes[i]
		}
	}
	if last == nil {
		return
	}
	m.Scopes = types.SetNull(types.StringType)
	if len(last.Scopes) > 0 {
		m.Scopes = tfkit.StringSet(ctx, last.Scopes, diags)
	}
}

func status(key *openai.ProjectAPIKey, now int64) string {
	return statusAt(tfkit.Int64(key.ExpiresAt, key.JSON.ExpiresAt), now)
}

// statusAt is the status of a key that ends at this time, or never.
func statusAt(expiresAt types.Int64, now int64) string {
	if !expiresAt.IsNull() && expiresAt.ValueInt64() <= now {
		return statusExpired
	}
	return statusActive
}

func (m *apiKeyModel) identity() map[string]types.String {
	return map[string]types.String{"project_id": m.ProjectID, "api_key_id": m.APIKeyID}
}

// label names the key in diagnostics.
func (m *apiKeyModel) label() string {
	return fmt.Sprintf("API key %q (%s) of project %s", m.Name.ValueString(), m.ID.ValueString(), m.ProjectID.ValueString())
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
	if r.issue(ctx, &plan, &resp.Diagnostics) {
		tfkit.Save(ctx, &resp.State, resp.Identity, plan, plan.identity(), &resp.Diagnostics)
		r.SaveSeen(ctx, resp.Private, resp.Private, plan.APIKeyID.ValueString(), &resp.Diagnostics)
	}
}

// issue creates the planned key and copies what the API returns of it, the
// secret included.
func (r *apiKeyResource) issue(ctx context.Context, plan *apiKeyModel, diags *diag.Diagnostics) (ok bool) {
	project := plan.ProjectID.ValueString()
	label := fmt.Sprintf("API key %q of project %s", plan.Name.ValueString(), project)
	params := openai.AdminOrganizationProjectServiceAccountAPIKeyNewParams{
		Name:   openai.String(plan.Name.ValueString()),
		Scopes: plan.scopes(ctx, diags),
	}
	if !plan.ExpiresInSeconds.IsNull() {
		params.ExpiresInSeconds = openai.Int(plan.ExpiresInSeconds.ValueInt64())
	}
	sealer := newSealer(ctx, plan.Recipients, diags)
	rotation := plan.rotation(ctx, diags)
	if diags.HasError() {
		return false
	}
	key, err := r.Client.APIKeys.Create(ctx, project, plan.ServiceAccountID.ValueString(), params)
	if err != nil {
		addKeyError(diags, label, err)
		return false
	}
	plan.Value, plan.SealedValue, err = place(sealer, key.Value)
	if err != nil {
		addNotSealed(diags, label, err, r.Client.APIKeys.Delete(ctx, project, key.ID))
		return false
	}
	if key.JSON.Name.Valid() {
		plan.Name = types.StringValue(key.Name)
	}
	plan.ID = types.StringValue(key.ID)
	plan.APIKeyID = plan.ID
	plan.CreatedAt = tfkit.Int64(key.CreatedAt, key.JSON.CreatedAt)
	plan.ExpiresAt = tfkit.Int64(key.ExpiresAt, key.JSON.ExpiresAt)
	plan.RotateAt = rotation.rotateAt(plan.CreatedAt)
	return true
}

// addKeyError is AddAPIError, and points to the expiry when that is what was
// refused.
func addKeyError(diags *diag.Diagnostics, label string, err error) {
	if apiErr, ok := errors.AsType[*adminapi.Error](err); ok && apiErr.Param == "expires_in_seconds" {
		tfkit.AddAPIErrorAt(diags, path.Root("expires_in_seconds"), label,
			"A policy of the organisation or the project limits the life of keys. Set expires_in_seconds to no more than the maximum above.", err)
		return
	}
	tfkit.AddAPIError(diags, label, err)
}

func (r *apiKeyResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state apiKeyModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	changes, unchanged := r.Unchanged(ctx, req, resp, tfkit.Watched{
		ID: state.APIKeyID.ValueString(), Parents: []string{state.ProjectID.ValueString(), state.ServiceAccountID.ValueString()}, Expires: state.ExpiresAt,
	}, state.identity())
	var key *openai.ProjectAPIKey
	var err error
	if !unchanged {
		key, err = r.get(ctx, &state)
	}
	now := r.Client.Now().Unix()
	switch {
	case unchanged: // but it may have become due
	case adminapi.IsNotFound(err) && statusAt(state.ExpiresAt, now) == statusExpired:
		// It died on schedule. The API may forget it; the resource lives on.
		state.Status = types.StringValue(statusExpired)
	case adminapi.IsGone(err):
		tfkit.RemoveGone(ctx, resp, state.identity(), err)
		return
	case err != nil:
		tfkit.AddAPIError(&resp.Diagnostics, state.label(), err)
		return
	case !key.Owner.JSON.ServiceAccount.Valid():
		resp.Diagnostics.AddError("Not a key of a service account", fmt.Sprintf(
			"Key %s of project %s belongs to a person (%s). Only keys of service accounts can be managed: make one, and revoke this key once nobody uses it.",
			key.ID, state.ProjectID.ValueString(), key.Owner.User.Name))
		return
	default:
		state.take(key, now)
		state.takeScopes(ctx, changes, &resp.Diagnostics)
	}
	state.RotateAt = state.rotation(ctx, &resp.Diagnostics).rotateAt(state.CreatedAt)
	state.RotationDue = types.BoolValue(state.isDue(now))
	tfkit.Save(ctx, &resp.State, resp.Identity, state, state.identity(), &resp.Diagnostics)
	if !unchanged {
		r.SaveSeen(ctx, req.Private, resp.Private, state.APIKeyID.ValueString(), &resp.Diagnostics)
	}
}

func (r *apiKeyResource) get(ctx context.Context, state *apiKeyModel) (*openai.ProjectAPIKey, error) {
	r.Client.Expect(state.APIKeyID.ValueString(), state.CreatedAt.ValueInt64())
	return r.Client.APIKeys.Get(ctx, state.ProjectID.ValueString(), state.APIKeyID.ValueString())
}

func (r *apiKeyResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state apiKeyModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if !plan.Generation.Equal(state.Generation) {
		r.rotate(ctx, &plan, &state, resp)
		return
	}
	r.update(ctx, &plan, &state, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	if state.unfinished() {
		// Until it is finished.
		plan.PreviousExpiresAt, plan.ExpiringKeys = types.Int64Null(), state.ExpiringKeys
	}
	tfkit.Save(ctx, &resp.State, resp.Identity, plan, plan.identity(), &resp.Diagnostics)
	r.SaveChanged(ctx, req.Private, resp.Private, plan.APIKeyID.ValueString(), &resp.Diagnostics)
	if state.unfinished() {
		r.finish(ctx, &plan, resp)
	}
}

// update changes what the API can change of a key.
func (r *apiKeyResource) update(ctx context.Context, plan, state *apiKeyModel, diags *diag.Diagnostics) {
	var params openai.AdminOrganizationProjectAPIKeyUpdateParams
	if !plan.Scopes.Equal(state.Scopes) {
		params.Scopes = plan.scopes(ctx, diags)
		if params.Scopes == nil {
			params.Scopes = []string{} // all permissions
		}
	}
	if !plan.ExpiresInSeconds.Equal(state.ExpiresInSeconds) {
		params.ExpiresInSeconds = plan.ExpiresInSeconds.ValueInt64()
	}
	if diags.HasError() || params.Scopes == nil && params.ExpiresInSeconds == 0 {
		return
	}
	key, err := r.Client.APIKeys.Update(ctx, state.ProjectID.ValueString(), state.ID.ValueString(), params)
	if err != nil {
		addKeyError(diags, state.label(), err)
		return
	}
	if plan.ExpiresAt.IsUnknown() {
		plan.ExpiresAt = tfkit.Int64(key.ExpiresAt, key.JSON.ExpiresAt)
	}
}

func (r *apiKeyResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state apiKeyModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	// The present key goes last: once it is revoked, its state names no other.
	ids := slices.Sorted(maps.Keys(state.expiring(ctx, &resp.Diagnostics)))
	for _, id := range []types.String{state.PreviousID, state.APIKeyID} {
		if !id.IsNull() {
			ids = append(ids, id.ValueString())
		}
	}
	for _, id := range ids {
		if err := r.Client.APIKeys.Delete(ctx, state.ProjectID.ValueString(), id); err != nil {
			tfkit.AddAPIError(&resp.Diagnostics, state.label(), err)
			return
		}
	}
}

func (r *apiKeyResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	tfkit.Import(ctx, req, resp, "project_id", "api_key_id")
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.AddWarning("The key is imported without its secret",
			"The API gives a secret once, at creation: value and sealed_value stay null, and secret_available is false, until the key is rotated. To rotate it now, change rotation_triggers once they are in state, or replace it: terraform apply -replace=ADDRESS.")
	}
}
