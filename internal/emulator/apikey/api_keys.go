package apikey

import (
	"errors"
	"slices"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator/api"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/store"
)

// newKeyReply is the one answer that has the secret.
type newKeyReply struct {
	ID        string `json:"id"`
	Object    string `json:"object"`
	Name      string `json:"name"`
	Value     string `json:"value"`
	CreatedAt int64  `json:"created_at"`
	ExpiresAt *int64 `json:"expires_at"`
}

type keyReply struct {
	ID                 string   `json:"id"`
	Object             string   `json:"object"`
	Name               string   `json:"name"`
	RedactedValue      string   `json:"redacted_value"`
	CreatedAt          int64    `json:"created_at"`
	LastUsedAt         *int64   `json:"last_used_at"`
	ExpiresAt          *int64   `json:"expires_at"`
	Owner              keyOwner `json:"owner"`
	OwnerProjectAccess string   `json:"owner_project_access"`
}

type keyOwner struct {
	Type           string     `json:"type"`
	ServiceAccount *ownerInfo `json:"service_account,omitempty"`
	User           *ownerInfo `json:"user,omitempty"`
}

type ownerInfo struct {
	ID        string  `json:"id"`
	Email     *string `json:"email,omitempty"`
	Name      string  `json:"name"`
	Role      string  `json:"role"`
	CreatedAt int64   `json:"created_at"`
}

// auditScopes are the fields of a new key that only the audit log has. A key
// without scopes has none there, too: the SDKs do not expect null.
type auditScopes struct {
	Scopes []string `json:"scopes,omitzero"`
}

// requestedChanges are the changes of a key in the audit log.
type requestedChanges struct {
	Scopes           *[]string `json:"scopes,omitempty"`
	ExpiresInSeconds *int64    `json:"expires_in_seconds,omitempty"`
}

// The owner's access to the project: without a role there is none.
const (
	accessActive   = "active"
	accessInactive = "inactive"
)

// issue makes a key, if the policies allow it. Its secret leaves in the answer
// and stays nowhere.
func issue(r *api.Request, key store.APIKey) (newKeyReply, error) {
	if err := allowed(r, key); err != nil {
		return newKeyReply{}, err
	}
	prefix := store.ServiceAccountSecretPrefix
	if key.UserID != nil {
		prefix = store.UserSecretPrefix
	}
	secret := store.NewSecret(prefix)
	key.SecretHash, key.RedactedValue, key.CreatedAt = store.Hash(secret), store.Redact(secret, prefix), r.Now()
	key, err := r.Tx.AddAPIKey(key)
	if err != nil {
		return newKeyReply{}, err
	}
	return newKeyReply{
		ID: key.ID, Object: "organization.project.service_account.api_key", Name: key.Name, Value: secret, CreatedAt: key.CreatedAt, ExpiresAt: key.ExpiresAt,
	}, r.Log("api_key.created", api.Change{ID: key.ID, Data: auditScopes{key.Scopes}})
}

// scopes are those that documents name.
var scopes = []string{
	"api.all.read", "api.files.read", "api.responses.read", "api.responses.write", "api.model.read", "api.model.request", api.ScopeRequest,
}

// checkScopes refuses other scopes. Assumption A-13.
func checkScopes(r *api.Request, asked []string) error {
	for _, scope := range asked {
		if r.Behavior.RefusesUnknownScopes && !slices.Contains(scopes, scope) {
			return api.BadRequest("scopes", "Invalid scope: %q.", scope)
		}
	}
	return nil
}

func createKey(r *api.Request) (any, error) {
	var body struct {
		Name             api.Optional[string]   `json:"name"`
		Scopes           api.Optional[[]string] `json:"scopes"`
		ExpiresInSeconds api.Optional[int64]    `json:"expires_in_seconds"`
	}
	account, err := pathAccount(r)
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
	if err := checkScopes(r, body.Scopes.Value); err != nil {
		return nil, err
	}
	name := "Secret Key"
	if body.Name.Set() {
		name = body.Name.Value
	}
	return issue(r, store.APIKey{ProjectID: account.ProjectID, ServiceAccountID: &account.ID, Name: name, Scopes: body.Scopes.Value, ExpiresAt: expiresAt})
}

