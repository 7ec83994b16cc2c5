package adminapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/transport"
)

func TestSecretsAreNotPrinted(t *testing.T) {
	const text = "sk-admin-0123456789abcdef"
	secret := transport.NewSecret(text)
	if secret.Reveal() != text || secret.IsEmpty() || !(transport.Secret{}).IsEmpty() {
		t.Fatal("a secret does not return its text")
	}
	client, err := New(Config{AdminAPIKey: secret})
	if err != nil {
		t.Fatal(err)
	}
	type hidden struct {
		Shown  transport.Secret
		inside transport.Secret
		list   []transport.Secret
	}
	nested := hidden{secret, secret, []transport.Secret{secret}}
	for name, value := range map[string]any{
		"secret": secret, "pointer": &secret, "struct": nested, "pointer to a struct": &nested, "list": []transport.Secret{secret},
		"map": map[string]transport.Secret{"key": secret}, "key of a map": map[transport.Secret]int{secret: 1}, "configuration": Config{AdminAPIKey: secret},
		"client": client,
	} {
		var printed strings.Builder
		for _, verb := range "vsdqxXtbcoOUeEfFgGTp" {
			for _, flag := range []string{"", "+", "#", " ", "20", "-20.3"} {
				fmt.Fprintf(&printed, "%"+flag+string(verb), value)
			}
		}
		fmt.Fprintln(&printed, value)
		if name != "client" {
			encoded, err := json.Marshal(value)
			if err != nil && name != "configuration" {
				t.Errorf("%s: %v", name, err)
			}
			printed.Write(encoded)
		}
		var logged bytes.Buffer
		for _, handler := range []slog.Handler{slog.NewTextHandler(&logged, nil), slog.NewJSONHandler(&logged, nil)} {
			slog.New(handler).Info("message", "value", value)
		}
		all := printed.String() + logged.String()
		for _, form := range []string{text, fmt.Sprintf("%x", text), fmt.Sprintf("%X", text), fmt.Sprintf("% x", text), fmt.Sprintf("%v", []byte(text)), "sk-admin"} {
			if strings.Contains(all, form) {
				t.Errorf("%s is printed as %q", name, form)
			}
		}
		if name == "secret" && !strings.Contains(all, transport.Sensitive) {
			t.Errorf("%s is not printed as %s", name, transport.Sensitive)
		}
	}
}

func TestAdminKeysAreTrimmed(t *testing.T) {
	for _, given := range []string{"sk-admin-1", "sk-admin-1\n", "\r\n\t sk-admin-1 \r\n", "\u00a0sk-admin-1\u2028"} {
		if key, err := transport.ParseAdminKey(given); err != nil || key.Reveal() != "sk-admin-1" {
			t.Errorf("%q: %q, %v", given, key.Reveal(), err)
		}
	}
	for _, given := range []string{"", " ", "\n\t"} {
		if _, err := transport.ParseAdminKey(given); !errors.Is(err, transport.ErrNoAdminKey) {
			t.Errorf("%q: %v", given, err)
		}
	}
}

func TestWhatIsNoAdminKeyIsRefused(t *testing.T) {
	for given, reason := range map[string]string{
		"org-abcdef0123456789":        "organization ID",
		"proj_abcdef0123456789":       "project ID",
		"sk-proj-abcdef0123456789":    "project key",
		"sk-svcacct-abcdef0123456789": "project key",
		`"sk-admin-abcdef"`:           "quotation marks",
		"'sk-admin-abcdef'":           "quotation marks",
		"`sk-admin-abcdef":            "quotation marks",
		"Bearer sk-admin-abcdef":      "Bearer",
		"bearer sk-admin-abcdef":      "Bearer",
		"sk-admin-abcdef sk-admin-2":  "white space",
		"sk-admin-\nabcdef":           "white space",
		"sk-admin-\u00a0abcdef":       "white space",
		"sk-admin-abcdef…":            "no key has",
		"\ufeffsk-admin-abcdef":       "no key has",
		"sk-admin-\u200babcdef":       "no key has",
		"sk-admin-\x00abcdef":         "no key has",
		"sk-admin-\x1b[31mabcdef":     "no key has",
		"sk-admin-abcdéf":             "no key has",
	} {
		key, err := transport.ParseAdminKey(given)
		if err == nil || !strings.Contains(err.Error(), reason) || !key.IsEmpty() {
			t.Errorf("%q: %v", given, err)
			continue
		}
		if strings.Contains(err.Error(), "abcd") {
			t.Errorf("%q is shown: %v", given, err)
		}
	}
}
