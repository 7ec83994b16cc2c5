package lifecycle

import (
	"context"
	"errors"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

// With refresh_mode = "audit_log", an object is only read when the organization's
// audit log has an event about it. The time at which an object was last read
// is kept in its private state.

const verifiedKey = "verified"

// Watched is an object as the audit log knows it.
type Watched struct {
	ID string
	// Parents are the objects with whose end it ends.
	Parents []string
	// Expires is when it changes without an event, in Unix seconds, if ever.
	Expires types.Int64
	// Harmless says which events leave it as it is in state; nil for none.
	Harmless func(adminapi.Event) bool
}

// isUnchanged says whether the state of an object needs no read, because the
// object has no events since it was last seen. If not, it returns the events of
// the object, if any.
func (k *kernel[M]) isUnchanged(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse, object Watched, identity map[string]types.String) (changes []adminapi.Event, unchanged bool) {
	k.client.Know(object.ID)
	if !k.client.ChangeLog.Followed() {
		return nil, false
	}
	seen := readVerified(ctx, req.Private, &resp.Diagnostics)
	if !k.client.ChangeLog.Covers(seen) || object.Expires.ValueInt64() > 0 && object.Expires.ValueInt64() <= k.client.Now().Unix() {
		return nil, false
	}
	changes, err := k.client.ChangeLog.Changes(ctx, seen, object.ID, object.Parents...)
	if errors.Is(err, adminapi.ErrLogUnusable) && ctx.Err() == nil {
		resp.Diagnostics.AddWarning("Audit log is not available", err.Error()+
			".\n\nThe plan reads every object instead, as with refresh_mode = \"full\". Enable audit logging in the organization's settings, and give the admin key the permission to read the log.")
	}
	if err != nil || resp.Diagnostics.HasError() {
		return nil, false
	}
	if object.Harmless != nil {
		changes = slices.DeleteFunc(changes, object.Harmless)
	}
	if len(changes) > 0 {
		return changes, false
	}
	setIdentity(ctx, resp.Identity, &resp.Diagnostics, identity)
	return nil, true
}

// saveSeen keeps that an object was read or created just now.
func (k *kernel[M]) saveSeen(ctx context.Context, before tfkit.PrivateReader, after tfkit.PrivateWriter, id string, diags *diag.Diagnostics) {
	if k.client.ChangeLog.Followed() {
		tfkit.SavePrivate(ctx, after, verifiedKey, k.client.ChangeLog.Verified(readVerified(ctx, before, diags), id), diags)
	}
}

// saveChanged keeps that we changed an object without reading it before.
func (k *kernel[M]) saveChanged(ctx context.Context, before tfkit.PrivateReader, after tfkit.PrivateWriter, id string, diags *diag.Diagnostics) {
	if seen := readVerified(ctx, before, diags); seen.At > 0 {
		tfkit.SavePrivate(ctx, after, verifiedKey, k.client.ChangeLog.Changed(seen, id), diags)
	}
}

func readVerified(ctx context.Context, private tfkit.PrivateReader, diags *diag.Diagnostics) adminapi.Verified {
	seen, _ := tfkit.ReadPrivate[adminapi.Verified](ctx, private, verifiedKey, diags)
	return seen
}
