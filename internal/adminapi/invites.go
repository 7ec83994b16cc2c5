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
	invitesPath = "/organization/invites"
	invitePath  = invitesPath + "/{invite_id}"
)

// The states of an invitation.
const (
	InvitePending  = "pending"
	InviteAccepted = "accepted"
	InviteExpired  = "expired"
)

// Invites are the invitations to the organization.
type Invites struct {
	client *Client
	sdk    openai.AdminOrganizationInviteService
	shared *cache.Collection[openai.Invite]
}

func newInvites(c *Client, sdk openai.AdminOrganizationInviteService) *Invites {
	i := &Invites{client: c, sdk: sdk}
	i.shared = newCollection(func(invite openai.Invite) string { return invite.ID },
		lastIDPages(c, transport.Read("list invites", invitesPath), pageSize,
			func(ctx context.Context, opts ...option.RequestOption) (*pagination.ConversationCursorPage[openai.Invite], error) {
				return sdk.List(ctx, openai.AdminOrganizationInviteListParams{}, opts...)
			}))
	return i
}

// Create invites a person, exactly once. It adopts an open invitation with the
// same role, which an earlier apply may have sent.
func (i *Invites) Create(ctx context.Context, params openai.AdminOrganizationInviteNewParams) (*openai.Invite, error) {
	created, err := creation[openai.Invite, openai.Invite]{
		operation: "invite",
		object:    "invite",
		alike:     strings.ToLower(params.Email),
		send: func(ctx context.Context) (*openai.Invite, error) {
			return call(ctx, i.client, transport.Create("invite", invitesPath),
				func(ctx context.Context, opts ...option.RequestOption) (*openai.Invite, error) {
					return i.sdk.New(ctx, params, opts...)
				})
		},
		record: func(invite openai.Invite) {
			i.client.recent.Add(invite.ID)
			i.shared.Put(invite)
		},
		list: i.shared,
		equal: func(invite openai.Invite) bool {
			return strings.EqualFold(invite.Email, params.Email) && equalInvite(&invite, params)
		},
		createdAt: func(invite openai.Invite) int64 { return invite.CreatedAt },
		adopt:     func(invite openai.Invite) openai.Invite { return invite },
	}.run(ctx, i.client)
	if alreadyExists(err) {
		if open, findErr := i.FindPending(ctx, params.Email); findErr == nil && open != nil && equalInvite(open, params) {
			return open, nil
		}
	}
	return created, err
}

// equalInvite compares an invitation with the requested one. Without projects,
// any projects are equal.
func equalInvite(invite *openai.Invite, want openai.AdminOrganizationInviteNewParams) bool {
	if string(invite.Role) != string(want.Role) {
		return false
	}
	if want.Projects == nil {
		return true
	}
	roles := map[string]string{}
	for _, p := range invite.Projects {
		roles[p.ID] = p.Role
	}
	for _, p := range want.Projects {
		if roles[p.ID] != p.Role {
			return false
		}
	}
	return len(roles) == len(want.Projects)
}

// Get returns an invitation.
func (i *Invites) Get(ctx context.Context, id string) (*openai.Invite, error) {
	return getListed(ctx, i.client, i.shared, id, transport.Read("read invite", invitePath),
		func(ctx context.Context, opts ...option.RequestOption) (*openai.Invite, error) {
			return i.sdk.Get(ctx, id, opts...)
		})
}

// FindPending returns the open invitation of an e-mail address, nil when there
// is none.
func (i *Invites) FindPending(ctx context.Context, email string) (*openai.Invite, error) {
	return i.shared.Find(ctx, func(invite openai.Invite) bool {
		return strings.EqualFold(invite.Email, email) && invite.Status == InvitePending
	}, nil)
}

// List returns the invitations of the organization.
func (i *Invites) List(ctx context.Context) ([]openai.Invite, error) {
	return i.shared.All(ctx)
}

// Delete withdraws an invitation. One that is not there is a success; one that
// was accepted is an error.
func (i *Invites) Delete(ctx context.Context, id string) error {
	return deleteListed(ctx, i.client, i.shared, id, transport.Remove("withdraw invite", invitePath),
		func(ctx context.Context, opts ...option.RequestOption) (*openai.AdminOrganizationInviteDeleteResponse, error) {
			return i.sdk.Delete(ctx, id, opts...)
		})
}
