package webhook

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

// A signing secret is rotated in place, by one request that returns the new one.
// As for API keys, it is due when a refresh says so, and never by a clock while
// planning. The API keeps the previous secret valid for 24 hours or not at all.
//
// A rotation whose answer was lost changes nothing in state, so that the reason
// for it holds in the next plan, too, which rotates again.

// overlap is how long the API can keep a replaced secret valid.
const overlap = tfkit.DefaultOverlap

func overlapProblem(value string) string {
	if d, err := tfkit.ParseDuration(value); err != nil || d != 0 && d != overlap {
		return fmt.Sprintf("must be 24h or 0s, the only times that the API has, got %q", value)
	}
	return ""
}

// rotation returns the configured rotation, an empty one when it is null or
// unknown.
func (m *endpointModel) rotation(ctx context.Context, diags *diag.Diagnostics) tfkit.Rotation {
	return tfkit.ReadRotation(ctx, m.Rotation, diags)
}

// keepsPrevious reports whether a rotation leaves the previous secret valid.
func keepsPrevious(r tfkit.Rotation) bool {
	d, err := tfkit.ParseDuration(r.Overlap.ValueString())
	return err != nil || d > 0 // not configured, or validated
}

func (m *endpointModel) rotationInputs() tfkit.RotationInputs {
	return tfkit.RotationInputs{Triggers: m.RotationTriggers, Recipients: m.AgeRecipients}
}

// validateRotation refuses a rotation that is due before the overlap of the one
// before has ended.
func validateRotation(ctx context.Context, call *lifecycle.Call[*endpointModel]) {
	rotation := call.Config.rotation(ctx, call.Diags)
	if after := rotation.Age(); after > 0 && after < overlap && !rotation.Overlap.IsUnknown() && keepsPrevious(rotation) {
		call.Diags.AddAttributeError(path.Root("rotation").AtName("after"), "Rotation before the end of the overlap", fmt.Sprintf(
			"rotation.after (%s) must be at least %s, for which the previous secret stays valid. Without that overlap, with overlap = \"0s\", it can be shorter.",
			tfkit.FormatDuration(after), tfkit.FormatDuration(overlap)))
	}
}

// decideRotation sets whether a secret is due to be rotated: it may have become
// so without a change.
func decideRotation(ctx context.Context, call *lifecycle.Call[*endpointModel]) {
	state := call.State
	state.RotateAt = state.rotation(ctx, call.Diags).RotateAt(state.SecretCreatedAt)
	state.RotationDue = types.BoolValue(!state.RotateAt.IsNull() && state.RotateAt.ValueInt64() <= call.Client.Now().Unix())
}

// planEndpoint plans only from state and configuration.
func planEndpoint(ctx context.Context, call *lifecycle.Call[*endpointModel]) {
	plan, state := call.Plan, call.State
	if plan == nil {
		return
	}
	rotation := plan.rotation(ctx, call.Diags)
	if state == nil {
		plan.planSecret(rotation)
		plan.SecretVersion, plan.PreviousSecretExpiresAt = types.Int64Unknown(), types.Int64Null()
		return
	}
	reason := "it is due"
	if !state.RotationDue.ValueBool() {
		if !plan.rotationInputs().AreKnown(ctx) {
			plan.planUndecided()
			return
		}
		reason = plan.rotationInputs().Reason(state.rotationInputs(), !state.hasSecret())
	}
	if reason != "" {
		plan.planSecret(rotation)
		plan.SecretVersion = types.Int64Value(state.SecretVersion.ValueInt64() + 1)
		plan.UpdatedAt, plan.SigningSecretHint = types.Int64Unknown(), types.StringUnknown()
		plan.PreviousSecretExpiresAt = types.Int64Null()
		if keepsPrevious(rotation) {
			plan.PreviousSecretExpiresAt = types.Int64Unknown()
		}
		warnOfRotation(call, reason, keepsPrevious(rotation))
		return
	}
	plan.RotateAt = rotation.ReplanRotateAt(plan.Rotation, state.SecretCreatedAt)
	if plan.changesSettings(state) {
		plan.UpdatedAt = types.Int64Unknown()
	}
}

