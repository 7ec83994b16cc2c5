package adminapi

import (
	"context"
	"errors"
	"net/url"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/cache"
	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/transport"
)

// The SDK does not have these operations.
const (
	tunnelsPath = "/tunnels"
	tunnelPath  = tunnelsPath + "/{tunnel_id}"
)

// Tunnel is the registration of a private MCP server.
type Tunnel struct {
	ID          string  `json:"id"`
	Name        string  `json:"name"`
	Description *string `json:"description"`
	// Creator is nil when the API did not return it.
	Creator *string `json:"creator"`
	// The API sets the scopes. Answers may lack empty ones.
	OrganizationIDs []string `json:"organization_ids"`
	WorkspaceIDs    []string `json:"workspace_ids"`
	TenantIDs       []string `json:"tenant_ids"`
}

func (t Tunnel) complete() bool { return validID(t.ID) && t.Name != "" }

// sameAs compares the fields that a create sends.
func (t Tunnel) sameAs(other Tunnel) bool {
	return sameName(t.Name, other.Name) && orNothing(t.Description) == orNothing(other.Description)
}

// Tunnels are the MCP tunnels of the organization.
type Tunnels struct {
	client *Client
	// A field that holds the SDK's client would link all of the SDK: the program
	// would be a third larger.
	get, post, remove func(ctx context.Context, path string, params, answer any, opts ...option.RequestOption) error
	shared            *cache.Collection[Tunnel]
}

func newTunnels(c *Client, sdk openai.Client) *Tunnels {
	t := &Tunnels{client: c, get: sdk.Get, post: sdk.Post, remove: sdk.Delete}
	t.shared = newCollection(func(tunnel Tunnel) string { return tunnel.ID }, t.list)
	return t
}

// tunnelList is the answer of the list, which has no pages.
type tunnelList struct {
	Tunnels []Tunnel `json:"tunnels"`
}

func (l tunnelList) complete() bool {
	for _, tunnel := range l.Tunnels {
		if !tunnel.complete() {
			return false
		}
	}
	return l.Tunnels != nil
}

var listTunnels = transport.Read("list MCP tunnels", tunnelsPath)

// list reads the tunnels of the organization, which the request has to name.
func (t *Tunnels) list(ctx context.Context, _ string) (cache.Page[Tunnel], error) {
	organization, err := t.organization(ctx)
	if err != nil {
		return cache.Page[Tunnel]{}, err
	}
	got, err := into[tunnelList](ctx, t.client, listTunnels, func(ctx context.Context, opts ...option.RequestOption) error {
		if organization != "" {
			opts = append(opts, option.WithQuery("organization_id", organization))
		}
		return t.get(ctx, tunnelsPath, nil, nil, opts...)
	})
	if err != nil {
		return cache.Page[Tunnel]{}, err
	}
	return cache.Page[Tunnel]{Items: got.Tunnels}, nil
}

// organization is the configured organization, or the one that answers, empty
// where the API names none.
func (t *Tunnels) organization(ctx context.Context) (string, error) {
	if configured := t.client.configuredOrganization; configured != "" {
		return configured, nil
	}
	err := t.client.Organization.Find(ctx)
	return t.client.Organization.Answering(), err
}

// tunnelParams are the fields that a request sets.
type tunnelParams struct {
	Name        string `json:"name"`
	Description string `json:"description"`
}

func (t Tunnel) params() tunnelParams { return tunnelParams{t.Name, orNothing(t.Description)} }

// Create registers a tunnel, exactly once.
func (t *Tunnels) Create(ctx context.Context, want Tunnel) (*Tunnel, error) {
	return t.creation(want).run(ctx, t.client)
}

func (t *Tunnels) creation(want Tunnel) creation[Tunnel, Tunnel] {
	return creation[Tunnel, Tunnel]{
		operation: "create MCP tunnel",
		object:    "mcp_tunnel",
		alike:     want.Name,
		send: func(ctx context.Context) (*Tunnel, error) {
			return into[Tunnel](ctx, t.client, transport.Create("create MCP tunnel", tunnelsPath), func(ctx context.Context, opts ...option.RequestOption) error {
				return t.post(ctx, tunnelsPath, want.params(), nil, opts...)
			})
		},
		record: func(tunnel Tunnel) {
			t.client.recent.Add(tunnel.ID)
			t.shared.Put(tunnel)
		},
		// Tunnels have no creation time, so a tunnel of others cannot be
		// distinguished from ours.
		list:  t.shared,
		equal: want.sameAs,
	}
}

// Get returns a tunnel. It is read alone where the list is refused, as the name
// by which the API calls the organization may not be its id.
func (t *Tunnels) Get(ctx context.Context, id string) (*Tunnel, error) {
	read := func(ctx context.Context) (*Tunnel, error) {
		return into[Tunnel](ctx, t.client, transport.Read("read MCP tunnel", tunnelPath), func(ctx context.Context, opts ...option.RequestOption) error {
			return t.get(ctx, oneTunnel(id), nil, nil, opts...)
		})
	}
	found, err := t.shared.Get(ctx, id, read)
	if e, ok := errors.AsType[*Error](err); ok && e.Operation == listTunnels.Name && (IsRefused(err) || IsNotFound(err)) {
		return read(ctx)
	}
	return found, err
}

func oneTunnel(id string) string { return tunnelsPath + "/" + url.PathEscape(id) }

// List returns the tunnels of the organization.
func (t *Tunnels) List(ctx context.Context) ([]Tunnel, error) { return t.shared.All(ctx) }

// Update sets name and description of the tunnel with this id.
func (t *Tunnels) Update(ctx context.Context, want Tunnel) (*Tunnel, error) {
	updated, err := into[Tunnel](ctx, t.client, transport.Update("update MCP tunnel", tunnelPath), func(ctx context.Context, opts ...option.RequestOption) error {
		return t.post(ctx, oneTunnel(want.ID), want.params(), nil, opts...)
	})
	if err != nil {
		return nil, err
	}
	t.shared.Put(*updated)
	return updated, nil
}

// Delete removes a tunnel. One that is not there is a success.
func (t *Tunnels) Delete(ctx context.Context, id string) error {
	return deleteListed(ctx, t.client, t.shared, id, transport.Remove("remove MCP tunnel", tunnelPath),
		func(ctx context.Context, opts ...option.RequestOption) (*removal, error) {
			return &removal{}, t.remove(ctx, oneTunnel(id), nil, nil, opts...)
		})
}
