// Package seal encrypts the secrets of keys to age recipients, so that only
// the holder of an identity can read them.
package seal

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"filippo.io/age"
	"filippo.io/age/agessh"
	"filippo.io/age/armor"
	"golang.org/x/crypto/ssh"
)

// maxSize is the maximum size of a secret to decrypt. Secrets are short; a
// sealed one for a hundred recipients is still far below.
const maxSize = 1 << 20

// Sealer seals secrets to its recipients.
type Sealer struct{ recipients []age.Recipient }

// New makes a sealer for at least one recipient: age1… (X25519), age1pq1…
// (post-quantum hybrid), or a public SSH key (ssh-ed25519, ssh-rsa). Hybrid
// ones cannot be mixed with others, which would undo their protection.
func New(recipients []string) (*Sealer, error) {
	if len(recipients) == 0 {
		return nil, errors.New("at least one recipient is needed")
	}
	s := &Sealer{}
	hybrid := 0
	for _, text := range recipients {
		recipient, err := parseRecipient(text)
		if err != nil {
			return nil, err
		}
		if _, ok := recipient.(*age.HybridRecipient); ok {
			hybrid++
		}
		s.recipients = append(s.recipients, recipient)
	}
	if hybrid != 0 && hybrid != len(recipients) {
		return nil, errors.New("post-quantum recipients (age1pq1…) cannot be mixed with others, which would undo their protection")
	}
	return s, nil
}

// CheckRecipient returns the error of an invalid recipient.
func CheckRecipient(text string) error {
	_, err := parseRecipient(text)
	return err
}

func parseRecipient(text string) (age.Recipient, error) {
	switch {
	case strings.HasPrefix(strings.ToUpper(text), "AGE-SECRET-KEY-"), strings.Contains(text, "PRIVATE KEY"):
		return nil, errors.New("this is a private key. A recipient is the public key, which age-keygen -y prints, or the .pub file of an SSH key")
	case strings.ContainsAny(text, "\r\n"):
		return nil, errors.New("a recipient is a single line")
	case strings.HasPrefix(text, "age1"):
		found, err := age.ParseRecipients(strings.NewReader(text))
		if err != nil {
			return nil, fmt.Errorf("%q is no age recipient: its checksum or length is wrong", text)
		}
		return found[0], nil
	case strings.HasPrefix(text, "ssh-"):
		recipient, err := agessh.ParseRecipient(text)
		if err != nil {
			return nil, fmt.Errorf("%q is no SSH key that can be used: it must be of the kind ssh-ed25519, or ssh-rsa of 2048 bits or more", text)
		}
		return recipient, nil
	default:
		return nil, fmt.Errorf("%q is no recipient: it must begin with age1 (an age key) or ssh-ed25519 or ssh-rsa (an SSH key)", text)
	}
}

// Seal encrypts a secret. The result is armored text, and another one each
// time.
func (s *Sealer) Seal(secret string) (string, error) {
	var out bytes.Buffer
	armored := armor.NewWriter(&out)
	encrypted, err := age.Encrypt(armored, s.recipients...)
	if err != nil {
		return "", err
	}
	if _, err := io.WriteString(encrypted, secret); err != nil {
		return "", err
	}
	if err := errors.Join(encrypted.Close(), armored.Close()); err != nil {
		return "", err
	}
	return out.String(), nil
}

// Open decrypts a sealed secret with an identity: the content of an age key
// file, or a private SSH key. Errors hold nothing of either.
func Open(sealed, identity string) (string, error) {
	identities, err := parseIdentities(identity)
	if err != nil {
		return "", err
	}
	if len(sealed) > maxSize {
		return "", fmt.Errorf("the sealed value is larger than %d KiB", maxSize>>10)
	}
	plain, err := age.Decrypt(armor.NewReader(strings.NewReader(sealed)), identities...)
	if err != nil {
		if _, ok := errors.AsType[*age.NoIdentityMatchError](err); ok {
			return "", errors.New("the identity does not decrypt the value, which is encrypted to other recipients")
		}
		return "", errors.New("it is not a sealed value, or a damaged one")
	}
	secret, err := io.ReadAll(io.LimitReader(plain, maxSize))
	if err != nil {
		return "", errors.New("the sealed value is damaged")
	}
	return string(secret), nil
}

func parseIdentities(text string) ([]age.Identity, error) {
	if strings.Contains(text, "-----BEGIN") {
		return parseSSH(text)
	}
	var identities []age.Identity
	number := 0
	for line := range strings.Lines(text) {
		number++
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		found, err := age.ParseIdentities(strings.NewReader(line))
		if err != nil {
			// age's own words can hold a piece of the key.
			return nil, fmt.Errorf("line %d of the identity is no age identity (AGE-SECRET-KEY-…)", number)
		}
		identities = append(identities, found...)
	}
	if len(identities) == 0 {
		return nil, errors.New("the identity is empty")
	}
	return identities, nil
}

func parseSSH(text string) ([]age.Identity, error) {
	var key strings.Builder // without indentation, which PEM does not allow
	for line := range strings.Lines(text) {
		key.WriteString(strings.TrimSpace(line) + "\n")
	}
	identity, err := agessh.ParseIdentity([]byte(key.String()))
	if _, ok := errors.AsType[*ssh.PassphraseMissingError](err); ok {
		return nil, errors.New("the SSH key is protected by a passphrase, which cannot be entered here. Use a key without one, or an age identity")
	}
	if err != nil {
		return nil, errors.New("the identity is no SSH key of a kind that can be used (ed25519 or RSA)")
	}
	return []age.Identity{identity}, nil
}
