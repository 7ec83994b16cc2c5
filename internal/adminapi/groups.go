package adminapi

import (
	"context"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/cache"
	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/transport"
)

const (
	groupsPath = "/organization/groups"
	groupPath  = groupsPath + "/{group_id}"
)

// groupPageSize is the largest page that the lists of groups and roles give.
const groupPageSize = 1000

// Group is a group of people and service accounts.
type Group struct {
	ID        string `json:"id"`
	Name      string `json:"name"`
	CreatedAt *int64 `json:"created_at"`
	// Type is group or tenant_group.
	Type *string `json:"group_type"`
	// SCIMManaged says that the group belongs to the identity provider.
	SCIMManaged bool `json:"is_scim_managed"`
}

func (g Group) complete() bool { return validID(g.ID) && g.Name != "" }

// Groups are the groups of the organization.
type Groups struct {
	client *Client
	sdk    openai.AdminOrganizationGroupService
	page   func(ctx context.Context, after string) (cache.Page[Group], error)
	shared *cache.Collection[Group]
}

func newGroups(c *Client, sdk openai.AdminOrganizationGroupService) *Groups {
	g := &Groups{client: c, sdk: sdk}
	g.page = nextPages[Group](c, transport.Read("list groups", groupsPath), groupPageSize, func(ctx context.Context, opts ...option.RequestOption) error {
		return failure(g.sdk.List(ctx, openai.AdminOrganizationGroupListParams{}, opts...))
	})
	g.shared = newCollection(func(group Group) string { return group.ID }, g.page)
	return g
}

// Create makes a group, exactly once.
func (g *Groups) Create(ctx context.Context, name string) (*Group, error) {
	return g.creation(name).run(ctx, g.client)
}

func (g *Groups) creation(name string) creation[Group, Group] {
	return creation[Group, Group]{
		operation: "create group",
		object:    "group",
		alike:     name,
		send: func(ctx context.Context) (*Group, error) {
			return into[Group](ctx, g.client, transport.Create("create group", groupsPath), func(ctx context.Context, opts ...option.RequestOption) error {
				return failure(g.sdk.New(ctx, openai.AdminOrganizationGroupNewParams{Name: name}, opts...))
			})
		},
		record: func(group Group) {
			g.client.recent.Add(group.ID)
			g.shared.Put(group)
		},
		list:  g.shared,
		equal: func(group Group) bool { return sameName(group.Name, name) && !group.SCIMManaged },
		createdAt: func(group Group) int64 {
			if group.CreatedAt == nil {
				return 0
			}
			return *group.CreatedAt
		},
		adopt: func(group Group) Group { return group },
	}
}

// Get returns a group.
func (g *Groups) Get(ctx context.Context, id string) (*Group, error) {
	return g.shared.Get(ctx, id, func(ctx context.Context) (*Group, error) {
		return into[Group](ctx, g.client, transport.Read("read group", groupPath), func(ctx context.Context, opts ...option.RequestOption) error {
			return failure(g.sdk.Get(ctx, id, opts...))
		})
	})
}

// List returns the groups of the organization.
func (g *Groups) List(ctx context.Context) ([]Group, error) { return g.shared.All(ctx) }

// Rename gives a group another name.
func (g *Groups) Rename(ctx context.Context, group Group, name string) (*Group, error) {
	renamed, err := into[Group](ctx, g.client, transport.Update("rename group", groupPath), func(ctx context.Context, opts ...option.RequestOption) error {
		return failure(g.sdk.Update(ctx, group.ID, openai.AdminOrganizationGroupUpdateParams{Name: name}, opts...))
	})
	if err != nil {
		return nil, err
	}
	if renamed.Type == nil {
		renamed.Type = group.Type // this answer leaves it out
	}
	g.shared.Put(*renamed)
	return renamed, nil
}

// Delete removes a group. One that is not there is a success.
func (g *Groups) Delete(ctx context.Context, id string) error {
	return deleteListed(ctx, g.client, g.shared, id, transport.Remove("remove group", groupPath),
		func(ctx context.Context, opts ...option.RequestOption) (*openai.AdminOrganizationGroupDeleteResponse, error) {
			return g.sdk.Delete(ctx, id, opts...)
		})
}
