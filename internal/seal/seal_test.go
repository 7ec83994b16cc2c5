package seal

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"encoding/pem"
	"strings"
	"testing"

	"filippo.io/age"
	"golang.org/x/crypto/ssh"
)

const secret = "sk-svcacct-0123456789"

// pair is a recipient and the identity that decrypts for it.
type pair struct{ recipient, identity string }

func x25519(t testing.TB) pair {
	t.Helper()
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	return pair{identity.Recipient().String(), identity.String()}
}

func hybrid(t testing.TB) pair {
	t.Helper()
	identity, err := age.GenerateHybridIdentity()
	if err != nil {
		t.Fatal(err)
	}
	return pair{identity.Recipient().String(), identity.String()}
}

func sshPair(t testing.TB, private any, public any, passphrase string) pair {
	t.Helper()
	key, err := ssh.NewPublicKey(public)
	if err != nil {
		t.Fatal(err)
	}
	var block *pem.Block
	if passphrase == "" {
		block, err = ssh.MarshalPrivateKey(private, "")
	} else {
		block, err = ssh.MarshalPrivateKeyWithPassphrase(private, "", []byte(passphrase))
	}
	if err != nil {
		t.Fatal(err)
	}
	return pair{strings.TrimSpace(string(ssh.MarshalAuthorizedKey(key))) + " ada@example.com", string(pem.EncodeToMemory(block))}
}

func sshEd25519(t testing.TB, passphrase string) pair {
	t.Helper()
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return sshPair(t, private, public, passphrase)
}

func sshRSA(t testing.TB) pair {
	t.Helper()
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	return sshPair(t, private, private.Public(), "")
}

func encrypt(t testing.TB, recipients ...string) string {
	t.Helper()
	s, err := New(recipients)
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := s.Seal(secret)
	if err != nil {
		t.Fatal(err)
	}
	return sealed
}

func TestEveryKindOfRecipientOpens(t *testing.T) {
	for name, p := range map[string]pair{
		"X25519": x25519(t), "post-quantum": hybrid(t), "SSH ed25519": sshEd25519(t, ""), "SSH RSA": sshRSA(t),
	} {
		sealed := encrypt(t, p.recipient)
		if !strings.HasPrefix(sealed, "-----BEGIN AGE ENCRYPTED FILE-----\n") || strings.Contains(sealed, secret) {
			t.Errorf("%s: the sealed value is %s", name, sealed)
		}
		if plain, err := Open(sealed, p.identity); err != nil || plain != secret {
			t.Errorf("%s: opened to %q, %v", name, plain, err)
		}
		// Text in a configuration may be indented and end anyhow.
		if plain, err := Open(strings.TrimSpace(sealed), "\n# mine\n  "+p.identity+"\n\n"); err != nil || plain != secret {
			t.Errorf("%s: opened to %q, %v when indented", name, plain, err)
		}
		if sealed == encrypt(t, p.recipient) {
			t.Errorf("%s: the same sealed value twice", name)
		}
	}
}

func TestEveryRecipientOpensAlone(t *testing.T) {
	ours, theirs, old := x25519(t), sshEd25519(t, ""), x25519(t)
	sealed := encrypt(t, ours.recipient, theirs.recipient)
	for _, identity := range []string{ours.identity, theirs.identity, old.identity + "\n" + ours.identity} {
		if plain, err := Open(sealed, identity); err != nil || plain != secret {
			t.Errorf("opened to %q, %v", plain, err)
		}
	}
}

func TestWhatDoesNotOpen(t *testing.T) {
	ours, other, locked := x25519(t), x25519(t), sshEd25519(t, "passphrase")
	sealed := encrypt(t, ours.recipient)
	for name, test := range map[string]struct{ sealed, identity, message string }{
		"another identity": {sealed, other.identity, "encrypted to other recipients"},
		"SSH key":          {sealed, sshEd25519(t, "").identity, "encrypted to other recipients"},
		"passphrase":       {sealed, locked.identity, "protected by a passphrase"},
		"no identity":      {sealed, " \n# nothing\n", "the identity is empty"},
		"broken identity":  {sealed, "# mine\n" + ours.identity[:40], "line 2 of the identity"},
		"public key":       {sealed, ours.recipient, "line 1 of the identity"},
		"broken SSH key":   {sealed, "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----", "no SSH key"},
		"not sealed":       {secret, ours.identity, "not a sealed value"},
		"cut":              {sealed[:len(sealed)/2], ours.identity, "not a sealed value, or a damaged one"},
		"changed":          {flip(sealed), ours.identity, "damaged"},
		"enormous":         {strings.Repeat("A", maxSize+1), ours.identity, "larger than 1024 KiB"},
	} {
		plain, err := Open(test.sealed, test.identity)
		if err == nil || plain != "" || !strings.Contains(err.Error(), test.message) {
			t.Errorf("%s: %q, %v", name, plain, err)
			continue
		}
		if strings.Contains(err.Error(), secret) || strings.Contains(err.Error(), "AGE-SECRET-KEY-1") {
			t.Errorf("%s: the error contains a secret: %v", name, err)
		}
	}
}

// flip changes the last character of the payload that is no padding.
func flip(sealed string) string {
	body, end, _ := strings.Cut(sealed, "\n-----END")
	at := len(strings.TrimRight(body, "=")) - 2
	changed := byte('A')
	if body[at] == 'A' {
		changed = 'B'
	}
	return body[:at] + string(changed) + body[at+1:] + "\n-----END" + end
}

func TestRecipientsThatAreNone(t *testing.T) {
	classic, quantum, ssh := x25519(t), hybrid(t), sshEd25519(t, "")
	for name, test := range map[string]struct {
		recipients []string
		message    string
	}{
		"none":         {nil, "at least one"},
		"typo":         {[]string{classic.recipient[:60] + "qq"}, "is no age recipient"},
		"empty":        {[]string{""}, "is no recipient"},
		"word":         {[]string{"ops@example.com"}, "is no recipient"},
		"private key":  {[]string{classic.identity}, "this is a private key"},
		"private SSH":  {[]string{ssh.identity}, "this is a private key"},
		"broken SSH":   {[]string{"ssh-ed25519 AAAA"}, "is no SSH key"},
		"other SSH":    {[]string{"ssh-dss AAAA"}, "is no SSH key"},
		"several":      {[]string{classic.recipient + "\n" + classic.recipient}, "a single line"},
		"mixed":        {[]string{classic.recipient, quantum.recipient}, "cannot be mixed"},
		"mixed, other": {[]string{quantum.recipient, ssh.recipient}, "cannot be mixed"},
	} {
		_, err := New(test.recipients)
		if err == nil || !strings.Contains(err.Error(), test.message) {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if strings.Contains(err.Error(), "AGE-SECRET-KEY-1") {
			t.Errorf("%s: the error holds the private key", name)
		}
	}
	if err := CheckRecipient(quantum.recipient); err != nil {
		t.Error(err)
	}
}
