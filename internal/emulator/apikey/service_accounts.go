// Package apikey serves service accounts, the keys of projects and the admin keys
// of the organization.
package apikey

import (
	"slices"
	"strings"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator/api"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/store"
)

// Routes registers the endpoints of keys.
func Routes(router api.Router) {
	const accounts = "/organization/projects/{project_id}/service_accounts"
	router.Handle("GET "+accounts, listAccounts)
	router.Handle("POST "+accounts, createAccount)
	router.Handle("GET "+accounts+"/{service_account_id}", getAccount)
	router.Handle("POST "+accounts+"/{service_account_id}", updateAccount)
	router.Handle("DELETE "+accounts+"/{service_account_id}", removeAccount)
	router.Handle("POST "+accounts+"/{service_account_id}/api_keys", createKey)

	const keys = "/organization/projects/{project_id}/api_keys"
	router.Handle("GET "+keys, listKeys)
	router.Handle("GET "+keys+"/{key_id}", getKey)
	router.Handle("POST "+keys+"/{key_id}", updateKey)
	router.Handle("DELETE "+keys+"/{key_id}", removeKey)

	router.Handle("GET /organization/admin_api_keys", listAdminKeys)
	router.Handle("POST /organization/admin_api_keys", createAdminKey)
	router.Handle("GET /organization/admin_api_keys/{key_id}", getAdminKey)
	router.Handle("DELETE /organization/admin_api_keys/{key_id}", removeAdminKey)

	router.Control("POST /key_policies", putPolicy)
	router.Control("POST /projects/{project_id}/user_keys", createUserKey)
	router.Control("POST /api_keys/use", useKey)
}

// The roles of a service account in its project. One without role gets its
// access from groups alone.
const (
	roleNone   = "none"
	roleMember = "member"
	roleOwner  = "owner"
)

type accountReply struct {
	ID        string `json:"id"`
	Object    string `json:"object"`
	Name      string `json:"name"`
	Role      string `json:"role"`
	CreatedAt int64  `json:"created_at"`
}

// auditRole has the fields of a service account in the audit log.
type auditRole struct {
	Role string `json:"role,omitempty"`
}

// newAccountReply also has the key that was made with the account, or null.
type newAccountReply struct {
	accountReply
	APIKey *newKeyReply `json:"api_key"`
}

func newReply(a store.ServiceAccount) accountReply {
	return accountReply{ID: a.ID, Object: "organization.project.service_account", Name: a.Name, Role: a.Role, CreatedAt: a.CreatedAt}
}

// pathAccount returns the service account named in the path.
func pathAccount(r *api.Request) (store.ServiceAccount, error) {
	project, err := api.ActiveProject(r)
	if err != nil {
		return store.ServiceAccount{}, err
	}
	id := r.PathValue("service_account_id")
	account, err := r.Tx.ServiceAccount(project.ID, id)
	if err == nil && account.Deleted() {
		err = store.ErrNotFound
	}
	return account, api.Or(err, api.NotFound("service account", id))
}

func listAccounts(r *api.Request) (any, error) {
	project, err := api.ActiveProject(r)
	if err != nil {
		return nil, err
	}
	accounts, err := r.Tx.ServiceAccounts(project.ID)
	if err != nil {
		return nil, err
	}
	accounts = slices.DeleteFunc(accounts, store.ServiceAccount.Deleted)
	replies := make([]accountReply, len(accounts))
	for i, a := range accounts {
		replies[i] = newReply(a)
	}
	return api.Paginate(r, replies, func(a accountReply) string { return a.ID }, api.Usual, api.Unordered)
}

func getAccount(r *api.Request) (any, error) {
	account, err := pathAccount(r)
	return newReply(account), err
}

func createAccount(r *api.Request) (any, error) {
	var body struct {
		Name                     string              `json:"name"`
		CreateServiceAccountOnly api.Optional[bool]  `json:"create_service_account_only"`
		ExpiresInSeconds         api.Optional[int64] `json:"expires_in_seconds"`
	}
	project, err := api.ActiveProject(r)
	if err != nil {
		return nil, err
	}
	if err := api.Decode(r, &body); err != nil {
		return nil, err
	}
	expiresAt, err := api.Expiry(body.ExpiresInSeconds, r.Now())
	accountOnly := body.CreateServiceAccountOnly.Value
	switch {
	case err != nil:
		return nil, err
	case project.IsDefault:
		return nil, api.BadRequest("", "Service accounts cannot be added to the default project.")
	case strings.TrimSpace(body.Name) == "":
		return nil, api.BadRequest("name", "Missing required parameter: 'name'.")
	case accountOnly && expiresAt != nil:
		return nil, api.BadRequest("expires_in_seconds", "'expires_in_seconds' cannot be used with 'create_service_account_only'.")
	}
	account := store.ServiceAccount{ProjectID: project.ID, Name: body.Name, Role: roleMember, CreatedAt: r.Now()}
	if accountOnly {
		account.Role = roleNone
	}
	if account, err = r.Tx.AddServiceAccount(account); err != nil {
		return nil, err
	}
	if err := r.Log("service_account.created", api.Change{ID: account.ID, Data: auditRole{account.Role}}); err != nil {
		return nil, err
	}
	reply := newAccountReply{accountReply: newReply(account)}
	if !accountOnly {
		key, err := issue(r, store.APIKey{ProjectID: account.ProjectID, ServiceAccountID: &account.ID, Name: "Secret Key", ExpiresAt: expiresAt})
		if err != nil {
			return nil, err
		}
		reply.APIKey = &key
	}
	return reply, nil
}

func updateAccount(r *api.Request) (any, error) {
	var body struct {
		Name api.Optional[string] `json:"name"`
		Role api.Optional[string] `json:"role"`
	}
	account, err := pathAccount(r)
	if err != nil {
		return nil, err
	}
	if err := api.Decode(r, &body); err != nil {
		return nil, err
	}
	switch {
	case body.Name.Set() && strings.TrimSpace(body.Name.Value) == "":
		return nil, api.BadRequest("name", "'name' must not be empty.")
	case body.Role.Set() && body.Role.Value != roleMember && body.Role.Value != roleOwner:
		return nil, api.BadRequest("role", "Invalid value: %q. Supported values are: 'member', 'owner'.", body.Role.Value)
	}
	if body.Name.Set() {
		account.Name = body.Name.Value
	}
	if body.Role.Set() {
		account.Role = body.Role.Value
	}
	if err := r.Tx.UpdateServiceAccount(account); err != nil {
		return nil, err
	}
	return newReply(account), r.Log("service_account.updated", api.Change{ID: account.ID, Requested: auditRole{body.Role.Value}})
}

func removeAccount(r *api.Request) (any, error) {
	account, err := pathAccount(r)
	if err != nil {
		return nil, err
	}
	// Assumption A-10.
	remove := func() error { return r.Tx.RemoveServiceAccount(account.ID) }
	if r.Behavior.KeepsKeysOfDeleted {
		remove = func() error { return r.Tx.HideServiceAccount(account) }
	}
	if err := remove(); err != nil {
		return nil, err
	}
	// Assumption: that its keys go with it is not an event of its own.
	return api.Deleted{ID: account.ID, Object: "organization.project.service_account.deleted", Deleted: true},
		r.Log("service_account.deleted", api.Change{ID: account.ID})
}
