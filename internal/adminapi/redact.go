package adminapi

import (
	"regexp"
	"strings"
	"sync"
)

// secretPattern matches every kind of key the platform issues: sk-…,
// sk-proj-…, sk-svcacct-…, sk-admin-…. Redacted forms such as sk-admin...abc
// contain dots and are left alone.
var secretPattern = regexp.MustCompile(`sk-[A-Za-z0-9_-]{8,}`)

// redact removes everything that may be a secret from text that came from the
// server or from a transport error.
func redact(text string, secrets ...Secret) string {
	for _, secret := range secrets {
		if !secret.IsEmpty() {
			text = strings.ReplaceAll(text, secret.Reveal(), "(redacted)")
		}
	}
	return secretPattern.ReplaceAllString(text, "(redacted)")
}

// knownSecrets are the admin key and the secrets that this process created.
type knownSecrets struct {
	mu  sync.Mutex
	all []Secret
}

func (k *knownSecrets) add(secret string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.all = append(k.all, NewSecret(secret))
}

// redact is the function of this name for the known secrets.
func (k *knownSecrets) redact(text string) string {
	k.mu.Lock()
	defer k.mu.Unlock()
	return redact(text, k.all...)
}
