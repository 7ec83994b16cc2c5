package tfkit

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
)

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
