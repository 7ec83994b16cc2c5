package apikey

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/openai/openai-go/v3"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/transport"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

// longestLife is the longest life of a key, in seconds.
const longestLife = 31_536_000

// The states of a key.
const (
	statusActive  = "active"
	statusExpired = "expired"
)

func apiKey() lifecycle.Object[*apiKeyModel] {
	return lifecycle.Object[*apiKeyModel]{
		Core: lifecycle.Core[*apiKeyModel]{
			Type:   "project_api_key",
			Schema: apiKeySchema,
			Identity: []lifecycle.Identifier{
				{Name: "project_id", Description: "Id of the project."},
				{Name: "api_key_id", Description: "Id of the key."},
			},
			// A rotation changes the key, and with it the identity.
			MutableIdentity: true,
			Paths: func(object lifecycle.Values) lifecycle.Paths {
				return lifecycle.Named(object.Path("/organization/projects/{project_id}/api_keys/{api_key_id}"))
			},
			Label: (*apiKeyModel).label,
			Legacy: lifecycle.Foreign{
				Type:   "openai_project_api_key",
				Except: []string{lifecycle.Jianyuan}, // its id is the secret, and the id is nowhere
			},
			Imports: func(object string, diags *diag.Diagnostics) {
				diags.AddWarning(importedWithoutSecret,
					"Object: "+object+"\n\nThe API returns a secret once, at creation. value and sealed_value stay null, and secret_available is false, until the key is rotated. To rotate it, change rotation_triggers when they are in state, or replace it: terraform apply -replace=ADDRESS.")
			},
			// api_key.created, .updated and .deleted name the key. The first two are the
			// only place where its scopes can be read.
			Audit: func(m *apiKeyModel) lifecycle.Watched {
				return lifecycle.Watched{ID: m.APIKeyID.ValueString(), Parents: []string{m.ProjectID.ValueString(), m.ServiceAccountID.ValueString()}, Expires: m.ExpiresAt}
			},
			Validate: validateRotation,
			Plan:     planKey,
			Read:     readKey,
			Complete: decideRotation,
			Delete:   deleteKeys,
			List: lifecycle.ListProjects("The API keys of the service accounts of one project or of all projects, except expired keys. Keys of people cannot be managed and are not listed. The API does not return secrets and scopes.",
				"the API keys", listKeys,
				func(_ context.Context, project *openai.Project, m *apiKeyModel, _ *diag.Diagnostics) (string, *apiKeyModel) {
					return m.Name.ValueString() + " in " + project.Name, m
				}).LastUse(func(ctx context.Context, client *adminapi.Client, m *apiKeyModel) (int64, error) {
				key, err := client.APIKeys.Get(ctx, m.ProjectID.ValueString(), m.APIKeyID.ValueString())
				if err != nil {
					return 0, err
				}
				return max(key.CreatedAt, key.LastUsedAt), nil
			}),
		},
		Create: func(ctx context.Context, call *lifecycle.Call[*apiKeyModel]) error {
			issue(ctx, call)
			return nil
		},
		Update: updateKey,
		Orphans: func(_ context.Context, call *lifecycle.Call[*apiKeyModel]) *lifecycle.OrphanSearch {
			return orphanKeys(call, 0)
		},
		UpdateOrphans: orphansOfRotation,
	}
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
	AgeRecipients     types.Set    `tfsdk:"age_recipients"`
	Value             types.String `tfsdk:"value"`
	SealedValue       types.String `tfsdk:"sealed_value"`
	SecretAvailable   types.Bool   `tfsdk:"secret_available"`
	Rotation          types.Object `tfsdk:"rotation"`
	RotationTriggers  types.Map    `tfsdk:"rotation_triggers"`
	RotationDue       types.Bool   `tfsdk:"rotation_due"`
	RotateAt          types.Int64  `tfsdk:"rotate_at"`
	KeyVersion        types.Int64  `tfsdk:"key_version"`
	PreviousID        types.String `tfsdk:"previous_id"`
	PreviousExpiresAt types.Int64  `tfsdk:"previous_expires_at"`
	ExpiringKeys      types.Map    `tfsdk:"expiring_keys"`
}

// fromAPI copies the fields of a key that the API returns after its creation,
// without scopes and secret.
func (m *apiKeyModel) fromAPI(key *openai.ProjectAPIKey, now int64) {
	m.ServiceAccountID = types.StringValue(key.Owner.ServiceAccount.ID)
	m.Name = tfkit.String(key.Name, key.JSON.Name)
	m.ID = types.StringValue(key.ID)
	m.APIKeyID = m.ID
	m.CreatedAt = tfkit.Int64(key.CreatedAt, key.JSON.CreatedAt)
	m.ExpiresAt = tfkit.Int64(key.ExpiresAt, key.JSON.ExpiresAt)
	m.Status = types.StringValue(status(key, now))
	m.SecretAvailable = types.BoolValue(!m.Value.IsNull() || !m.SealedValue.IsNull())
	if m.KeyVersion.IsNull() {
		m.KeyVersion = m.CreatedAt // imported
	}
}

