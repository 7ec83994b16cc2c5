package apikey

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

// validateRotation refuses lifetimes and rotations that contradict each other.
func validateRotation(ctx context.Context, call *lifecycle.Call[*apiKeyModel]) {
	rotation := call.Config.rotation(ctx, call.Diags)
	after, overlap := rotation.Age(), overlapOf(rotation)
	if after == 0 || rotation.Overlap.IsUnknown() {
		return
	}
	if overlap > after {
		call.Diags.AddAttributeError(path.Root("rotation").AtName("overlap"), "Overlap too long", fmt.Sprintf(
			"rotation.overlap (%s) must not be longer than rotation.after (%s): more than two keys would be valid at the same time.", tfkit.FormatDuration(overlap), tfkit.FormatDuration(after)))
		return
	}
	life := time.Duration(call.Config.ExpiresInSeconds.ValueInt64()) * time.Second
	switch {
	case life == 0: // null, unknown, or refused by the attribute's validator
	case life <= after:
		call.Diags.AddAttributeError(path.Root("expires_in_seconds"), "Expiry before rotation", fmt.Sprintf(
			"expires_in_seconds (%s) must be longer than rotation.after (%s): the key would expire before its rotation is due.", tfkit.FormatDuration(life), tfkit.FormatDuration(after)))
	case life < after+overlap:
		named := ""
		if name := call.Config.Name.ValueString(); name != "" {
			named = fmt.Sprintf(" %q", name)
		}
		call.Diags.AddAttributeWarning(path.Root("expires_in_seconds"), "Rotation may come late", fmt.Sprintf(
			"The key%s is valid for %s, and its rotation is due after %s. An apply must rotate it within %s, and the previous key then expires before the overlap of %s ends. "+
				"Set expires_in_seconds to at least %d.", named, tfkit.FormatDuration(life), tfkit.FormatDuration(after), tfkit.FormatDuration(life-after), tfkit.FormatDuration(overlap), int64((after+overlap)/time.Second)))
	}
}

// planKey plans only from state and configuration: a key that is due is
// rotated, and a new lifetime gives a new expiry.
func planKey(ctx context.Context, call *lifecycle.Call[*apiKeyModel]) {
	plan, state := call.Plan, call.State
	if state != nil {
		call.Client.APIKeys.Claim(state.ProjectID.ValueString(), state.ID.ValueString())
		call.Client.APIKeys.Claim(state.ProjectID.ValueString(), state.PreviousID.ValueString())
	}
	if plan == nil {
		warnOfRevocation(ctx, call)
		return
	}
	warnOfEndlessKey(call, plan.Name, "Set expires_in_seconds and rotation, or rotation alone.", plan.ExpiresInSeconds, plan.Rotation)
	rotation := plan.rotation(ctx, call.Diags)
	switch {
	case state == nil:
		checkAccount(ctx, call)
		plan.planNew(rotation)
	case plan.replaces(state):
		checkAccount(ctx, call)
		warnOfRevocation(ctx, call)
	default:
		plan.planChange(ctx, state, rotation, call.Client.Now().Unix(), call.Diags)
		if plan.Rotation.IsNull() && plan.ID.Equal(state.ID) {
			warnOfExpiry(call, plan.Name, plan.ExpiresAt)
		}
	}
}

// planChange plans the values of a key that stays or is rotated.
func (m *apiKeyModel) planChange(ctx context.Context, state *apiKeyModel, rotation tfkit.Rotation, now int64, diags *diag.Diagnostics) {
	reason := m.reason(state)
	switch {
	case !state.RotationDue.ValueBool() && !m.rotationInputs().AreKnown(ctx):
		m.planUndecided()
		return
	case reason != "":
		m.planRotation(state, rotation)
		warnOfRotation(ctx, state, reason, overlapOf(rotation), now, diags)
		return
	case !m.ExpiresInSeconds.Equal(state.ExpiresInSeconds):
		m.ExpiresAt = types.Int64Unknown()
	}
	m.ExpiringKeys = state.ExpiringKeys
	m.RotateAt = rotation.ReplanRotateAt(m.Rotation, state.CreatedAt)
	if state.unfinished() {
		m.planFinish(ctx, state, overlapOf(rotation), now, diags)
	}
}

// replaces says whether the change asks for another object.
func (m *apiKeyModel) replaces(state *apiKeyModel) bool {
	return !m.ProjectID.Equal(state.ProjectID) || !m.ServiceAccountID.Equal(state.ServiceAccountID) || !m.Name.Equal(state.Name) ||
		m.ExpiresInSeconds.IsNull() && !state.ExpiresInSeconds.IsNull()
}

// checkAccount refuses a service account that is not one of the project. The
// read is optional, as creating the key would fail, too.
func checkAccount(ctx context.Context, call *lifecycle.Call[*apiKeyModel]) {
	plan := call.Plan
	if plan.ProjectID.IsUnknown() || plan.ServiceAccountID.IsUnknown() {
		return
	}
	project, account := plan.ProjectID.ValueString(), plan.ServiceAccountID.ValueString()
	err := call.Client.Advice.Optional(ctx, func(ctx context.Context) error {
		_, err := call.Client.ServiceAccounts.Get(ctx, project, account)
		return err
	})
	if adminapi.IsNotFound(err) {
		call.Diags.AddAttributeError(path.Root("service_account_id"), "No such service account",
			fmt.Sprintf("%s is not a service account of project %s. A key belongs to a service account of its own project.", account, project))
	}
}

