package adminapi

import (
	"errors"
	"fmt"
	"net/http"
)

// errNotConfigured fails every call of an unconfigured client, at once.
var errNotConfigured = errors.New("the provider is not configured yet")

// IsNotConfigured reports whether nothing was sent because the provider's
// settings are not known yet.
func IsNotConfigured(err error) bool { return errors.Is(err, errNotConfigured) }

type refusingTransport struct{ reason string }

// newRefusing returns a transport that fails every call for this reason.
func newRefusing(reason string) http.RoundTripper { return refusingTransport{reason} }

func (t refusingTransport) RoundTrip(*http.Request) (*http.Response, error) {
	return nil, fmt.Errorf("%w: %s", errNotConfigured, t.reason)
}
