package adminapi

import (
	"context"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/cache"
	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/transport"
)

const (
	groupUsersPath = groupPath + "/users"
	groupUserPath  = groupUsersPath + "/{user_id}"
)

// GroupUser is a person or a service account in a group.
type GroupUser struct {
	ID string `json:"id"`
	// Email is nil for a user without one, such as a service account.
	Email *string `json:"email"`
	Name  *string `json:"name"`
	// IsServiceAccount and Type are not in every answer.
	IsServiceAccount *bool   `json:"is_service_account"`
	Type             *string `json:"user_type"`
	// added says that nothing but the id is known, from an addition.
	added bool
}

func (u GroupUser) complete() bool { return validID(u.ID) }

// GroupUsers are the members of groups.
type GroupUsers struct {
	client *Client
	sdk    openai.AdminOrganizationGroupUserService
	shared *cache.ByParent[GroupUser]
}

func newGroupUsers(c *Client, sdk openai.AdminOrganizationGroupUserService) *GroupUsers {
	return &GroupUsers{client: c, sdk: sdk, shared: nextLists(c, transport.Read("list group users", groupUsersPath), groupPageSize,
		func(user GroupUser) string { return user.ID },
		func(ctx context.Context, groupID string, opts ...option.RequestOption) error {
			return failure(sdk.List(ctx, groupID, openai.AdminOrganizationGroupUserListParams{}, opts...))
		})}
}

// addedUser is the answer to an addition.
type addedUser struct {
	UserID string `json:"user_id"`
}

func (a addedUser) complete() bool { return validID(a.UserID) }

// Add makes a user a member of a group. A user who is in the group already is a
// success, so that the request can be repeated.
func (u *GroupUsers) Add(ctx context.Context, groupID, userID string) error {
	_, err := into[addedUser](ctx, u.client, transport.Update("add group user", groupUsersPath), func(ctx context.Context, opts ...option.RequestOption) error {
		return failure(u.sdk.New(ctx, groupID, openai.AdminOrganizationGroupUserNewParams{UserID: userID}, opts...))
	})
	if err != nil && !alreadyExists(err) {
		return err
	}
	u.client.recent.Add(userID)
	u.shared.Of(groupID).Put(GroupUser{ID: userID, added: true})
	return nil
}

// Get returns a member of a group. Fields that are not in every answer may be
// missing.
func (u *GroupUsers) Get(ctx context.Context, groupID, userID string) (*GroupUser, error) {
	return u.shared.Of(groupID).Get(ctx, userID, func(ctx context.Context) (*GroupUser, error) { return u.read(ctx, groupID, userID) })
}

// Describe is Get with the fields that only the endpoint of one member returns.
func (u *GroupUsers) Describe(ctx context.Context, groupID, userID string) (*GroupUser, error) {
	user, err := u.Get(ctx, groupID, userID)
	if err != nil || user.IsServiceAccount != nil {
		return user, err
	}
	if user, err = u.read(ctx, groupID, userID); err == nil {
		u.shared.Of(groupID).Put(*user)
	}
	return user, err
}

func (u *GroupUsers) read(ctx context.Context, groupID, userID string) (*GroupUser, error) {
	return into[GroupUser](ctx, u.client, transport.Read("read group user", groupUserPath), func(ctx context.Context, opts ...option.RequestOption) error {
		return failure(u.sdk.Get(ctx, groupID, userID, opts...))
	})
}

// List returns the members of a group.
func (u *GroupUsers) List(ctx context.Context, groupID string) ([]GroupUser, error) {
	users, err := u.shared.Of(groupID).All(ctx)
	if err != nil {
		return nil, err
	}
	for i := range users {
		if users[i].added {
			user, err := u.Describe(ctx, groupID, users[i].ID)
			if err != nil {
				return nil, err
			}
			users[i] = *user
		}
	}
	return users, nil
}

// Delete takes a member out of a group. One who is not there is a success.
func (u *GroupUsers) Delete(ctx context.Context, groupID, userID string) error {
	return deleteListed(ctx, u.client, u.shared.Of(groupID), userID, transport.Remove("remove group user", groupUserPath),
		func(ctx context.Context, opts ...option.RequestOption) (*openai.AdminOrganizationGroupUserDeleteResponse, error) {
			return u.sdk.Delete(ctx, groupID, userID, opts...)
		})
}
