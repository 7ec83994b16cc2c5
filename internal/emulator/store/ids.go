package store

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"fmt"
	"strings"
)

// NewID makes an id with this prefix.
func (tx *Tx) NewID(prefix string) (string, error) {
	noise, err := tx.noise(prefix)
	return prefix + strings.ToLower(base32.StdEncoding.EncodeToString(noise)[:24]), err
}

// NewHexID makes an id with this prefix and 32 hexadecimal digits.
func (tx *Tx) NewHexID(prefix string) (string, error) {
	noise, err := tx.noise(prefix)
	return prefix + digits(noise), err
}

// The API's own ids have several forms. The reference shows one of them, and
// public reports others, so every second object of a kind gets another form.

// newID makes an id in the documented form, prefix and letters, or in the one
// that other makes out of random bytes.
func (tx *Tx) newID(prefix string, other func(noise []byte) string) (string, error) {
	n, err := tx.count("forms of " + prefix)
	if err != nil {
		return "", err
	}
	if n%2 == 1 {
		return tx.NewID(prefix)
	}
	noise, err := tx.noise(prefix)
	return other(noise), err
}

// noise is 32 random bytes, or the next ones for this prefix when ids are
// repeatable.
func (tx *Tx) noise(prefix string) ([]byte, error) {
	noise := make([]byte, sha256.Size)
	if !tx.deterministic {
		_, err := rand.Read(noise)
		return noise, err
	}
	n, err := tx.count(prefix)
	sum := sha256.Sum256(fmt.Appendf(nil, "%s%d", prefix, n))
	return append(noise[:0], sum[:]...), err
}

// count returns how often it was called for this name, this call included.
func (tx *Tx) count(name string) (n int, err error) {
	return n, tx.QueryRowContext(tx.ctx, `INSERT INTO counters (name, value) VALUES (?, 1)
		ON CONFLICT (name) DO UPDATE SET value = value + 1 RETURNING value`, name).Scan(&n)
}

// digits are 32 hexadecimal digits.
func digits(noise []byte) string { return hex.EncodeToString(noise[:16]) }

// letters are 24 letters of both cases and digits.
func letters(noise []byte) string {
	const all = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	var text strings.Builder
	for _, b := range noise[:24] {
		text.WriteByte(all[int(b)%len(all)])
	}
	return text.String()
}

// prefixed is a form of letters behind a prefix.
func prefixed(prefix string) func([]byte) string {
	return func(noise []byte) string { return prefix + letters(noise) }
}
