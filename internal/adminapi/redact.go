package adminapi

import (
	"regexp"
	"strings"
)

// secretPattern matches every kind of key the platform issues: sk-…,
// sk-proj-…, sk-svcacct-…, sk-admin-…. Redacted forms such as sk-admin...abc
// contain dots and are left alone.
var secretPattern = regexp.MustCompile(`sk-[A-Za-z0-9_-]{8,}`)

// redact removes everything that may be a secret from text that came from the
// server or from a transport error.
func redact(text, adminKey string) string {
	if adminKey != "" {
		text = strings.ReplaceAll(text, adminKey, "(redacted)")
	}
	return secretPattern.ReplaceAllString(text, "(redacted)")
}
