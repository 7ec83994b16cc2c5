package adminapi

import (
	"context"
	"strings"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"
	"github.com/openai/openai-go/v3/packages/pagination"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/cache"
	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/transport"
)

const (
	usersPath = "/organization/users"
	userPath  = usersPath + "/{user_id}"
)

// RoleOwner is the role that administers the organization.
const RoleOwner = "owner"

// Users are the members of the organization.
type Users struct {
	client *Client
	sdk    openai.AdminOrganizationUserService
	shared *cache.Collection[openai.OrganizationUser]
	owners owners
}

func newUsers(c *Client, sdk openai.AdminOrganizationUserService) *Users {
	u := &Users{client: c, sdk: sdk}
	u.shared = newCollection(func(user openai.OrganizationUser) string { return user.ID },
		func(ctx context.Context, after string) (cache.Page[openai.OrganizationUser], error) {
			params := openai.AdminOrganizationUserListParams{Limit: openai.Int(pageSize)}
			if after != "" {
				params.After = openai.String(after)
			}
			return cursorPage(u.list(ctx, params))
		})
	return u
}

func (u *Users) list(ctx context.Context, params openai.AdminOrganizationUserListParams) (*pagination.ConversationCursorPage[openai.OrganizationUser], error) {
	return call(ctx, u.client, transport.Read("list users", usersPath),
		func(ctx context.Context, opts ...option.RequestOption) (*pagination.ConversationCursorPage[openai.OrganizationUser], error) {
			return u.sdk.List(ctx, params, opts...)
		})
}

// Get returns a member.
func (u *Users) Get(ctx context.Context, id string) (*openai.OrganizationUser, error) {
	return getListed(ctx, u.client, u.shared, id, transport.Read("read user", userPath),
		func(ctx context.Context, opts ...option.RequestOption) (*openai.OrganizationUser, error) {
			return u.sdk.Get(ctx, id, opts...)
		})
}

// FindByEmail returns the member with this e-mail address, nil when there is
// none.
func (u *Users) FindByEmail(ctx context.Context, email string) (*openai.OrganizationUser, error) {
	has := func(user openai.OrganizationUser) bool { return strings.EqualFold(user.Email, email) }
	return u.shared.Find(ctx, has, func(ctx context.Context) (*openai.OrganizationUser, error) {
		got, err := u.list(ctx, openai.AdminOrganizationUserListParams{Limit: openai.Int(pageSize), Emails: []string{email}})
		if err != nil {
			return nil, err
		}
		// The filter is checked: a server that ignores it must not make us use
		// another person.
		for i := range got.Data {
			if has(got.Data[i]) {
				return &got.Data[i], nil
			}
		}
		return nil, nil
	})
}

// List returns the members of the organization.
func (u *Users) List(ctx context.Context) ([]openai.OrganizationUser, error) {
	return u.shared.All(ctx)
}

// Update changes a member.
func (u *Users) Update(ctx context.Context, id string, params openai.AdminOrganizationUserUpdateParams) (*openai.OrganizationUser, error) {
	return updateListed(ctx, u.client, u.shared, transport.Update("update user", userPath),
		func(ctx context.Context, opts ...option.RequestOption) (*openai.OrganizationUser, error) {
			return u.sdk.Update(ctx, id, params, opts...)
		})
}

// Delete removes a member from the organization. One who is not there is a
// success.
func (u *Users) Delete(ctx context.Context, id string) error {
	return deleteListed(ctx, u.client, u.shared, id, transport.Remove("remove user", userPath),
		func(ctx context.Context, opts ...option.RequestOption) (*openai.AdminOrganizationUserDeleteResponse, error) {
			return u.sdk.Delete(ctx, id, opts...)
		})
}
