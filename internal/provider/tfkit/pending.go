package tfkit

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
)

// When nobody knows whether a creation has worked, the object is left in state
// without an id, and what is needed to find out in the private state. Terraform
// calls such an object tainted; the next run looks for it, and replaces it.

const pendingKey = "pending"

// SavePending keeps a pending creation.
func SavePending(ctx context.Context, private PrivateWriter, pending *adminapi.Pending, diags *diag.Diagnostics) {
	SavePrivate(ctx, private, pendingKey, pending, diags)
}

// KeepPending keeps what was to be made, without its id, when its creation has
// failed in a way that leaves open whether it exists.
func KeepPending(ctx context.Context, resp *resource.CreateResponse, withoutID any, err error) {
	pending := adminapi.PendingCreation(err)
	if pending == nil {
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, withoutID)...)
	SavePending(ctx, resp.Private, pending, &resp.Diagnostics)
}

// NothingToDelete ends the deletion of an object whose creation was pending
// when a look for it has found nothing, or has failed.
func NothingToDelete(label string, missing bool, err error, diags *diag.Diagnostics) bool {
	if err != nil && !adminapi.IsNotFound(err) {
		AddAPIError(diags, label, err)
	}
	return missing || err != nil
}

// ReadPending returns the pending creation of an object without an id.
func ReadPending(ctx context.Context, private PrivateReader, diags *diag.Diagnostics) adminapi.Pending {
	pending, _ := ReadPrivate[adminapi.Pending](ctx, private, pendingKey, diags)
	return pending
}

// IsPending says whether a creation is pending.
func IsPending(ctx context.Context, private PrivateReader, diags *diag.Diagnostics) bool {
	return !ReadPending(ctx, private, diags).Since.IsZero()
}

// ClearPending forgets a creation that is resolved.
func ClearPending(ctx context.Context, private PrivateWriter, diags *diag.Diagnostics) {
	diags.Append(private.SetKey(ctx, pendingKey, nil)...)
}

const createdKey = "created_at"

// SaveCreated keeps the time at which an object was made that has no such
// attribute.
func SaveCreated(ctx context.Context, private PrivateWriter, now time.Time, diags *diag.Diagnostics) {
	SavePrivate(ctx, private, createdKey, now.Unix(), diags)
}

// ReadCreated returns that time in Unix seconds, 0 when it was not kept.
func ReadCreated(ctx context.Context, private PrivateReader, diags *diag.Diagnostics) int64 {
	at, _ := ReadPrivate[int64](ctx, private, createdKey, diags)
	return at
}
