// Package tunnel serves the registrations of MCP tunnels.
package tunnel

import (
	"net/http"
	"slices"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator/api"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/store"
)

// Routes registers the endpoints of tunnels.
func Routes(router api.Router) {
	const tunnels = "/tunnels"
	router.Handle("GET "+tunnels, listTunnels)
	router.Handle("POST "+tunnels, createTunnel)
	router.Handle("GET "+tunnels+"/{tunnel_id}", getTunnel)
	router.Handle("POST "+tunnels+"/{tunnel_id}", updateTunnel)
	router.Handle("DELETE "+tunnels+"/{tunnel_id}", removeTunnel)
}

// tunnel is the registration of a private MCP server, as answers have it.
type tunnel struct {
	ID              string   `json:"id"`
	Name            string   `json:"name"`
	Description     string   `json:"description"`
	Creator         string   `json:"creator"`
	OrganizationIDs []string `json:"organization_ids"`
	// The emulator has neither the workspaces of ChatGPT nor tenants.
	WorkspaceIDs []string `json:"workspace_ids"`
	TenantIDs    []string `json:"tenant_ids"`
}

var tunnels = store.Collection[tunnel]{Name: "tunnels"}

// ofOrganization is the parent of all tunnels.
const ofOrganization = ""

func pathTunnel(r *api.Request) (tunnel, error) {
	found, err := tunnels.Get(r.Tx, ofOrganization, r.PathValue("tunnel_id"))
	return found, api.Or(err, &api.Error{Status: http.StatusNotFound, Type: "invalid_request_error", Message: "Tunnel not found"})
}

// listReply is a list without pages.
type listReply struct {
	Tunnels []tunnel `json:"tunnels"`
}

// listTunnels lists the tunnels of one organization, workspace or tenant, which
// the caller has to name.
func listTunnels(r *api.Request) (any, error) {
	all, err := tunnels.List(r.Tx, ofOrganization)
	if err != nil {
		return nil, err
	}
	query, scopes := r.URL.Query(), 0
	reply := listReply{Tunnels: []tunnel{}}
	for name, of := range map[string]func(tunnel) []string{
		"organization_id": func(t tunnel) []string { return t.OrganizationIDs },
		"workspace_id":    func(t tunnel) []string { return t.WorkspaceIDs },
		"tenant_id":       func(t tunnel) []string { return t.TenantIDs },
	} {
		if !query.Has(name) {
			continue
		}
		scopes++
		for _, t := range all {
			if slices.Contains(of(t), query.Get(name)) {
				reply.Tunnels = append(reply.Tunnels, t)
			}
		}
	}
	if scopes != 1 {
		return nil, api.BadRequest("organization_id", "Provide exactly one of 'organization_id', 'workspace_id' and 'tenant_id'.")
	}
	return reply, nil
}

func getTunnel(r *api.Request) (any, error) {
	found, err := pathTunnel(r)
	return found, err
}

type changes struct {
	Name        *string `json:"name"`
	Description *string `json:"description"`
}

// read reads the fields of a tunnel from a request, into those that it has.
func (t *tunnel) read(r *api.Request) error {
	asked := changes{Name: &t.Name, Description: &t.Description}
	if err := api.Decode(r, &asked); err != nil {
		return err
	}
	switch {
	case asked.Name == nil, *asked.Name == "":
		return api.BadRequest("name", "Missing required parameter: 'name'.")
	case asked.Description == nil:
		return api.BadRequest("description", "'description' must be a string.")
	}
	return nil
}

// createTunnel attaches the tunnel to the organization of the caller.
func createTunnel(r *api.Request) (any, error) {
	organization, err := r.Tx.Setting("organization_id")
	if err != nil {
		return nil, err
	}
	created := tunnel{Creator: r.Caller.ID, OrganizationIDs: []string{organization}, WorkspaceIDs: []string{}, TenantIDs: []string{}}
	if err := created.read(r); err != nil {
		return nil, err
	}
	if created.ID, err = r.Tx.NewHexID("tunnel_"); err != nil {
		return nil, err
	}
	return created, tunnels.Put(r.Tx, ofOrganization, created.ID, created)
}

// updateTunnel changes the fields that the request has.
func updateTunnel(r *api.Request) (any, error) {
	changed, err := pathTunnel(r)
	if err != nil {
		return nil, err
	}
	if err := changed.read(r); err != nil {
		return nil, err
	}
	return changed, tunnels.Put(r.Tx, ofOrganization, changed.ID, changed)
}

// removeTunnel answers with the removed tunnel.
func removeTunnel(r *api.Request) (any, error) {
	removed, err := pathTunnel(r)
	if err != nil {
		return nil, err
	}
	return removed, tunnels.Remove(r.Tx, ofOrganization, removed.ID)
}