// takeScopes copies the scopes that others have set, from the audit log: no
// other endpoint returns them.
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

// label names the key in diagnostics.
func (m *apiKeyModel) label() string {
	return lifecycle.Label("API key", m.Name.ValueString(), m.ID.ValueString()) + " of project " + m.ProjectID.ValueString()
}

// scopes returns the planned scopes, nil when there are none.
func (m *apiKeyModel) scopes(ctx context.Context, diags *diag.Diagnostics) []string {
	return tfkit.Strings(ctx, m.Scopes, diags)
}

// issue creates the planned key and copies the values that the API returns, the
// secret included.
func issue(ctx context.Context, call *lifecycle.Call[*apiKeyModel]) (ok bool) {
	plan, diags := call.Plan, call.Diags
	project := plan.ProjectID.ValueString()
	label := fmt.Sprintf("API key %q of project %s", plan.Name.ValueString(), project)
	params := openai.AdminOrganizationProjectServiceAccountAPIKeyNewParams{
		Name:   openai.String(plan.Name.ValueString()),
		Scopes: plan.scopes(ctx, diags),
	}
	if !plan.ExpiresInSeconds.IsNull() {
		params.ExpiresInSeconds = openai.Int(plan.ExpiresInSeconds.ValueInt64())
	}
	sealer := tfkit.NewSealer(ctx, plan.AgeRecipients, diags)
	rotation := plan.rotation(ctx, diags)
	if diags.HasError() {
		return false
	}
	key, err := call.Client.APIKeys.Create(ctx, project, plan.ServiceAccountID.ValueString(), params)
	if err != nil {
		addKeyError(diags, label, err)
		return false
	}
	plan.Value, plan.SealedValue, err = tfkit.StoreSecret(sealer, key.Value)
	if err != nil {
		addNotSealed(diags, label, err, call.Client.APIKeys.Delete(ctx, project, key.ID))
		return false
	}
	if key.JSON.Name.Valid() {
		plan.Name = types.StringValue(key.Name)
	}
	plan.ID = types.StringValue(key.ID)
	plan.APIKeyID = plan.ID
	plan.CreatedAt = tfkit.Int64(key.CreatedAt, key.JSON.CreatedAt)
	plan.ExpiresAt = tfkit.Int64(key.ExpiresAt, key.JSON.ExpiresAt)
	plan.RotateAt = rotation.RotateAt(plan.CreatedAt)
	if plan.KeyVersion.IsUnknown() { // a rotation has planned it
		plan.KeyVersion = plan.CreatedAt
	}
	return true
}

// addKeyError is AddAPIError, and points to the expiry when the API refused
// that.
func addKeyError(diags *diag.Diagnostics, label string, err error) {
	if apiErr, ok := errors.AsType[*adminapi.Error](err); ok && apiErr.Param == "expires_in_seconds" {
		tfkit.AddAPIErrorAt(diags, path.Root("expires_in_seconds"), label,
			"A policy of the organization or the project limits the lifetime of keys. Set expires_in_seconds to at most the maximum above.", err)
		return
	}
	tfkit.AddAPIError(diags, label, err)
}

func readKey(ctx context.Context, call *lifecycle.Call[*apiKeyModel]) error {
	state, now := call.State, call.Client.Now().Unix()
	key, err := call.Client.APIKeys.Get(ctx, state.ProjectID.ValueString(), state.APIKeyID.ValueString())
	switch {
	case adminapi.IsNotFound(err) && statusAt(state.ExpiresAt, now) == statusExpired:
		// It expired on schedule. The API may delete it; the resource stays in state.
		state.Status = types.StringValue(statusExpired)
	case err != nil:
		return err
	case !key.Owner.JSON.ServiceAccount.Valid():
		call.Diags.AddError("Not a key of a service account", fmt.Sprintf(
			"Key %s of project %s belongs to a person (%s). Only keys of service accounts can be managed: create one, and revoke this key when it is no longer used.",
			key.ID, state.ProjectID.ValueString(), key.Owner.User.Name))
	default:
		state.fromAPI(key, now)
		state.takeScopes(ctx, call.Changes, call.Diags)
	}
	return nil
}

// decideRotation sets whether a key is due to be rotated: it may have become so
// without a change.
func decideRotation(ctx context.Context, call *lifecycle.Call[*apiKeyModel]) {
	call.State.RotateAt = call.State.rotation(ctx, call.Diags).RotateAt(call.State.CreatedAt)
	call.State.RotationDue = types.BoolValue(call.State.isDue(call.Client.Now().Unix()))
}

