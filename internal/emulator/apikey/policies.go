package apikey

import (
	"errors"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator/api"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/store"
)

// The API has no endpoints for policies, keys of people and the use of keys:
// on the real platform these happen in the dashboard and in programs. Here they
// are controls.

// codePolicy is the error code of a refusal by a policy. The real one is not
// known.
const codePolicy = "api_key_policy_violation"

// allowed says whether the policies allow a new key.
func allowed(r *api.Request, key store.APIKey) error {
	policy, err := r.Tx.KeyPolicy(key.ProjectID)
	if err != nil {
		return err
	}
	kind, other := "service accounts", store.CreationUsers
	if key.UserID != nil {
		kind, other = "users", store.CreationServiceAccounts
	}
	if policy.Creation == store.CreationOff || policy.Creation == other {
		answer := api.BadRequest("", "A policy of your organization or project does not allow new API keys of %s.", kind)
		answer.Code = codePolicy
		return answer
	}
	return shortEnough(r, key)
}

// shortEnough says whether the policies allow the life of a key.
func shortEnough(r *api.Request, key store.APIKey) error {
	policy, err := r.Tx.KeyPolicy(key.ProjectID)
	if err != nil || policy.MaxLifetimeSeconds == nil {
		return err
	}
	if most := *policy.MaxLifetimeSeconds; key.ExpiresAt == nil || *key.ExpiresAt-r.Now() > most {
		answer := api.BadRequest("expires_in_seconds", "A policy of your organization or project requires API keys to expire: 'expires_in_seconds' must be set, to at most %d.", most)
		answer.Code = codePolicy
		return answer
	}
	return nil
}

type policyReply struct {
	Object             string `json:"object"`
	ProjectID          string `json:"project_id,omitempty"`
	MaxLifetimeSeconds *int64 `json:"max_lifetime_seconds"`
	Creation           string `json:"creation"`
}

// putPolicy sets the policy of a project, or of the organization.
func putPolicy(r *api.Request) (any, error) {
	var body struct {
		ProjectID          string `json:"project_id"`
		MaxLifetimeSeconds *int64 `json:"max_lifetime_seconds"`
		Creation           string `json:"creation"`
	}
	if err := api.Decode(r, &body); err != nil {
		return nil, err
	}
	switch body.Creation {
	case "":
		body.Creation = store.CreationAny
	case store.CreationAny, store.CreationServiceAccounts, store.CreationUsers, store.CreationOff:
	default:
		return nil, api.BadRequest("creation", "Invalid value: %q. Supported values are: 'any', 'service_accounts', 'users', 'off'.", body.Creation)
	}
	if body.MaxLifetimeSeconds != nil && *body.MaxLifetimeSeconds < 1 {
		return nil, api.BadRequest("max_lifetime_seconds", "'max_lifetime_seconds' must be at least 1.")
	}
	if body.ProjectID != "" {
		if _, err := r.Tx.Project(body.ProjectID); err != nil {
			return nil, api.Or(err, api.NotFound("project", body.ProjectID))
		}
	}
	return policyReply{Object: "emulator.key_policy", ProjectID: body.ProjectID, MaxLifetimeSeconds: body.MaxLifetimeSeconds, Creation: body.Creation},
		r.Tx.PutKeyPolicy(store.KeyPolicy{ProjectID: body.ProjectID, MaxLifetimeSeconds: body.MaxLifetimeSeconds, Creation: body.Creation})
}

// createUserKey makes a key of a person, as that person does in the dashboard.
func createUserKey(r *api.Request) (any, error) {
	var body struct {
		UserID           string              `json:"user_id"`
		Name             string              `json:"name"`
		ExpiresInSeconds api.Optional[int64] `json:"expires_in_seconds"`
	}
	project, err := api.ActiveProject(r)
	if err != nil {
		return nil, err
	}
	if err := api.Decode(r, &body); err != nil {
		return nil, err
	}
	expiresAt, err := api.Expiry(body.ExpiresInSeconds, r.Now())
	if err != nil {
		return nil, err
	}
	if _, err := r.Tx.User(body.UserID); err != nil {
		return nil, api.Or(err, api.NotFound("user", body.UserID))
	}
	return issue(r, store.APIKey{ProjectID: project.ID, UserID: &body.UserID, Name: body.Name, ExpiresAt: expiresAt})
}

type useReply struct {
	Object    string `json:"object"`
	ID        string `json:"id"`
	ProjectID string `json:"project_id"`
}

// useKey records the use of a key by a program.
func useKey(r *api.Request) (any, error) {
	var body struct {
		Secret string `json:"secret"`
	}
	if err := api.Decode(r, &body); err != nil {
		return nil, err
	}
	key, err := r.Tx.UseAPIKey(body.Secret, r.Now())
	switch {
	case errors.Is(err, store.ErrNotFound):
		return nil, api.Unauthorized("invalid_api_key", "Incorrect API key provided.")
	case errors.Is(err, store.ErrExpired):
		return nil, api.Unauthorized("expired_api_key", "The API key provided has expired.")
	case err != nil:
		return nil, err
	}
	return useReply{Object: "emulator.use", ID: key.ID, ProjectID: key.ProjectID}, nil
}
