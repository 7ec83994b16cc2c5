package transport

import (
	"errors"
	"net/http"
)

// NotConfiguredError fails every call of an unconfigured client, at once.
type NotConfiguredError struct {
	// Reason says what is not known yet, and what to do.
	Reason string
}

func (e *NotConfiguredError) Error() string { return "the provider is not configured yet: " + e.Reason }

// IsNotConfigured reports whether nothing was sent because the provider's
// settings are not known yet.
func IsNotConfigured(err error) bool {
	_, is := errors.AsType[*NotConfiguredError](err)
	return is
}

type refusingTransport struct{ reason string }

// Refusing returns a transport that fails every call for this reason.
func Refusing(reason string) http.RoundTripper { return refusingTransport{reason} }

func (t refusingTransport) RoundTrip(*http.Request) (*http.Response, error) {
	return nil, &NotConfiguredError{t.reason}
}
