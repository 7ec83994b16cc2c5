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

// admin lets holders of an admin key in: owners may do everything, others may
// read.
func (s *Server) admin(h api.Handler) api.Handler {
	return func(r *api.Request) (any, error) {
		secret := bearer(r.Request)
		if secret == "" {
			return nil, api.Unauthorized("", "You didn't provide an API key. Provide it in an Authorization header using Bearer auth.")
		}
		scope := "api.management.read"
		if r.Method != http.MethodGet {
			scope = "api.management.write"
		}
		adminKey, err := r.Tx.AdminKeyBySecret(secret)
		switch {
		case errors.Is(err, store.ErrNotFound):
			if _, err := r.Tx.APIKeyBySecret(secret); err == nil {
				return nil, missingScope(scope)
			}
			return nil, api.Unauthorized("invalid_api_key", "Incorrect API key provided.")
		case err != nil:
			return nil, err
		case adminKey.ExpiresAt != nil && r.Now() >= *adminKey.ExpiresAt:
			return nil, api.Unauthorized("expired_api_key", "The API key provided has expired.")
		}
		if r.Caller, err = r.Tx.User(adminKey.UserID); err != nil {
			return nil, err
		}
		if r.Caller.Role != "owner" && r.Method != http.MethodGet {
			return nil, missingScope(scope)
		}
		r.AdminKeyID = adminKey.ID
		if err := r.Tx.TouchAdminKey(adminKey, r.Caller, r.Now()); err != nil {
			return nil, err
		}
		return h(r)
	}
}

// visitor lets browsers in: without more ado from this machine, otherwise with
// an admin key as password.
func (s *Server) visitor(h api.Handler) api.Handler {
	return func(r *api.Request) (any, error) {
		if isLocal(r.Request) {
			return h(r)
		}
		err := error(api.Unauthorized("", "From another machine the page needs an admin key: any user name, and the key as password."))
		if _, password, given := r.BasicAuth(); given {
			var answer any
			r.Header.Set("Authorization", "Bearer "+password)
			if answer, err = s.admin(h)(r); err == nil {
				return answer, nil
			}
		}
		r.Reply.Set("WWW-Authenticate", `Basic realm="openai-admin emulate", charset="UTF-8"`)
		return nil, err
	}
}

// isLocal says whether a request comes from this machine and means it. A page
// of somebody else in a browser here can send requests to us under a name of
// its own; its name gives it away.
func isLocal(r *http.Request) bool {
	peer, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil || !isLoopback(peer) {
		return false
	}
	host := r.Host
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	return host == "localhost" || isLoopback(strings.Trim(host, "[]"))
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

// call lets holders of a project's key in, if the key and its owner may do
// what the scope says.
func (s *Server) call(scope string, h api.Handler) api.Handler {
	return func(r *api.Request) (any, error) {
		secret := bearer(r.Request)
		if secret == "" {
			return nil, api.Unauthorized("", "You didn't provide an API key. Provide it in an Authorization header using Bearer auth.")
		}
		key, err := r.Tx.APIKeyBySecret(secret)
		switch {
		case errors.Is(err, store.ErrNotFound):
			if _, err := r.Tx.AdminKeyBySecret(secret); err == nil {
				return nil, noAdministration(r)
			}
			return nil, api.Unauthorized("invalid_api_key", "Incorrect API key provided. You can find your API key at https://platform.openai.com/account/api-keys.")
		case err != nil:
			return nil, err
		case key.Expired(r.Now()):
			return nil, api.Unauthorized("expired_api_key", "The API key provided has expired.")
		}
		if r.Organization, err = r.Tx.Setting(seed.OrganizationID); err != nil {
			return nil, err
		}
		r.Reply.Set("Openai-Organization", r.Organization)
		r.Reply.Set("Openai-Project", key.ProjectID)
		r.Reply.Set("Openai-Version", "2020-10-01")
		if named := r.Header.Get("OpenAI-Organization"); named != "" && named != r.Organization {
			return nil, api.Unauthorized("mismatched_organization", "OpenAI-Organization header should match organization for API key.")
		}
		if named := r.Header.Get("OpenAI-Project"); named != "" && named != key.ProjectID {
			return nil, api.Unauthorized("mismatched_project", "OpenAI-Project header should match project for API key.")
		}
		allowed, err := r.Tx.HasAccess(key)
		if err != nil {
			return nil, err
		}
		if !allowed || !permits(key.Scopes, scope) {
			return nil, missingScope(scope)
		}
		r.Key = key
		if err := r.Tx.TouchAPIKey(key, r.Now()); err != nil {
			return nil, err
		}
		return h(r)
	}
}

// permits says whether the scopes of a key hold the one that is needed. No
// scopes are all of them; writing does not imply reading.
func permits(scopes []string, needed string) bool {
	return len(scopes) == 0 || slices.Contains(scopes, needed) ||
		strings.HasSuffix(needed, ".read") && slices.Contains(scopes, "api.all.read") ||
		needed == api.ScopeRequest && slices.Contains(scopes, "api."+api.ScopeRequest)
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