// planSecret plans the values of a secret that will be created.
func (m *endpointModel) planSecret(rotation tfkit.Rotation) {
	m.SigningSecret, m.SealedSigningSecret = tfkit.PlanSecret(m.AgeRecipients)
	m.SecretAvailable, m.RotationDue = types.BoolValue(true), types.BoolValue(false)
	m.SecretCreatedAt, m.RotateAt = types.Int64Unknown(), rotation.PlanRotateAt(m.Rotation)
}

// planUndecided plans the unknown values of either the present secret or a new
// one.
func (m *endpointModel) planUndecided() {
	m.SigningSecret, m.SealedSigningSecret, m.SigningSecretHint = types.StringUnknown(), types.StringUnknown(), types.StringUnknown()
	m.SecretAvailable, m.RotationDue = types.BoolUnknown(), types.BoolUnknown()
	m.SecretVersion, m.SecretCreatedAt, m.RotateAt = types.Int64Unknown(), types.Int64Unknown(), types.Int64Unknown()
	m.UpdatedAt, m.PreviousSecretExpiresAt = types.Int64Unknown(), types.Int64Unknown()
}

// warnOfRotation says in the plan what will happen to the previous secret.
func warnOfRotation(call *lifecycle.Call[*endpointModel], reason string, keeps bool) {
	state, now := call.State, call.Client.Now().Unix()
	end := "is invalid at once: receivers that do not have the new one refuse events until they have it"
	if keeps {
		end = "stays valid for " + tfkit.FormatDuration(overlap) + " after the apply"
	}
	detail := fmt.Sprintf("The signing secret of the %s is rotated because %s. The previous secret %s.", state.label(), reason, end)
	if at := state.PreviousSecretExpiresAt; !at.IsNull() && at.ValueInt64() > now {
		detail += fmt.Sprintf(" The secret before that, which the last rotation left valid until %s, may expire earlier: the API keeps one previous secret.", tfkit.Moment(at.ValueInt64()))
	}
	call.Diags.AddWarning("Signing secret will be rotated", detail)
}

// rotate gives the endpoint another secret and copies the values that the API
// returns.
func rotate(ctx context.Context, call *lifecycle.Call[*endpointModel]) {
	plan, state := call.Plan, call.State
	sealer := tfkit.NewSealer(ctx, plan.AgeRecipients, call.Diags)
	rotation := plan.rotation(ctx, call.Diags)
	if call.Diags.HasError() {
		return
	}
	keeps := keepsPrevious(rotation)
	rotated, err := call.Client.WebhookEndpoints.RotateSecret(ctx, state.ID.ValueString(), keeps)
	if err != nil {
		addRotationError(call, keeps, err)
		return
	}
	plan.SigningSecret, plan.SealedSigningSecret, err = tfkit.StoreSecret(sealer, rotated.Secret.Reveal())
	if err != nil {
		call.Diags.AddError("Cannot encrypt the secret", fmt.Sprintf("%s: %s. The secret was rotated, and the new one is lost. The next apply rotates it again.", state.label(), err))
		return
	}
	now := call.Client.ServerNow().Unix()
	plan.SecretCreatedAt = types.Int64Value(now)
	plan.fromAPI(ctx, &rotated.WebhookEndpoint, call.Diags)
	if at := plan.UpdatedAt; !at.IsNull() {
		plan.SecretCreatedAt, now = at, at.ValueInt64()
	}
	plan.RotateAt = rotation.RotateAt(plan.SecretCreatedAt)
	if keeps {
		plan.PreviousSecretExpiresAt = types.Int64Value(now + int64(overlap/time.Second))
	}
}

// addRotationError adds the error of a rotation. After a lost answer, the secret
// may be another one.
func addRotationError(call *lifecycle.Call[*endpointModel], keeps bool, err error) {
	label := call.State.label()
	if !adminapi.IsOutcomeUnknown(err) {
		tfkit.AddAPIError(call.Diags, label, err)
		return
	}
	valid := "is invalid"
	if keeps {
		valid = "is valid for 24 hours"
	}
	tfkit.AddAPIErrorAt(call.Diags, path.Root("rotation"), label, fmt.Sprintf(
		"The API returned no usable response, so the outcome of the rotation is unknown. If the API rotated the secret, the new secret is lost, and the one in state %s. The next apply rotates it again.", valid), err)
}
