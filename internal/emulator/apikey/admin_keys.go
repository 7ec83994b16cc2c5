package apikey

import (
	"strings"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator/api"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/store"
)

type adminKeyReply struct {
	ID            string     `json:"id"`
	Object        string     `json:"object"`
	Name          string     `json:"name"`
	RedactedValue string     `json:"redacted_value"`
	CreatedAt     int64      `json:"created_at"`
	LastUsedAt    *int64     `json:"last_used_at"`
	ExpiresAt     *int64     `json:"expires_at"`
	Owner         adminOwner `json:"owner"`
}

// newAdminKeyReply is the one answer that has the secret.
type newAdminKeyReply struct {
	adminKeyReply
	Value string `json:"value"`
}

type adminOwner struct {
	Type      string `json:"type"`
	Object    string `json:"object"`
	ID        string `json:"id"`
	Name      string `json:"name"`
	CreatedAt int64  `json:"created_at"`
	Role      string `json:"role"`
}

func adminReply(r *api.Request, k store.AdminKey) (adminKeyReply, error) {
	owner, err := r.Tx.User(k.UserID)
	kind := "user"
	if r.Behavior.AdminKeysOfServiceAccounts { // assumption A-15
		kind = "service_account"
	}
	return adminKeyReply{
		ID: k.ID, Object: "organization.admin_api_key", Name: k.Name, RedactedValue: k.RedactedValue,
		CreatedAt: k.CreatedAt, LastUsedAt: k.LastUsedAt, ExpiresAt: k.ExpiresAt,
		Owner: adminOwner{Type: kind, Object: "organization.user", ID: owner.ID, Name: owner.Name, CreatedAt: owner.AddedAt, Role: owner.Role},
	}, err
}

func listAdminKeys(r *api.Request) (any, error) {
	keys, err := r.Tx.AdminKeys()
	if err != nil {
		return nil, err
	}
	replies := make([]adminKeyReply, len(keys))
	for i, k := range keys {
		if replies[i], err = adminReply(r, k); err != nil {
			return nil, err
		}
	}
	return api.Paginate(r, replies, func(k adminKeyReply) string { return k.ID }, api.Usual, "asc")
}

func createAdminKey(r *api.Request) (any, error) {
	var body struct {
		Name             string              `json:"name"`
		ExpiresInSeconds api.Optional[int64] `json:"expires_in_seconds"`
	}
	if err := api.Decode(r, &body); err != nil {
		return nil, err
	}
	expiresAt, err := api.Expiry(body.ExpiresInSeconds, r.Now())
	if err != nil {
		return nil, err
	}
	if strings.TrimSpace(body.Name) == "" {
		return nil, api.BadRequest("name", "Missing required parameter: 'name'.")
	}
	secret := store.NewSecret(store.AdminSecretPrefix)
	key, err := r.Tx.AddAdminKey(store.AdminKey{
		UserID: r.Caller.ID, Name: body.Name, SecretHash: store.Hash(secret),
		RedactedValue: store.Redact(secret, store.AdminSecretPrefix), CreatedAt: r.Now(), ExpiresAt: expiresAt,
	})
	if err != nil {
		return nil, err
	}
	if err := r.Log("api_key.created", api.Change{ID: key.ID}); err != nil {
		return nil, err
	}
	reply, err := adminReply(r, key)
	return newAdminKeyReply{adminKeyReply: reply, Value: secret}, err
}

func pathAdminKey(r *api.Request) (store.AdminKey, error) {
	id := r.PathValue("key_id")
	key, err := r.Tx.AdminKey(id)
	return key, api.Or(err, api.NotFound("admin API key", id))
}

func getAdminKey(r *api.Request) (any, error) {
	key, err := pathAdminKey(r)
	if err != nil {
		return nil, err
	}
	return adminReply(r, key)
}

func removeAdminKey(r *api.Request) (any, error) {
	key, err := pathAdminKey(r)
	if err != nil {
		return nil, err
	}
	if err := r.Tx.RemoveAdminKey(key.ID); err != nil {
		return nil, err
	}
	return api.Deleted{ID: key.ID, Object: "organization.admin_api_key.deleted", Deleted: true}, r.Log("api_key.deleted", api.Change{ID: key.ID})
}
