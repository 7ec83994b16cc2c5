package seal

import (
	"strings"
	"testing"
)

// Keys for tests only, which decrypt the committed corpus.
const (
	fuzzRecipient = "age1spqt5nwkaeqsawjds3d5ktqf5seqqxa57hd5ru0dcfuxxyqd0y8s0zf6ku"
	fuzzIdentity  = "AGE-SECRET-KEY-1TJMAYTN8W2X8JT8EC6XX0CK9UAFPR9XP6KC5H2JG64LE6U2G6KRQR6N4W5"
)

// For any text as a sealed value, opening it ends without a panic, with the
// secret or with an error, which holds nothing of the identity.
func FuzzOpen(f *testing.F) {
	for _, seed := range []string{"", secret, "-----BEGIN AGE ENCRYPTED FILE-----\n-----END AGE ENCRYPTED FILE-----\n", encrypt(f, fuzzRecipient)} {
		f.Add(seed, fuzzIdentity)
	}
	f.Add("age-encryption.org/v1\n", "-----BEGIN OPENSSH PRIVATE KEY-----\n")
	f.Fuzz(func(t *testing.T, sealed, identity string) {
		for _, identity := range []string{identity, fuzzIdentity} {
			plain, err := Open(sealed, identity)
			if err != nil && (plain != "" || strings.Contains(err.Error(), fuzzIdentity[20:])) {
				t.Errorf("%q, %v", plain, err)
			}
		}
	})
}

// Any secret is the same after it was sealed and opened.
func FuzzSeal(f *testing.F) {
	for _, seed := range []string{"", secret, "\x00\xff", strings.Repeat("long ", 20000)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, plain string) {
		s, err := New([]string{fuzzRecipient})
		if err != nil {
			t.Fatal(err)
		}
		sealed, err := s.Seal(plain)
		if err != nil {
			t.Fatal(err)
		}
		opened, err := Open(sealed, fuzzIdentity)
		if err != nil || opened != plain {
			t.Errorf("%d bytes came back as %d, %v", len(plain), len(opened), err)
		}
	})
}
