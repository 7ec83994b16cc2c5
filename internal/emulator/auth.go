package emulator

import (
	"errors"
	"net/http"
	"strings"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator/api"
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
		return h(r)
	}
}

// missingScope is how the API says that a key may not do something: 401, not
// 403.
func missingScope(scope string) *api.Error {
	return api.Unauthorized("", "You have insufficient permissions for this operation. Missing scopes: %s. "+
		"Check that you have the correct role in your organization, and if you're using a restricted API key, that it has the necessary scopes.", scope)
}
