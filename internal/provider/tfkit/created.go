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

type removalKey struct{}

// Removal says why a read removed an object from state.
type Removal struct{ confirmed bool }

// Confirmed reports that the API showed the end of the object, rather than
// answering that it does not exist.
func (r *Removal) Confirmed() bool { return r.confirmed }

// WithRemoval returns a context for one read.
func WithRemoval(ctx context.Context) (context.Context, *Removal) {
	removal := &Removal{}
	return context.WithValue(ctx, removalKey{}, removal), removal
}

// ConfirmRemoval says that the API showed the end of the object.
func ConfirmRemoval(ctx context.Context) {
	if removal, ok := ctx.Value(removalKey{}).(*Removal); ok {
		removal.confirmed = true
	}
}
