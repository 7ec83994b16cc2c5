package workloadidentity

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
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

// audience accepts the audience of tokens: a text, or a URI when it has a
// colon.
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
		ids := map[string]bool{}
		for i, key := range set.Keys {
			var id string
			if json.Unmarshal(key["kid"], &id) != nil || id == "" || ids[id] {
				return fmt.Sprintf("must have a unique kid for each key: key %d has none, or that of another key", i)
			}
			ids[id] = true
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

// discoveryURL accepts the place of a discovery document that OpenAI can fetch.
func discoveryURL() validator.String {
	return tfkit.Rule("a public HTTPS URL", func(value string) string {
		if problem := tfkit.HTTPSProblem(value); problem != "" {
			return problem
		}
		u, err := url.Parse(value)
		if err != nil || u.Port() != "" || strings.ContainsAny(value, "?#") {
			return fmt.Sprintf("must have no port, no query and no fragment, got %q", value)
		}
		if ip := net.ParseIP(u.Hostname()); u.Hostname() == "localhost" || ip != nil && (ip.IsLoopback() || ip.IsPrivate() || ip.IsLinkLocalUnicast()) {
			return fmt.Sprintf("must be public, got %q. Configure the keys of an issuer that OpenAI cannot reach with jwks", value)
		}
		return ""
	})
}

// noAdministration refuses scopes of the Administration API.
func noAdministration() validator.String {
	return tfkit.Rule("a scope of a project", func(value string) string {
		if strings.HasPrefix(value, tfkit.AdministrationScope) {
			return fmt.Sprintf("must not be a scope of the Administration API, got %q", value)
		}
		return ""
	})
}

// ownAttribute warns of a transformation that no rule can name.
type ownAttribute struct{}

const attributePrefix = "openai."

func (ownAttribute) Description(context.Context) string {
	return "an attribute that begins with " + attributePrefix
}

func (v ownAttribute) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (ownAttribute) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if name := req.ConfigValue.ValueString(); !strings.HasPrefix(name, attributePrefix) {
		resp.Diagnostics.AddAttributeWarning(req.Path, "Rules cannot match the attribute", fmt.Sprintf(
			"Rules match an attribute transformation only if its name begins with %s. Name it %s%s, also in attribute_matchers.", attributePrefix, attributePrefix, name))
	}
}

// sameJSON reports whether two texts hold the same JSON. Layout and the order of
// fields may differ.
func sameJSON(a, b string) bool {
	var first, second any
	return json.Unmarshal([]byte(a), &first) == nil && json.Unmarshal([]byte(b), &second) == nil && reflect.DeepEqual(first, second)
}
