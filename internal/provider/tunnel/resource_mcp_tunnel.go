package tunnel

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/setplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

func mcpTunnel() lifecycle.Object[*tunnelModel] {
	return lifecycle.Object[*tunnelModel]{
		Core: lifecycle.Core[*tunnelModel]{
			Type:     "mcp_tunnel",
			Schema:   tunnelSchema,
			Identity: []lifecycle.Identifier{{Name: "id", Description: "Id of the tunnel."}},
			Paths: func(object lifecycle.Values) lifecycle.Paths {
				return lifecycle.Named(object.Path("/tunnels/{id}"))
			},
			Label:  (*tunnelModel).label,
			Legacy: lifecycle.AsOfficial("openai_mcp_tunnel"),
			Read: func(ctx context.Context, call *lifecycle.Call[*tunnelModel]) error {
				found, err := call.Client.Tunnels.Get(ctx, call.State.ID.ValueString())
				if err == nil {
					call.State.flatten(ctx, found, call.Diags)
				}
				return err
			},
			Delete: func(ctx context.Context, call *lifecycle.Call[*tunnelModel]) error {
				return call.Client.Tunnels.Delete(ctx, call.State.ID.ValueString())
			},
			List: lifecycle.ListOrganization("The MCP tunnels of the organization.", "the MCP tunnels", listTunnels, listedTunnel),
		},
		Create:  writeTunnel,
		Update:  writeTunnel,
		Orphans: tunnelOrphans,
	}
}

func tunnelSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "The registration of a private MCP server. The tunnel client, which runs next to the server, connects it to OpenAI under the id of the tunnel.\n\n" +
			"The API attaches a new tunnel to the organization of the admin key, and to the ChatGPT workspace if the key belongs to one. The scopes cannot be changed here. " +
			"A new tunnel is ready 25 to 30 seconds after its creation, so a client that starts in the same apply has to retry.\n\n" +
			"The owner of the admin key needs the permissions `api.organization.tunnel.read` and `api.organization.tunnel.write`. " +
			"Give the tunnel client an API key of its own, with `api.organization.tunnel.read` and `api.organization.tunnel.use`.\n\n" +
			"Destroying the resource deletes the registration, and its clients lose their connection.",
		Attributes: map[string]schema.Attribute{
			"name": schema.StringAttribute{
				MarkdownDescription: "Name of the tunnel. Changed in place.",
				Required:            true,
				PlanModifiers:       []planmodifier.String{tfkit.NewName()},
			},
			"description": schema.StringAttribute{
				MarkdownDescription: "Description of the tunnel. An empty string removes it. Changed in place.",
				Required:            true,
			},
			"id":               tfkit.ComputedString("Id of the tunnel (`tunnel_…`), which the tunnel client and the MCP tool of a response name."),
			"creator":          tfkit.ComputedString("Id of the user who created the tunnel."),
			"organization_ids": scopes(organizationIDs),
			"workspace_ids":    scopes(workspaceIDs),
			"tenant_ids":       scopes(tenantIDs),
		},
	}
}

// The descriptions of the scopes of a tunnel.
const (
	organizationIDs = "Ids of the organizations that the tunnel belongs to (`org-…`)."
	workspaceIDs    = "Ids of the ChatGPT workspaces that the tunnel belongs to."
	tenantIDs       = "Ids of the tenants that the tunnel belongs to."
)

func scopes(description string) schema.SetAttribute {
	return schema.SetAttribute{
		MarkdownDescription: description,
		ElementType:         types.StringType,
		Computed:            true,
		PlanModifiers:       []planmodifier.Set{setplanmodifier.UseStateForUnknown()},
	}
}

// tunnelModel is a tunnel; the data source shows the same.
type tunnelModel struct {
	Name            types.String `tfsdk:"name"`
	Description     types.String `tfsdk:"description"`
	ID              types.String `tfsdk:"id"`
	Creator         types.String `tfsdk:"creator"`
	OrganizationIDs types.Set    `tfsdk:"organization_ids"`
	WorkspaceIDs    types.Set    `tfsdk:"workspace_ids"`
	TenantIDs       types.Set    `tfsdk:"tenant_ids"`
}

// label names the tunnel in diagnostics.
func (m *tunnelModel) label() string {
	return lifecycle.Label("MCP tunnel", m.Name.ValueString(), m.ID.ValueString())
}

func (m *tunnelModel) flatten(ctx context.Context, t *adminapi.Tunnel, diags *diag.Diagnostics) {
	m.Name = types.StringValue(t.Name)
	m.Description = types.StringValue("")
	if t.Description != nil {
		m.Description = types.StringValue(*t.Description)
	}
	m.ID = types.StringValue(t.ID)
	m.Creator = types.StringPointerValue(t.Creator)
	m.OrganizationIDs = tfkit.StringSet(ctx, t.OrganizationIDs, diags)
	m.WorkspaceIDs = tfkit.StringSet(ctx, t.WorkspaceIDs, diags)
	m.TenantIDs = tfkit.StringSet(ctx, t.TenantIDs, diags)
}

// expand returns the tunnel as configured.
func (m *tunnelModel) expand() adminapi.Tunnel {
	return adminapi.Tunnel{ID: m.ID.ValueString(), Name: m.Name.ValueString(), Description: m.Description.ValueStringPointer()}
}

func writeTunnel(ctx context.Context, call *lifecycle.Call[*tunnelModel]) error {
	send := call.Client.Tunnels.Create
	if call.HasState() {
		send = call.Client.Tunnels.Update
	}
	written, err := send(ctx, call.Plan.expand())
	if err == nil {
		call.Plan.flatten(ctx, written, call.Diags)
	}
	return err
}

// tunnelOrphans searches for tunnels with the same name and description.
func tunnelOrphans(_ context.Context, call *lifecycle.Call[*tunnelModel]) *lifecycle.OrphanSearch {
	if !call.Knows("name", "description") {
		return nil
	}
	planned := call.Plan.expand()
	return &lifecycle.OrphanSearch{
		Object: call.Plan.label(),
		Find: func(ctx context.Context) ([]string, error) {
			return call.Client.Tunnels.Orphans(ctx, planned)
		},
	}
}

// listTunnels lists the tunnels of the organization, which a request names by
// its id.
func listTunnels(ctx context.Context, client *adminapi.Client) ([]adminapi.Tunnel, error) {
	tunnels, err := client.Tunnels.List(ctx)
	if adminapi.IsRefused(err) {
		err = tfkit.Advise(err, path.Empty(), "Set organization in the provider block to the id of the organization (org-…): the API lists tunnels only by it, and its responses may have a name instead.")
	}
	return tunnels, err
}

func listedTunnel(ctx context.Context, t *adminapi.Tunnel, diags *diag.Diagnostics) (string, *tunnelModel) {
	var m tunnelModel
	m.flatten(ctx, t, diags)
	return t.Name, &m
}
