package workloadidentity

import (
	"encoding/json"
	"fmt"
	"net/url"
	"reflect"
	"strings"
	"unicode"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

// issuer accepts the issuer of OpenID Connect tokens: a URL that tokens name
// letter by letter, so it must be one that tokens can name.
func issuer() validator.String {
	return tfkit.Rule("the HTTPS URL of an OpenID Connect issuer", func(value string) string {
		if problem := tfkit.HTTPSProblem(value); problem != "" {
			return problem
		}
		if strings.ContainsAny(value, "?#") {
			return fmt.Sprintf("must have no query and no fragment, got %q", value)
		}
		if strings.HasSuffix(value, "/.well-known/openid-configuration") {
			return "must be the issuer itself, without /.well-known/openid-configuration"
		}
		return ""
	})
}

// audience accepts what tokens carry as their audience: a text, or a URI when
// it has a colon.
func audience() validator.String {
	return tfkit.Rule("the audience of tokens", func(value string) string {
		switch {
		case value == "":
			return "must not be empty"
		case strings.ContainsFunc(value, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }):
			return fmt.Sprintf("must not contain white space, got %q", value)
		case strings.Contains(value, ":"):
			if u, err := url.Parse(value); err != nil || u.Scheme == "" {
				return fmt.Sprintf("must be a URI when it has a colon, such as https://api.openai.com/v1, got %q", value)
			}
		}
		return ""
	})
}

// keySet accepts public keys in the form of a JSON Web Key Set.
func keySet() validator.String {
	return tfkit.Rule("a JSON Web Key Set of public keys", func(value string) string {
		var set struct {
			Keys []map[string]json.RawMessage `json:"keys"`
		}
		if err := json.Unmarshal([]byte(value), &set); err != nil || len(set.Keys) == 0 {
			return `must be a JSON Web Key Set: {"keys": [...]} with at least one key`
		}
		for i, key := range set.Keys {
			if _, ok := key["kty"]; !ok {
				return fmt.Sprintf("is no JSON Web Key Set: key %d has no kty", i)
			}
			// The private part of RSA and elliptic keys, and symmetric keys.
			for _, private := range []string{"d", "k"} {
				if _, ok := key[private]; ok {
					return fmt.Sprintf("must hold public keys only: key %d has its private part", i)
				}
			}
		}
		return ""
	})
}

// sameJSON reports whether two texts hold the same JSON. Layout and the order of
// fields may differ.
func sameJSON(a, b string) bool {
	var first, second any
	return json.Unmarshal([]byte(a), &first) == nil && json.Unmarshal([]byte(b), &second) == nil && reflect.DeepEqual(first, second)
}