// changeKey changes the attributes of a key that the API can change.
func changeKey(ctx context.Context, call *lifecycle.Call[*apiKeyModel]) {
	plan, state := call.Plan, call.State
	var params openai.AdminOrganizationProjectAPIKeyUpdateParams
	if !plan.Scopes.Equal(state.Scopes) {
		params.Scopes = plan.scopes(ctx, call.Diags)
		if params.Scopes == nil {
			params.Scopes = []string{} // all permissions
		}
	}
	if !plan.ExpiresInSeconds.Equal(state.ExpiresInSeconds) {
		params.ExpiresInSeconds = plan.ExpiresInSeconds.ValueInt64()
	}
	if call.Diags.HasError() || params.Scopes == nil && params.ExpiresInSeconds == 0 {
		return
	}
	key, err := call.Client.APIKeys.Update(ctx, state.ProjectID.ValueString(), state.ID.ValueString(), params)
	if err != nil {
		addKeyError(call.Diags, state.label(), err)
		return
	}
	if plan.ExpiresAt.IsUnknown() {
		plan.ExpiresAt = tfkit.Int64(key.ExpiresAt, key.JSON.ExpiresAt)
	}
}

func deleteKeys(ctx context.Context, call *lifecycle.Call[*apiKeyModel]) error {
	// The present key goes last: once it is revoked, its state names no other.
	ids := slices.Sorted(maps.Keys(call.State.expiring(ctx, call.Diags)))
	for _, id := range []types.String{call.State.PreviousID, call.State.APIKeyID} {
		if !id.IsNull() {
			ids = append(ids, id.ValueString())
		}
	}
	valid := call.State.replaced(ctx, call.Client.Now().Unix(), call.Diags)
	for _, id := range ids {
		deleting := ctx
		if _, isValid := valid[id]; !isValid && id != call.State.APIKeyID.ValueString() && !call.State.unfinished() {
			deleting = transport.BelievingAbsence(ctx) // it has expired, or a rotation revoked it
		}
		err := call.Client.APIKeys.Delete(deleting, call.State.ProjectID.ValueString(), id)
		if adminapi.IsRefused(err) {
			return tfkit.Advise(err, path.Root("service_account_id"), "If the API refuses to delete a key of a service account, delete the service account: this revokes all of its keys. "+
				"Then remove the key from state.")
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// listKeys leaves out keys of people, and keys that have expired.
func listKeys(ctx context.Context, client *adminapi.Client, projectID string) ([]apiKeyModel, error) {
	keys, err := client.APIKeys.List(ctx, projectID)
	now := client.Now().Unix()
	var models []apiKeyModel
	for i := range keys {
		if !keys[i].Owner.JSON.ServiceAccount.Valid() || status(&keys[i], now) == statusExpired {
			continue
		}
		m := apiKeyModel{
			ProjectID: types.StringValue(projectID), Scopes: types.SetNull(types.StringType), AgeRecipients: types.SetNull(types.StringType),
			Rotation: types.ObjectNull(tfkit.RotationType), RotationTriggers: types.MapNull(types.StringType), RotationDue: types.BoolValue(false),
			ExpiringKeys: types.MapNull(types.Int64Type),
		}
		m.fromAPI(&keys[i], now)
		models = append(models, m)
	}
	return models, err
}

// orphanKeys finds keys of the account with the same name that are younger than
// a time in Unix seconds.
func orphanKeys(call *lifecycle.Call[*apiKeyModel], after int64) *lifecycle.OrphanSearch {
	if !call.Knows("project_id", "service_account_id", "name") {
		return nil
	}
	project, account, name := call.Plan.ProjectID.ValueString(), call.Plan.ServiceAccountID.ValueString(), call.Plan.Name.ValueString()
	return &lifecycle.OrphanSearch{
		Object:  fmt.Sprintf("API key %q of service account %s of project %s", name, account, project),
		Parents: []string{project, account}, ImportPrefix: project + "/", RevokePath: "/organization/projects/" + project + "/api_keys/",
		Find: func(ctx context.Context) ([]string, error) {
			return call.Client.APIKeys.Orphans(ctx, project, account, name, after)
		},
	}
}

// orphansOfRotation finds keys that an interrupted rotation may have created:
// younger than the key that is rotated.
func orphansOfRotation(_ context.Context, call *lifecycle.Call[*apiKeyModel]) *lifecycle.OrphanSearch {
	if call.Plan.KeyVersion.Equal(call.State.KeyVersion) && !call.Plan.replaces(call.State) {
		return nil
	}
	return orphanKeys(call, call.State.CreatedAt.ValueInt64())
}