// reason says why the key is rotated, nothing when it is not. It reads only
// state and configuration.
func (m *apiKeyModel) reason(state *apiKeyModel) string {
	switch {
	case state.Status.ValueString() == statusExpired:
		return "it has expired"
	case state.RotationDue.ValueBool():
		return "it is due"
	default:
		return m.rotationInputs().Reason(state.rotationInputs(), !state.SecretAvailable.ValueBool())
	}
}

func (m *apiKeyModel) rotationInputs() tfkit.RotationInputs {
	return tfkit.RotationInputs{Triggers: m.RotationTriggers, Recipients: m.AgeRecipients}
}

// planNew plans the first key.
func (m *apiKeyModel) planNew(rotation tfkit.Rotation) {
	m.KeyVersion = types.Int64Unknown() // the time of creation
	m.PreviousID, m.PreviousExpiresAt, m.ExpiringKeys = types.StringNull(), types.Int64Null(), types.MapNull(types.Int64Type)
	m.planSuccessor(rotation)
}

// planSuccessor plans the values of a key that will be created.
func (m *apiKeyModel) planSuccessor(rotation tfkit.Rotation) {
	m.ID, m.APIKeyID, m.Status = types.StringUnknown(), types.StringUnknown(), types.StringValue(statusActive)
	m.CreatedAt, m.ExpiresAt, m.RotateAt = types.Int64Unknown(), types.Int64Unknown(), rotation.PlanRotateAt(m.Rotation)
	m.RotationDue, m.SecretAvailable = types.BoolValue(false), types.BoolValue(true)
	m.Value, m.SealedValue = tfkit.PlanSecret(m.AgeRecipients)
}

// planRotation plans a successor.
func (m *apiKeyModel) planRotation(state *apiKeyModel, rotation tfkit.Rotation) {
	m.planSuccessor(rotation)
	m.KeyVersion = types.Int64Value(state.KeyVersion.ValueInt64() + 1)
	m.PreviousID, m.PreviousExpiresAt = state.ID, types.Int64Unknown()
	m.ExpiringKeys = types.MapUnknown(types.Int64Type)
}

// planUndecided plans the unknown values of either the present key or a
// successor.
func (m *apiKeyModel) planUndecided() {
	m.ID, m.APIKeyID, m.Status, m.PreviousID = types.StringUnknown(), types.StringUnknown(), types.StringUnknown(), types.StringUnknown()
	m.CreatedAt, m.ExpiresAt, m.RotateAt, m.PreviousExpiresAt = types.Int64Unknown(), types.Int64Unknown(), types.Int64Unknown(), types.Int64Unknown()
	m.KeyVersion, m.RotationDue, m.SecretAvailable = types.Int64Unknown(), types.BoolUnknown(), types.BoolUnknown()
	m.Value, m.SealedValue = types.StringUnknown(), types.StringUnknown()
	m.ExpiringKeys = types.MapUnknown(types.Int64Type)
}

// warnOfRotation says in the plan what will happen, and when the replaced keys
// expire.
func warnOfRotation(ctx context.Context, state *apiKeyModel, reason string, overlap time.Duration, now int64, diags *diag.Diagnostics) {
	end := "stays valid for " + tfkit.FormatDuration(overlap) + " after the apply, unless it expires earlier"
	if overlap == 0 {
		end = "is revoked at once"
	}
	if state.Status.ValueString() == statusExpired {
		end = "has expired already"
	}
	detail := fmt.Sprintf("The %s is rotated because %s. The apply creates the new key first; then the previous key %s.", state.label(), reason, end)
	if state.unfinished() {
		detail += fmt.Sprintf(" The rotation before that was interrupted and is finished first: key %s, which has no expiry yet, gets one.", state.PreviousID.ValueString())
	}
	diags.AddWarning("API key will be rotated", detail+earlierKeys(state.replaced(ctx, now, diags), overlap, now))
}

// earlierKeys says what becomes of the keys of earlier rotations that are still
// valid, nothing when there are none.
func earlierKeys(keys map[string]int64, overlap time.Duration, now int64) string {
	text := ""
	for _, id := range slices.Sorted(maps.Keys(keys)) {
		switch expiresAt := keys[id]; {
		case expiresAt <= now:
		case overlap == 0:
			text += fmt.Sprintf(" Key %s, which an earlier rotation left valid until %s, is revoked, too, because rotation.overlap is 0s.", id, tfkit.Moment(expiresAt))
		default:
			text += fmt.Sprintf(" Key %s, which an earlier rotation replaced, stays valid until %s.", id, tfkit.Moment(expiresAt))
		}
	}
	return text
}

// warnOfRevocation says that destroying the resource revokes keys before the
// time until which a rotation left them valid.
func warnOfRevocation(ctx context.Context, call *lifecycle.Call[*apiKeyModel]) {
	keys := call.State.replaced(ctx, call.Client.Now().Unix(), call.Diags)
	if len(keys) == 0 {
		return
	}
	var lines []string
	for _, id := range slices.Sorted(maps.Keys(keys)) {
		lines = append(lines, fmt.Sprintf("Key %s, valid until %s.", id, tfkit.Moment(keys[id])))
	}
	call.Diags.AddWarning("Replaced API keys will be revoked", fmt.Sprintf(
		"Destroying the %s also revokes keys that earlier rotations replaced and that are still valid:\n\n%s", call.State.label(), strings.Join(lines, "\n")))
}
