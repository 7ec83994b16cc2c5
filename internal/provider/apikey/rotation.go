package apikey

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/openai/openai-go/v3"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

// A key is rotated in place: the new key is created first, then the replaced
// key gets a server-side expiry. Whether it is due is decided when the key is
// read, and never by a clock while planning, so that a plan that waits for its
// approval still applies. A key that has its expiry keeps it: another rotation
// before then revokes it only with an overlap of 0s, and the plan says so.
//
// A rotation that was interrupted leaves previous_id in state without
// previous_expires_at. The next plan (planChange) goes on in one of two ways. If
// no rotation is due, planFinish leaves previous_expires_at unknown, so that
// Terraform calls updateKey, and finish gives the replaced key its expiry. If
// one is due, rotate calls finish before it creates another key.
//
// When Terraform was killed before it wrote its state, the state has the old
// key, and the next apply rotates again. Its plan names the key in between
// (orphansOfRotation), as a warning, or as an error with on_orphan = "error".

// rotation returns the configured rotation, an empty one when it is null or
// unknown.
func (m *apiKeyModel) rotation(ctx context.Context, diags *diag.Diagnostics) tfkit.Rotation {
	return tfkit.ReadRotation(ctx, m.Rotation, diags)
}

// overlapOf is how long a replaced key stays valid.
func overlapOf(r tfkit.Rotation) time.Duration {
	if d, err := tfkit.ParseDuration(r.Overlap.ValueString()); err == nil {
		return d
	}
	if after := r.Age(); after > 0 && after < tfkit.DefaultOverlap {
		return after
	}
	return tfkit.DefaultOverlap
}

// isDue says, when the key is read, whether its rotation is due.
func (m *apiKeyModel) isDue(now int64) bool {
	return m.Status.ValueString() == statusExpired || !m.RotateAt.IsNull() && m.RotateAt.ValueInt64() <= now
}

// unfinished says whether a rotation was interrupted before the old key got
// its end.
func (m *apiKeyModel) unfinished() bool {
	return !m.PreviousID.IsNull() && m.PreviousExpiresAt.IsNull()
}

// expiring are the keys of earlier rotations that are in state, each with its
// expiry.
func (m *apiKeyModel) expiring(ctx context.Context, diags *diag.Diagnostics) map[string]int64 {
	keys := map[string]int64{}
	if !m.ExpiringKeys.IsNull() && !m.ExpiringKeys.IsUnknown() {
		diags.Append(m.ExpiringKeys.ElementsAs(ctx, &keys, false)...)
	}
	return keys
}

// replaced are the keys that rotations have replaced so far and that are still
// valid, each with its expiry. One without an expiry is not among them.
func (m *apiKeyModel) replaced(ctx context.Context, now int64, diags *diag.Diagnostics) map[string]int64 {
	keys := m.expiring(ctx, diags)
	if !m.PreviousID.IsNull() && !m.PreviousExpiresAt.IsNull() {
		keys[m.PreviousID.ValueString()] = m.PreviousExpiresAt.ValueInt64()
	}
	maps.DeleteFunc(keys, func(_ string, expiresAt int64) bool { return expiresAt <= now })
	return keys
}

// expiringKeys is the attribute of these keys.
func expiringKeys(ctx context.Context, keys map[string]int64, diags *diag.Diagnostics) types.Map {
	if len(keys) == 0 {
		return types.MapNull(types.Int64Type)
	}
	value, problems := types.MapValueFrom(ctx, types.Int64Type, keys)
	diags.Append(problems...)
	return value
}

// rotate creates the successor, and then gives the replaced key its expiry. If
// the second step fails, the planned values in state are still right.
func rotate(ctx context.Context, call *lifecycle.Call[*apiKeyModel]) {
	plan, state := call.Plan, call.State
	// A lost answer must not make the present key look like the created one.
	call.Client.APIKeys.Claim(state.ProjectID.ValueString(), state.ID.ValueString())
	if state.unfinished() {
		// previous_id names another key from now on, and nothing would give this one its expiry.
		if finish(ctx, call, state); call.Diags.HasError() {
			return
		}
	}
	replaced := state.replaced(ctx, call.Client.Now().Unix(), call.Diags)
	if !issue(ctx, call) {
		return
	}
	plan.PreviousExpiresAt = types.Int64Null()
	plan.ExpiringKeys = expiringKeys(ctx, replaced, call.Diags)
	call.Checkpoint(ctx, plan)
	if revokeExpiring(ctx, call, plan) {
		expirePrevious(ctx, call, plan, state.ExpiresAt)
	}
}

// planFinish plans that an interrupted rotation goes on. The unknown values in
// the plan make Terraform call Update.
func (m *apiKeyModel) planFinish(ctx context.Context, state *apiKeyModel, overlap time.Duration, now int64, diags *diag.Diagnostics) {
	m.PreviousExpiresAt = types.Int64Unknown()
	if !state.ExpiringKeys.IsNull() && overlap == 0 {
		m.ExpiringKeys = types.MapUnknown(types.Int64Type)
	}
	end := "will expire " + tfkit.FormatDuration(overlap) + " after the apply"
	if overlap == 0 {
		end = "will be revoked"
	}
	diags.AddWarning("Rotation will be finished", fmt.Sprintf(
		"The rotation of the %s was interrupted. The previous key %s, which is still valid, %s.%s",
		state.label(), state.PreviousID.ValueString(), end, earlierKeys(state.expiring(ctx, diags), overlap, now)))
}