func reply(r *api.Request, k store.APIKey) (keyReply, error) {
	out := keyReply{
		ID: k.ID, Object: "organization.project.api_key", Name: k.Name, RedactedValue: k.RedactedValue,
		CreatedAt: k.CreatedAt, LastUsedAt: k.LastUsedAt, ExpiresAt: k.ExpiresAt, OwnerProjectAccess: accessActive,
	}
	if k.ServiceAccountID != nil {
		account, err := r.Tx.ServiceAccount(k.ProjectID, *k.ServiceAccountID)
		if err != nil {
			return out, err
		}
		out.Owner = keyOwner{Type: "service_account", ServiceAccount: &ownerInfo{
			ID: account.ID, Name: account.Name, Role: account.Role, CreatedAt: account.CreatedAt}}
		if account.Role == roleNone || account.Deleted() {
			out.OwnerProjectAccess = accessInactive
		}
		return out, nil
	}
	user, err := r.Tx.User(*k.UserID)
	if err != nil {
		return out, err
	}
	info := ownerInfo{ID: user.ID, Email: &user.Email, Name: user.Name, CreatedAt: user.AddedAt}
	member, err := r.Tx.ProjectUser(k.ProjectID, user.ID)
	switch {
	case errors.Is(err, store.ErrNotFound):
		out.OwnerProjectAccess = accessInactive
	case err != nil:
		return out, err
	default:
		info.Role = member.Role
	}
	out.Owner = keyOwner{Type: "user", User: &info}
	return out, nil
}

// listKeys hides, unless asked, the keys whose owner has no access to the
// project.
func listKeys(r *api.Request) (any, error) {
	project, err := api.ActiveProject(r)
	if err != nil {
		return nil, err
	}
	access := r.URL.Query().Get("owner_project_access")
	switch access {
	case "":
		access = accessActive
	case accessActive, accessInactive, "any":
	default:
		return nil, api.BadRequest("owner_project_access", "Invalid value: %q. Supported values are: 'active', 'inactive', 'any'.", access)
	}
	keys, err := r.Tx.APIKeys(project.ID)
	if err != nil {
		return nil, err
	}
	replies := []keyReply{}
	for _, k := range keys {
		one, err := reply(r, k)
		if err != nil {
			return nil, err
		}
		if access == "any" || access == one.OwnerProjectAccess {
			replies = append(replies, one)
		}
	}
	return api.Paginate(r, replies, func(k keyReply) string { return k.ID }, api.Usual, api.Unordered)
}

// pathKey returns the key named in the path.
func pathKey(r *api.Request) (store.APIKey, error) {
	project, err := api.ActiveProject(r)
	if err != nil {
		return store.APIKey{}, err
	}
	id := r.PathValue("key_id")
	key, err := r.Tx.APIKey(project.ID, id)
	return key, api.Or(err, api.NotFound("API key", id))
}

func getKey(r *api.Request) (any, error) {
	key, err := pathKey(r)
	if err != nil {
		return nil, err
	}
	return reply(r, key)
}

func updateKey(r *api.Request) (any, error) {
	var body struct {
		Scopes           api.Optional[[]string] `json:"scopes"`
		ExpiresInSeconds api.Optional[int64]    `json:"expires_in_seconds"`
	}
	key, err := pathKey(r)
	if err != nil {
		return nil, err
	}
	if err := api.Decode(r, &body); err != nil {
		return nil, err
	}
	expiresAt, err := api.Expiry(body.ExpiresInSeconds, r.Now())
	switch {
	case err != nil:
		return nil, err
	case !body.Scopes.Present && !body.ExpiresInSeconds.Present:
		return nil, api.BadRequest("", "At least one of 'scopes' and 'expires_in_seconds' is required.")
	case body.Scopes.Null:
		return nil, api.BadRequest("scopes", "'scopes' must not be null.")
	case body.ExpiresInSeconds.Null:
		return nil, api.BadRequest("expires_in_seconds", "'expires_in_seconds' must not be null.")
	case key.Expired(r.Now()):
		return nil, api.BadRequest("", "API key %s has expired and cannot be updated.", key.ID)
	}
	if err := checkScopes(r, body.Scopes.Value); err != nil {
		return nil, err
	}
	if body.Scopes.Present {
		key.Scopes = body.Scopes.Value
	}
	if expiresAt != nil {
		key.ExpiresAt = expiresAt
		if err := shortEnough(r, key); err != nil {
			return nil, err
		}
	}
	if err := r.Tx.UpdateAPIKey(key); err != nil {
		return nil, err
	}
	requested := requestedChanges{}
	if body.Scopes.Present {
		requested.Scopes = &key.Scopes
	}
	if body.ExpiresInSeconds.Present {
		requested.ExpiresInSeconds = &body.ExpiresInSeconds.Value
	}
	if err := r.Log("api_key.updated", api.Change{ID: key.ID, Requested: requested}); err != nil {
		return nil, err
	}
	return reply(r, key)
}

func removeKey(r *api.Request) (any, error) {
	key, err := pathKey(r)
	if err != nil {
		return nil, err
	}
	if err := r.Tx.RemoveAPIKey(key.ID); err != nil {
		return nil, err
	}
	return api.Deleted{ID: key.ID, Object: "organization.project.api_key.deleted", Deleted: true}, r.Log("api_key.deleted", api.Change{ID: key.ID})
}
