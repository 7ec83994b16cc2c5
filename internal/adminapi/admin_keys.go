package adminapi

import (
	"context"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"
	"github.com/openai/openai-go/v3/packages/pagination"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/cache"
	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/transport"
)

const (
	adminKeysPath = "/organization/admin_api_keys"
	adminKeyPath  = adminKeysPath + "/{key_id}"
)

// NewAdminKey is the answer to the creation of an admin key: the only one that
// has its secret. It must never be printed as a whole.
type NewAdminKey = openai.AdminOrganizationAdminAPIKeyNewResponse

// AdminKeys are the keys of the Administration API.
type AdminKeys struct {
	client *Client
	sdk    openai.AdminOrganizationAdminAPIKeyService
	shared *cache.Collection[openai.AdminAPIKey]
}

func newAdminKeys(c *Client, sdk openai.AdminOrganizationAdminAPIKeyService) *AdminKeys {
	k := &AdminKeys{client: c, sdk: sdk}
	k.shared = newCollection(func(key openai.AdminAPIKey) string { return key.ID }, k.page)
	return k
}

func (k *AdminKeys) page(ctx context.Context, after string) (cache.Page[openai.AdminAPIKey], error) {
	params := openai.AdminOrganizationAdminAPIKeyListParams{Limit: openai.Int(pageSize)}
	if after != "" {
		params.After = openai.String(after)
	}
	got, err := call(ctx, k.client, transport.Read("list admin API keys", adminKeysPath),
		func(ctx context.Context, opts ...option.RequestOption) (*pagination.CursorPage[openai.AdminAPIKey], error) {
			return k.sdk.List(ctx, params, opts...)
		})
	if err != nil {
		return cache.Page[openai.AdminAPIKey]{}, err
	}
	if !got.JSON.Data.Valid() || !got.JSON.HasMore.Valid() {
		return cache.Page[openai.AdminAPIKey]{}, errNoPage
	}
	items := cache.Page[openai.AdminAPIKey]{Items: got.Data, More: got.HasMore}
	if len(got.Data) > 0 {
		items.Next = got.Data[len(got.Data)-1].ID // the cursor of this list is the last item
	}
	return items, nil
}

// Create creates an admin key. When the answer with the secret is lost, it
// creates a second key and reports the first one.
func (k *AdminKeys) Create(ctx context.Context, params openai.AdminOrganizationAdminAPIKeyNewParams) (*NewAdminKey, error) {
	return k.creation(params).run(ctx, k.client)
}

func (k *AdminKeys) creation(params openai.AdminOrganizationAdminAPIKeyNewParams) creation[NewAdminKey, openai.AdminAPIKey] {
	return creation[NewAdminKey, openai.AdminAPIKey]{
		operation: "create admin API key",
		object:    "admin_api_key",
		alike:     params.Name,
		send: func(ctx context.Context) (*NewAdminKey, error) {
			return call(ctx, k.client, transport.Create("create admin API key", adminKeysPath),
				func(ctx context.Context, opts ...option.RequestOption) (*NewAdminKey, error) {
					return k.sdk.New(ctx, params, opts...)
				})
		},
		record: func(key NewAdminKey) {
			k.client.recent.Add(key.ID)
			k.shared.Put(key.AdminAPIKey)
		},
		list: k.shared,
		equal: func(key openai.AdminAPIKey) bool {
			return sameName(key.Name, params.Name) && expiresLike(params.ExpiresInSeconds, key.CreatedAt, key.ExpiresAt)
		},
		createdAt: func(key openai.AdminAPIKey) int64 { return key.CreatedAt },
		secret:    true,
	}
}

// Get returns an admin key, without its secret.
func (k *AdminKeys) Get(ctx context.Context, id string) (*openai.AdminAPIKey, error) {
	return getListed(ctx, k.client, k.shared, id, transport.Read("read admin API key", adminKeyPath),
		func(ctx context.Context, opts ...option.RequestOption) (*openai.AdminAPIKey, error) {
			return k.sdk.Get(ctx, id, opts...)
		})
}

// List returns the admin keys of the organization, without their secrets.
func (k *AdminKeys) List(ctx context.Context) ([]openai.AdminAPIKey, error) { return k.shared.All(ctx) }

// Delete revokes an admin key. One that is not there is a success.
func (k *AdminKeys) Delete(ctx context.Context, id string) error {
	return deleteListed(ctx, k.client, k.shared, id, transport.Remove("revoke admin API key", adminKeyPath),
		func(ctx context.Context, opts ...option.RequestOption) (*openai.AdminOrganizationAdminAPIKeyDeleteResponse, error) {
			return k.sdk.Delete(ctx, id, opts...)
		})
}