// updateKey rotates a key, or changes it, and finishes a rotation that was
// interrupted.
func updateKey(ctx context.Context, call *lifecycle.Call[*apiKeyModel]) error {
	plan, state := call.Plan, call.State
	if !plan.KeyVersion.Equal(state.KeyVersion) {
		rotate(ctx, call)
		return nil
	}
	changeKey(ctx, call)
	if call.Diags.HasError() || !state.unfinished() {
		return nil
	}
	// These stay as in state until finish has ended the rotation.
	plan.PreviousExpiresAt, plan.ExpiringKeys = types.Int64Null(), state.ExpiringKeys
	call.Checkpoint(ctx, plan)
	finish(ctx, call, plan)
	return nil
}

// finish retires the previous key of a rotation that was interrupted.
func finish(ctx context.Context, call *lifecycle.Call[*apiKeyModel], m *apiKeyModel) {
	if !revokeExpiring(ctx, call, m) {
		return
	}
	old, err := call.Client.APIKeys.Get(ctx, m.ProjectID.ValueString(), m.PreviousID.ValueString())
	switch {
	case adminapi.IsDeleted(err):
		recordEnd(ctx, call, m, call.Client.Now().Unix())
	case err != nil:
		addRetireError(m, err, call.Diags)
	default:
		expirePrevious(ctx, call, m, tfkit.Int64(old.ExpiresAt, old.JSON.ExpiresAt))
	}
}

// revokeExpiring revokes the keys of earlier rotations when the rotation has no
// overlap. Until all are revoked, the rotation stays unfinished.
func revokeExpiring(ctx context.Context, call *lifecycle.Call[*apiKeyModel], m *apiKeyModel) (done bool) {
	if overlapOf(m.rotation(ctx, call.Diags)) != 0 {
		return true
	}
	keys := m.expiring(ctx, call.Diags)
	for _, id := range slices.Sorted(maps.Keys(keys)) {
		if err := call.Client.APIKeys.Delete(ctx, m.ProjectID.ValueString(), id); err != nil {
			addRotationError(m, id, "The new key is in state. This key of an earlier rotation is still valid: the next apply revokes it.", err, call.Diags)
			return false
		}
		delete(keys, id)
		m.ExpiringKeys = expiringKeys(ctx, keys, call.Diags)
		call.Checkpoint(ctx, m)
	}
	return true
}

// expirePrevious sets the expiry of the replaced key: it is revoked at once, or
// expires after the overlap. An earlier expiry of its own is kept.
func expirePrevious(ctx context.Context, call *lifecycle.Call[*apiKeyModel], m *apiKeyModel, expiresAt types.Int64) {
	project, id := m.ProjectID.ValueString(), m.PreviousID.ValueString()
	overlap := overlapOf(m.rotation(ctx, call.Diags))
	now := call.Client.Now().Unix()
	end := now + int64(overlap/time.Second)
	var err error
	switch {
	case overlap == 0:
		err = call.Client.APIKeys.Delete(ctx, project, id)
	case !expiresAt.IsNull() && expiresAt.ValueInt64() <= end:
		end = expiresAt.ValueInt64()
	default:
		var key *openai.ProjectAPIKey
		key, err = call.Client.APIKeys.Update(ctx, project, id, openai.AdminOrganizationProjectAPIKeyUpdateParams{ExpiresInSeconds: int64(overlap / time.Second)})
		if err == nil && key.JSON.ExpiresAt.Valid() {
			end = key.ExpiresAt
		}
	}
	if adminapi.IsDeleted(err) {
		end, err = now, nil
	}
	if err != nil {
		addRetireError(m, err, call.Diags)
		return
	}
	recordEnd(ctx, call, m, end)
}

// recordEnd records when the replaced key expires, which ends the rotation.
func recordEnd(ctx context.Context, call *lifecycle.Call[*apiKeyModel], m *apiKeyModel, end int64) {
	m.PreviousExpiresAt = types.Int64Value(end)
	call.Checkpoint(ctx, m)
}

func addRetireError(m *apiKeyModel, err error, diags *diag.Diagnostics) {
	addRotationError(m, m.PreviousID.ValueString(),
		"The new key is in state. The previous key has no expiry yet: the next apply sets it. If a policy limits the lifetime of keys, shorten rotation.overlap.", err, diags)
}

// addRotationError adds the error of a key that stays valid after a rotation.
func addRotationError(m *apiKeyModel, id, remains string, err error, diags *diag.Diagnostics) {
	tfkit.AddAPIErrorAt(diags, path.Root("rotation"), fmt.Sprintf("API key %s of project %s, which was rotated", id, m.ProjectID.ValueString()), remains, err)
}
