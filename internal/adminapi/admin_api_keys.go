package adminapi

import (
	"context"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"
	"github.com/openai/openai-go/v3/packages/pagination"
)

const adminAPIKeysPath = "/organization/admin_api_keys"

// AdminAPIKeys are the keys that administer the organisation. They are only
// read here.
type AdminAPIKeys struct {
	client *Client
	sdk    openai.AdminOrganizationAdminAPIKeyService
	shared *collection[openai.AdminAPIKey]
}

func newAdminAPIKeys(c *Client, sdk openai.AdminOrganizationAdminAPIKeyService) *AdminAPIKeys {
	k := &AdminAPIKeys{client: c, sdk: sdk}
	k.shared = newCollection(func(key openai.AdminAPIKey) string { return key.ID }, k.page)
	return k
}

// page reads a page; the cursor is the id of the last key.
func (k *AdminAPIKeys) page(ctx context.Context, after string) (page[openai.AdminAPIKey], error) {
	params := openai.AdminOrganizationAdminAPIKeyListParams{Limit: openai.Int(pageSize)}
	if after != "" {
		params.After = openai.String(after)
	}
	got, err := call(ctx, k.client, read("list admin API keys", adminAPIKeysPath),
		func(ctx context.Context, opts ...option.RequestOption) (*pagination.CursorPage[openai.AdminAPIKey], error) {
			return k.sdk.List(ctx, params, opts...)
		})
	if err != nil {
		return page[openai.AdminAPIKey]{}, err
	}
	if !got.JSON.Data.Valid() || !got.JSON.HasMore.Valid() {
		return page[openai.AdminAPIKey]{}, errNoPage
	}
	next := page[openai.AdminAPIKey]{items: got.Data, more: got.HasMore}
	if len(got.Data) > 0 {
		next.next = got.Data[len(got.Data)-1].ID
	}
	return next, nil
}

// List returns the admin keys of the organisation, without their secrets.
func (k *AdminAPIKeys) List(ctx context.Context) ([]openai.AdminAPIKey, error) {
	return k.shared.all(ctx)
}
