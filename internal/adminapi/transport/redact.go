package transport

import (
	"regexp"
	"strings"
	"sync"
)

// secretPattern matches every kind of key the platform issues: sk-…,
// sk-proj-…, sk-svcacct-…, sk-admin-…. Redacted forms such as sk-admin...abc
// contain dots and are left alone.
var secretPattern = regexp.MustCompile(`sk-[A-Za-z0-9_-]{8,}`)

// Redact removes everything that may be a secret from text that came from the
// server or from a transport error.
func Redact(text string, secrets ...Secret) string {
	for _, secret := range secrets {
		if !secret.IsEmpty() {
			text = strings.ReplaceAll(text, secret.Reveal(), "(redacted)")
		}
	}
	return secretPattern.ReplaceAllString(text, "(redacted)")
}

// KnownSecrets are the admin key and the secrets that this process created.
type KnownSecrets struct {
	mu  sync.Mutex
	all []Secret
}

func (k *KnownSecrets) Add(secret string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.all = append(k.all, NewSecret(secret))
}

// Redact is the function of this name for the known secrets.
func (k *KnownSecrets) Redact(text string) string {
	k.mu.Lock()
	defer k.mu.Unlock()
	return Redact(text, k.all...)
}
