package adminapi

import (
	"context"
	"slices"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"
	"github.com/openai/openai-go/v3/packages/pagination"
	"github.com/openai/openai-go/v3/packages/param"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/cache"
	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/transport"
)

const (
	apiKeysPath    = projectPath + "/api_keys"
	apiKeyPath     = apiKeysPath + "/{key_id}"
	accountKeyPath = serviceAccountPath + "/api_keys"
)

// NewAPIKey is the answer to the creation of a key: the only one that has its
// secret. It must never be printed as a whole.
type NewAPIKey = openai.AdminOrganizationProjectServiceAccountAPIKeyNewResponse

// APIKeys are the keys of projects.
type APIKeys struct {
	client     *Client
	sdk        openai.AdminOrganizationProjectAPIKeyService
	ofAccounts openai.AdminOrganizationProjectServiceAccountAPIKeyService
	shared     *cache.ByParent[openai.ProjectAPIKey]
}

func newAPIKeys(c *Client, sdk openai.AdminOrganizationProjectAPIKeyService, ofAccounts openai.AdminOrganizationProjectServiceAccountAPIKeyService) *APIKeys {
	return &APIKeys{client: c, sdk: sdk, ofAccounts: ofAccounts, shared: lastIDLists(c, transport.Read("list API keys", apiKeysPath), pageSize,
		func(key openai.ProjectAPIKey) string { return key.ID },
		func(ctx context.Context, projectID string, opts ...option.RequestOption) (*pagination.ConversationCursorPage[openai.ProjectAPIKey], error) {
			return sdk.List(ctx, projectID, openai.AdminOrganizationProjectAPIKeyListParams{
				// Else the API hides the keys whose owner has no role in the project.
				OwnerProjectAccess: openai.AdminOrganizationProjectAPIKeyListParamsOwnerProjectAccessAny,
			}, opts...)
		})}
}

// Create creates a key of a service account. When the answer with the secret is
// lost, it creates a second key and reports the first one.
func (k *APIKeys) Create(ctx context.Context, projectID, serviceAccountID string, params openai.AdminOrganizationProjectServiceAccountAPIKeyNewParams) (*NewAPIKey, error) {
	return k.creation(projectID, serviceAccountID, params).run(ctx, k.client)
}

func (k *APIKeys) creation(projectID, serviceAccountID string, params openai.AdminOrganizationProjectServiceAccountAPIKeyNewParams) creation[NewAPIKey, openai.ProjectAPIKey] {
	shared := k.shared.Of(projectID)
	return creation[NewAPIKey, openai.ProjectAPIKey]{
		operation: "create API key",
		object:    "project_api_key",
		parent:    projectID + "/",
		alike:     serviceAccountID + "/" + params.Name.Value,
		send: func(ctx context.Context) (*NewAPIKey, error) {
			return call(ctx, k.client, transport.Create("create API key", accountKeyPath),
				func(ctx context.Context, opts ...option.RequestOption) (*NewAPIKey, error) {
					return k.ofAccounts.New(ctx, projectID, serviceAccountID, params, opts...)
				})
		},
		record: func(key NewAPIKey) {
			k.client.recent.Add(key.ID)
			k.client.ChangeLog.wrote(key.ID, APIKeyCreated)
			shared.Claim(key.ID)
		},
		list: shared,
		equal: func(key openai.ProjectAPIKey) bool {
			return sameName(key.Name, params.Name.Value) && key.Owner.ServiceAccount.ID == serviceAccountID &&
				expiresLike(params.ExpiresInSeconds, key.CreatedAt, key.ExpiresAt)
		},
		createdAt: func(key openai.ProjectAPIKey) int64 { return key.CreatedAt },
		secret:    true,
	}
}

// expiresLike compares a key's expiry with the one that was sent, which counts
// from the creation.
func expiresLike(sent param.Opt[int64], createdAt, expiresAt int64) bool {
	if !sent.Valid() {
		return expiresAt == 0
	}
	difference := expiresAt - createdAt - sent.Value
	return -1 <= difference && difference <= 1
}

// Claim records that a key is in a state: it is never mistaken for the result of a
// lost request, nor for an unmanaged key. An empty id is none.
func (k *APIKeys) Claim(projectID, id string) {
	if id != "" {
		k.shared.Of(projectID).Claim(id)
	}
}

// Unmanaged lists the keys of a service account that are in no state. It is a
// read that only serves a warning.
func (k *APIKeys) Unmanaged(ctx context.Context, projectID, serviceAccountID string) ([]openai.ProjectAPIKey, error) {
	var keys []openai.ProjectAPIKey
	err := k.client.Advice.Optional(ctx, func(ctx context.Context) (err error) {
		keys, err = k.List(ctx, projectID)
		return err
	})
	if err != nil {
		return nil, err
	}
	shared := k.shared.Of(projectID)
	var ids []string
	for _, key := range keys {
		if key.Owner.ServiceAccount.ID == serviceAccountID && !shared.Owns(key.ID) {
			ids = append(ids, key.ID)
		}
	}
	ids = k.client.unknown(ctx, ids)
	return slices.DeleteFunc(keys, func(key openai.ProjectAPIKey) bool { return !slices.Contains(ids, key.ID) }), nil
}

// Get returns a key of a project, without its secret.
func (k *APIKeys) Get(ctx context.Context, projectID, id string) (*openai.ProjectAPIKey, error) {
	return getListed(ctx, k.client, k.shared.Of(projectID), id, transport.Read("read API key", apiKeyPath),
		func(ctx context.Context, opts ...option.RequestOption) (*openai.ProjectAPIKey, error) {
			return k.sdk.Get(ctx, projectID, id, opts...)
		})
}

// List returns the keys of a project, whether or not their owner has access.
func (k *APIKeys) List(ctx context.Context, projectID string) ([]openai.ProjectAPIKey, error) {
	return k.shared.Of(projectID).All(ctx)
}

// Update changes the scopes or the expiry of a key. An expiry counts from the
// request.
func (k *APIKeys) Update(ctx context.Context, projectID, id string, params openai.AdminOrganizationProjectAPIKeyUpdateParams) (*openai.ProjectAPIKey, error) {
	return updateLogged(ctx, k.client, k.shared.Of(projectID), id, APIKeyUpdated, transport.Update("update API key", apiKeyPath),
		func(ctx context.Context, opts ...option.RequestOption) (*openai.ProjectAPIKey, error) {
			return k.sdk.Update(ctx, projectID, id, params, opts...)
		})
}

// Delete revokes a key. One that is not there, or whose project is archived,
// is a success.
func (k *APIKeys) Delete(ctx context.Context, projectID, id string) error {
	return deleteListed(ctx, k.client, k.shared.Of(projectID), id, transport.Remove("revoke API key", apiKeyPath),
		func(ctx context.Context, opts ...option.RequestOption) (*openai.AdminOrganizationProjectAPIKeyDeleteResponse, error) {
			return k.sdk.Delete(ctx, projectID, id, opts...)
		})
}
