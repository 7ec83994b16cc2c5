package transport

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
)

// Sensitive stands where a secret would be printed.
const Sensitive = "(sensitive)"

// Secret is a text that is never printed: not by fmt, encoding/json or slog.
type Secret struct {
	// A pointer, as fmt prints unexported fields without calling Format.
	text *string
}

// NewSecret returns a secret with this text.
func NewSecret(text string) Secret { return Secret{&text} }

// Reveal returns the text.
func (s Secret) Reveal() string {
	if s.text == nil {
		return ""
	}
	return *s.text
}

// IsEmpty reports whether there is no secret.
func (s Secret) IsEmpty() bool { return s.Reveal() == "" }

// Format implements fmt.Formatter, for every verb.
func (Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, Sensitive) }

// String implements fmt.Stringer.
func (Secret) String() string { return Sensitive }

// MarshalText implements encoding.TextMarshaler, for JSON and maps of it, too.
func (Secret) MarshalText() ([]byte, error) { return []byte(Sensitive), nil }

// LogValue implements slog.LogValuer.
func (Secret) LogValue() slog.Value { return slog.StringValue(Sensitive) }

// No key was given that could authenticate a call.
var (
	ErrNoAdminKey   = errors.New("no admin key is set")
	ErrNoProjectKey = errors.New("no API key of a project is set")
)

// ParseAdminKey returns an admin key as it was given, without the white space
// around it, such as the line break that ends a file. It refuses a text that
// cannot be an admin key. Its errors do not show the text, which may be another
// secret.
func ParseAdminKey(given string) (Secret, error) {
	key := strings.TrimSpace(given)
	const what = "an admin key"
	switch {
	case key == "":
		return Secret{}, ErrNoAdminKey
	case strings.HasPrefix(key, "sk-proj-"), strings.HasPrefix(key, "sk-svcacct-"):
		return refuseKey(what, "it is a project key, which cannot administer an organization")
	}
	return parseKey(what, key)
}

// ParseProjectKey is ParseAdminKey for the API key of a project.
func ParseProjectKey(given string) (Secret, error) {
	key := strings.TrimSpace(given)
	const what = "an API key of a project"
	switch {
	case key == "":
		return Secret{}, ErrNoProjectKey
	case strings.HasPrefix(key, "sk-admin-"):
		return refuseKey(what, "it is an admin key, which belongs in admin_api_key (OPENAI_ADMIN_KEY)")
	}
	return parseKey(what, key)
}

func refuseKey(what, reason string) (Secret, error) {
	return Secret{}, errors.New("the value is not " + what + ": " + reason)
}

// parseKey refuses texts that are keys of no kind.
func parseKey(what, key string) (Secret, error) {
	refuse := func(reason string) (Secret, error) { return refuseKey(what, reason) }
	isKey := func(r rune) bool { return r > ' ' && r < 0x7f }
	switch {
	case strings.HasPrefix(key, "org-"):
		return refuse("it is an organization ID (org-…), which belongs in organization (OPENAI_ORG_ID)")
	case strings.HasPrefix(key, "proj_"):
		return refuse("it is a project ID (proj_…)")
	case strings.HasPrefix(strings.ToLower(key), "bearer "):
		return refuse("it starts with Bearer, which the provider adds to the key itself")
	case strings.ContainsAny(key, "\"'`"):
		return refuse("it contains quotation marks, which are not part of the key")
	case len(strings.Fields(key)) > 1:
		return refuse("it contains white space")
	case strings.ContainsFunc(key, func(r rune) bool { return !isKey(r) }):
		return refuse("it contains characters that no key has, such as invisible ones or an ellipsis")
	}
	return NewSecret(key), nil
}
