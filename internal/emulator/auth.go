package emulator

import (
	"errors"
	"net"
	"net/http"
	"slices"
	"strings"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator/api"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/seed"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/store"
)

func bearer(r *http.Request) string {
	secret, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	return secret
}

// everybody accepts every request.
func everybody(*api.Request) error { return nil }

// admin lets holders of an admin key in: owners may do everything, others may
// read.
func (s *Server) admin(r *api.Request) error {
	secret := bearer(r.Request)
	if secret == "" {
		return api.Unauthorized("", "You didn't provide an API key. Provide it in an Authorization header using Bearer auth.")
	}
	scope := "api.management.read"
	if r.Method != http.MethodGet {
		scope = "api.management.write"
	}
	adminKey, err := r.Tx.AdminKeyBySecret(secret)
	switch {
	case errors.Is(err, store.ErrNotFound):
		if _, err := r.Tx.APIKeyBySecret(secret); err == nil {
			return missingScope(scope)
		}
		return api.Unauthorized("invalid_api_key", "Incorrect API key provided.")
	case err != nil:
		return err
	case adminKey.ExpiresAt != nil && r.Now() >= *adminKey.ExpiresAt:
		return api.Unauthorized("expired_api_key", "The API key provided has expired.")
	}
	if r.Caller, err = r.Tx.User(adminKey.UserID); err != nil {
		return err
	}
	if r.Caller.Role != "owner" && r.Method != http.MethodGet {
		return missingScope(scope)
	}
	r.AdminKeyID = adminKey.ID
	organization, err := r.Tx.Setting(seed.OrganizationID)
	if err != nil {
		return err
	}
	// Assumption: the Administration API names the organization as the
	// inference endpoints do, in errors, too.
	r.Reply.Set("Openai-Organization", organization)
	if named := r.Header.Get("OpenAI-Organization"); r.Behavior.ChecksOrganizationHeader && named != "" && named != organization {
		return mismatchedOrganization()
	}
	return r.Tx.TouchAdminKey(adminKey, r.Caller, r.Now())
}

// visitor lets browsers in: from this machine without a key, otherwise with an
// admin key as password.
func (s *Server) visitor(r *api.Request) error {
	if isLocal(r.Request) {
		return nil
	}
	err := error(api.Unauthorized("", "From another machine or through a proxy the page needs an admin key: any user name, and the key as password."))
	if _, password, given := r.BasicAuth(); given {
		r.Header.Set("Authorization", "Bearer "+password)
		if err = s.admin(r); err == nil {
			return nil
		}
	}
	r.Reply.Set("WWW-Authenticate", `Basic realm="openai-admin emulate", charset="UTF-8"`)
	return err
}

// isLocal says whether a request comes from a browser on this machine that was
// sent here by its user. Two others share the peer's address: a page of
// another site, whose name for this address (DNS rebinding) is in Host; and a
// proxy, which adds headers or, as nginx does, speaks HTTP/1.0.
func isLocal(r *http.Request) bool {
	peer, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil || !isLoopback(peer) || !r.ProtoAtLeast(1, 1) {
		return false
	}
	for name := range r.Header {
		if isProxyHeader(name) {
			return false
		}
	}
	host := r.Host
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	return host == "localhost" || isLoopback(strings.Trim(host, "[]"))
}

// isProxyHeader knows the headers of RFC 7239 and 9110, and those that proxies
// and content delivery networks use instead.
func isProxyHeader(name string) bool {
	switch name {
	case "Forwarded", "Via", "X-Real-Ip", "X-Client-Ip", "X-Cluster-Client-Ip", "X-Original-Host", "X-Envoy-External-Address",
		"True-Client-Ip", "Cf-Connecting-Ip", "Cf-Ray", "Fastly-Client-Ip", "Cdn-Loop":
		return true
	}
	return strings.HasPrefix(name, "X-Forwarded-")
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

// call lets holders of a project's key in, if the key and its owner have the
// scope.
func (s *Server) call(scope string) func(*api.Request) error {
	return func(r *api.Request) error {
		secret := bearer(r.Request)
		if secret == "" {
			return api.Unauthorized("", "You didn't provide an API key. Provide it in an Authorization header using Bearer auth.")
		}
		key, err := r.Tx.APIKeyBySecret(secret)
		switch {
		case errors.Is(err, store.ErrNotFound):
			if _, err := r.Tx.AdminKeyBySecret(secret); err == nil {
				return noAdministration(r)
			}
			return api.Unauthorized("invalid_api_key", "Incorrect API key provided. You can find your API key at https://platform.openai.com/account/api-keys.")
		case err != nil:
			return err
		case key.Expired(r.Now()):
			return api.Unauthorized("expired_api_key", "The API key provided has expired.")
		}
		if r.Organization, err = r.Tx.Setting(seed.OrganizationID); err != nil {
			return err
		}
		r.Reply.Set("Openai-Organization", r.Organization)
		r.Reply.Set("Openai-Project", key.ProjectID)
		r.Reply.Set("Openai-Version", "2020-10-01")
		if named := r.Header.Get("OpenAI-Organization"); named != "" && named != r.Organization {
			return mismatchedOrganization()
		}
		if named := r.Header.Get("OpenAI-Project"); named != "" && named != key.ProjectID {
			return api.Unauthorized("mismatched_project", "OpenAI-Project header should match project for API key.")
		}
		allowed, err := r.Tx.HasAccess(key)
		if err != nil {
			return err
		}
		if !allowed || !permits(key.Scopes, scope) {
			return missingScope(scope)
		}
		r.Key = key
		return r.Tx.TouchAPIKey(key, r.Now())
	}
}

// permits says whether the scopes of a key hold the one that is needed. No
// scopes are all of them; writing does not imply reading.
func permits(scopes []string, needed string) bool {
	return len(scopes) == 0 || slices.Contains(scopes, needed) ||
		strings.HasSuffix(needed, ".read") && slices.Contains(scopes, "api.all.read") ||
		needed == api.ScopeRequest && slices.Contains(scopes, "api."+api.ScopeRequest)
}

func mismatchedOrganization() *api.Error {
	return api.Unauthorized("mismatched_organization", "OpenAI-Organization header should match organization for API key.")
}

// noAdministration refuses an admin key where a project's key belongs.
func noAdministration(r *api.Request) *api.Error {
	return api.Unauthorized("", "Admin API keys can only be used with the Administration API, not with %s.", r.URL.Path)
}

// missingScope is how the API says that a key may not do something: 401, not
// 403.
func missingScope(scope string) *api.Error {
	return api.Unauthorized("", "You have insufficient permissions for this operation. Missing scopes: %s. "+
		"Check that you have the correct role in your organization, and if you're using a restricted API key, that it has the necessary scopes.", scope)
}
