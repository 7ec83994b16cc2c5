package store

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
)

// Secret prefixes by the owner of a key.
const (
	AdminSecretPrefix          = "sk-admin-"
	ServiceAccountSecretPrefix = "sk-svcacct-"
	UserSecretPrefix           = "sk-proj-"
)

// NewSecret makes the secret of a key. Secrets are random also where ids are
// not.
func NewSecret(prefix string) string { return prefix + rand.Text() + rand.Text() }

// Hash is how secrets are kept.
func Hash(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// Redact is the form of a secret that may be shown again.
func Redact(secret, prefix string) string {
	return prefix + "..." + secret[len(secret)-3:]
}
