package tfkit

import (
	"context"
	"encoding/json"
	"strconv"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
)

// When nobody knows whether a creation has worked, the object is left in state
// without an id, and what is needed to find out in the private state. Terraform
// calls such an object tainted; the next run looks for it, and replaces it.

const pendingKey = "pending"

// PrivateReader and PrivateWriter are what requests and responses offer of the
// private state.
type PrivateReader interface {
	GetKey(ctx context.Context, key string) ([]byte, diag.Diagnostics)
}

// PrivateWriter is described at PrivateReader.
type PrivateWriter interface {
	SetKey(ctx context.Context, key string, value []byte) diag.Diagnostics
}

// SavePending keeps a pending creation.
func SavePending(ctx context.Context, private PrivateWriter, pending *adminapi.Pending, diags *diag.Diagnostics) {
	data, err := json.Marshal(pending)
	if err != nil {
		diags.AddError("The private state cannot be written", err.Error())
		return
	}
	diags.Append(private.SetKey(ctx, pendingKey, data)...)
}

// ReadPending returns the pending creation of an object without an id.
func ReadPending(ctx context.Context, private PrivateReader, diags *diag.Diagnostics) (pending adminapi.Pending) {
	data, problems := private.GetKey(ctx, pendingKey)
	diags.Append(problems...)
	if len(data) > 0 {
		if err := json.Unmarshal(data, &pending); err != nil {
			diags.AddError("The private state cannot be read", err.Error())
		}
	}
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
	diags.Append(private.SetKey(ctx, createdKey, strconv.AppendInt(nil, now.Unix(), 10))...)
}

// ReadCreated returns that time in Unix seconds, 0 when it was not kept.
func ReadCreated(ctx context.Context, private PrivateReader, diags *diag.Diagnostics) int64 {
	data, problems := private.GetKey(ctx, createdKey)
	diags.Append(problems...)
	at, _ := strconv.ParseInt(string(data), 10, 64) // nothing kept is long ago
	return at
}
