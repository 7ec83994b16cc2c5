package adminapi

import (
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// The API may store a text in another form than the one that was sent. An object
// is found in a list anyway.

// sameName reports whether two names differ at most in spaces and in their
// Unicode form.
func sameName(a, b string) bool { return nameForm(a) == nameForm(b) }

func nameForm(name string) string {
	return strings.Join(strings.Fields(norm.NFC.String(name)), " ")
}

// addresses are e-mail addresses in lower case, sorted.
func addresses(emails []string) []string {
	lower := make([]string, len(emails))
	for i, email := range emails {
		lower[i] = strings.ToLower(email)
	}
	slices.Sort(lower)
	return lower
}

// IsNamed reports whether a name of the API is the configured one. Terraform
// composes strings, and the API may store another Unicode form.
func IsNamed(stored, configured string) bool {
	return norm.NFC.String(stored) == norm.NFC.String(configured)
}
