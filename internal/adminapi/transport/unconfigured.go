package transport

import (
	"errors"
	"fmt"
	"net/http"
)

// ErrNotConfigured fails every call of an unconfigured client, at once.
var ErrNotConfigured = errors.New("the provider is not configured yet")

// IsNotConfigured reports whether nothing was sent because the provider's
// settings are not known yet.
func IsNotConfigured(err error) bool { return errors.Is(err, ErrNotConfigured) }

type refusingTransport struct{ reason string }

// Refusing returns a transport that fails every call for this reason.
func Refusing(reason string) http.RoundTripper { return refusingTransport{reason} }

func (t refusingTransport) RoundTrip(*http.Request) (*http.Response, error) {
	return nil, fmt.Errorf("%w: %s", ErrNotConfigured, t.reason)
}
