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

// Removal says why a read removed an object from state, or left it as it was.
type Removal struct{ confirmed, unread bool }

// Unread reports that the object was not read, because the audit log has no
// events for it.
func (r *Removal) Unread() bool { return r.unread }

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

// markUnread says that the object was not read.
func markUnread(ctx context.Context) {
	if removal, ok := ctx.Value(removalKey{}).(*Removal); ok {
		removal.unread = true
	}
}
