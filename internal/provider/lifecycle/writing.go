package lifecycle

import (
	"context"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/cache"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

// mayChange reports whether there is a client that may change something, and
// adds an error when there is none.
func (k *kernel[M]) mayChange(diags *diag.Diagnostics) bool {
	if k.client == nil {
		diags.AddError("Provider not configured", "The provider was not configured before a change was applied. This is a bug in Terraform or in the provider: please report it.")
	}
	if k.client != nil && k.client.ReadOnly() {
		diags.AddError("Provider is read-only", "read_only = true in the provider block permits no change, so nothing was sent for "+k.typeName()+". Remove it, or apply with a provider block that has no read_only.")
	}
	return !diags.HasError()
}

func (k *kernel[M]) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	if !k.mayChange(&resp.Diagnostics) {
		return
	}
	ctx, end := k.withTimeout(ctx, "create", req.Plan.Raw)
	defer end()
	if !k.checkCreateOrganization(ctx, &resp.Diagnostics) {
		return
	}
	ctx, change := k.client.Ownership.Begin(ctx)
	k.claim(ctx, change, req.Plan.Raw, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, warnOfLostAnswers := tfkit.WarnOfLostAnswers(ctx)
	call := &Call[M]{
		Client: k.client,
		Config: model[M](ctx, tfsdk.State(req.Config), &resp.Diagnostics),
		Plan:   model[M](ctx, tfsdk.State(req.Plan), &resp.Diagnostics),
		Diags:  &resp.Diagnostics, planned: req.Plan.Raw,
	}
	call.checkpoint = func(ctx context.Context, m M) {
		k.save(ctx, m, req.Plan.Raw, &resp.State, resp.Identity, call.Diags)
		if id := k.watchedID(m); id != "" {
			k.saveSeen(ctx, resp.Private, resp.Private, id, call.Diags)
		}
	}
	k.write(ctx, call, k.create, call.Plan)
	k.keepPlanned(ctx, req.Config.Raw, tftypes.Value{}, req.Plan.Raw, &resp.State, resp.Private, &resp.Diagnostics)
	k.recordCreated(resp.State)
	k.saveOrganization(ctx, resp.State, resp.Private, &resp.Diagnostics)
	k.saveCreated(ctx, resp)
	if !resp.State.Raw.IsNull() {
		k.saveMembers(ctx, resp.Private, &resp.Diagnostics)
	}
	warnOfLostAnswers(&resp.Diagnostics)
	_ = change.Claim(ctx, k.Paths(ctx, resp.State.Raw).Known()...) // names known from the answer; nothing is sent after it, so that no wait can fail
}

func (k *kernel[M]) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	if !k.mayChange(&resp.Diagnostics) {
		return
	}
	if sameObject(req.Plan.Raw, req.State.Raw) {
		k.saveTimeouts(ctx, req, resp)
		return
	}
	ctx, end := k.withTimeout(ctx, "update", req.Plan.Raw)
	defer end()
	if !k.completeIDs(ctx, &req.State, &resp.Diagnostics) ||
		!k.findOrganization(ctx, req.State.Raw, req.Private, "Nothing was changed.", &resp.Diagnostics) {
		return
	}
	ctx, change := k.client.Ownership.Begin(ctx)
	k.claim(ctx, change, req.Plan.Raw, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, warnOfLostAnswers := tfkit.WarnOfLostAnswers(ctx)
	call := &Call[M]{
		Client: k.client,
		Config: model[M](ctx, tfsdk.State(req.Config), &resp.Diagnostics),
		Plan:   model[M](ctx, tfsdk.State(req.Plan), &resp.Diagnostics),
		State:  model[M](ctx, req.State, &resp.Diagnostics),
		Diags:  &resp.Diagnostics, planned: req.Plan.Raw,
		membersAt: readMembers(ctx, req.Private, &resp.Diagnostics),
	}
	call.checkpoint = func(ctx context.Context, m M) {
		k.save(ctx, m, req.Plan.Raw, &resp.State, resp.Identity, call.Diags)
		if id := k.watchedID(m); id != "" {
			k.saveChanged(ctx, req.Private, resp.Private, id, call.Diags)
		}
	}
	labeled := call.State
	if !k.hasOwnID {
		labeled = call.Plan // its values say more than a name
	}
	k.write(ctx, call, k.update, labeled)
	k.saveMembers(ctx, resp.Private, &resp.Diagnostics)
	k.keepPlanned(ctx, req.Config.Raw, req.State.Raw, req.Plan.Raw, &resp.State, resp.Private, &resp.Diagnostics)
	warnOfLostAnswers(&resp.Diagnostics)
	_ = change.Claim(ctx, k.Paths(ctx, resp.State.Raw).Known()...) // names known from the answer; nothing is sent after it, so that no wait can fail
	resp.Diagnostics.Append(resp.Private.SetKey(ctx, planKey, nil)...)
	if k.checkOrganization(ctx, req.State.Raw, req.Private, "The change may have been made there.", &resp.Diagnostics) {
		k.saveOrganization(ctx, resp.State, resp.Private, &resp.Diagnostics)
	}
}

// write calls the hook of a create or an update, and saves the result.
func (k *kernel[M]) write(ctx context.Context, call *Call[M], hook func(ctx context.Context, call *Call[M]) error, labeled M) {
	if call.Diags.HasError() {
		return
	}
	err := hook(ctx, call)
	if err != nil && adminapi.MayHaveActed(err) && k.isWritten(ctx, call) {
		err = nil
	}
	if err != nil {
		// After the hook, so that a created object is named with its id.
		label := k.core.Label(labeled)
		if part, ok := errors.AsType[*partError](err); ok {
			label = part.label
		}
		tfkit.AddAPIError(call.Diags, label, err)
	}
	if !call.Diags.HasError() {
		call.Checkpoint(ctx, call.Plan)
	}
}

// isWritten reads a setting after a write without a usable answer, and reports
// whether it has all planned values.
func (k *kernel[M]) isWritten(ctx context.Context, call *Call[M]) bool {
	if k.hasOwnID {
		return false // adminapi searches for the object of a create with unknown outcome
	}
	var diags diag.Diagnostics
	present := k.copied(ctx, call.Plan, &diags)
	if diags.HasError() || k.core.Read(cache.PastSnapshot(ctx), &Call[M]{Client: call.Client, State: present, Diags: &diags}) != nil {
		return false
	}
	read := valuesOf(k.raw(ctx, present, &diags))
	if diags.HasError() {
		return false
	}
	for name, value := range valuesOf(call.planned) {
		if name != timeoutsName && !isTime(name) && value.IsFullyKnown() && !value.Equal(read[name]) && !sameSpelling(name, value, read[name]) {
			return false
		}
	}
	call.Plan = present
	return true
}

func (k *kernel[M]) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	if !k.mayChange(&resp.Diagnostics) {
		return
	}
	ctx, end := k.withTimeout(ctx, "delete", req.State.Raw)
	defer end()
	if !k.completeIDs(ctx, &req.State, &resp.Diagnostics) ||
		!k.findOrganization(ctx, req.State.Raw, req.Private, "Nothing was deleted.", &resp.Diagnostics) {
		return
	}
	ctx, change := k.client.Ownership.Begin(ctx)
	k.deleteUnlessOwned(ctx, change, req, resp)
	// Another organization answers 404, which counts as deleted: this error keeps
	// the object in state.
	k.checkOrganization(ctx, req.State.Raw, req.Private, "It stays in state.", &resp.Diagnostics)
}

// remove calls a hook of a delete.
func (k *kernel[M]) remove(ctx context.Context, call *Call[M], hook func(ctx context.Context, call *Call[M]) error, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	call.Client, call.Diags = k.client, &resp.Diagnostics
	call.State = model[M](ctx, req.State, call.Diags)
	call.membersAt = readMembers(ctx, req.Private, call.Diags)
	if call.Diags.HasError() {
		return
	}
	label := k.core.Label(call.State)
	if err := hook(ctx, call); err != nil {
		call.AddError(label, err)
	}
}
