package transport

import (
	"context"
	"errors"
	"fmt"
	"net/http"
)

type writesKey struct{}

// WithWrites permits the calls made with this context to change the
// organization. Without it the client only reads.
func WithWrites(ctx context.Context) context.Context {
	return context.WithValue(ctx, writesKey{}, true)
}

// WithoutWrites withdraws the permission that WithWrites gave.
func WithoutWrites(ctx context.Context) context.Context {
	return context.WithValue(ctx, writesKey{}, false)
}

// MayWrite reports whether calls made with this context may change the
// organization.
func MayWrite(ctx context.Context) bool {
	permitted, _ := ctx.Value(writesKey{}).(bool)
	return permitted
}

var errReadOnly = errors.New("read_only = true in the provider block permits no change")

// IsReadOnly reports whether a call was refused because the provider block
// permits no change.
func IsReadOnly(err error) bool { return errors.Is(err, errReadOnly) }

// checkWrites refuses requests that would change the organization while
// Terraform only reads or plans.
func checkWrites(req *http.Request) error {
	if req.Method == http.MethodGet || MayWrite(req.Context()) {
		return nil
	}
	return fmt.Errorf("%w: %s %s would change the organization during an operation that only reads. "+
		"This is a bug in the provider; please report it at https://github.com/allthingsai/terraform-provider-openai/issues",
		ErrNotSent, req.Method, req.URL.Path)
}
