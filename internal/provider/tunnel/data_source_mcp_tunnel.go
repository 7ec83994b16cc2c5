package tunnel

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
)

func mcpTunnelData() lifecycle.DataSource[*tunnelModel] {
	scopes := func(description string) schema.Attribute {
		return schema.SetAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: description}
	}
	return lifecycle.DataSource[*tunnelModel]{
		Type: "mcp_tunnel",
		Schema: schema.Schema{
			MarkdownDescription: "One MCP tunnel of the organization.",
			Attributes: map[string]schema.Attribute{
				"id":               lifecycle.Parameter("Id of the tunnel to read (`tunnel_…`)."),
				"name":             schema.StringAttribute{Computed: true, MarkdownDescription: "Name of the tunnel."},
				"description":      schema.StringAttribute{Computed: true, MarkdownDescription: "Description of the tunnel, empty when there is none."},
				"creator":          schema.StringAttribute{Computed: true, MarkdownDescription: "Id of the user who created the tunnel."},
				"organization_ids": scopes(organizationIDs),
				"workspace_ids":    scopes(workspaceIDs),
				"tenant_ids":       scopes(tenantIDs),
			},
		},
		Label: func(d *tunnelModel) string { return "MCP tunnel " + d.ID.ValueString() },
		Read: func(ctx context.Context, call *lifecycle.DataCall[*tunnelModel]) error {
			found, err := call.Client.Tunnels.Get(ctx, call.Data.ID.ValueString())
			if err == nil {
				call.Data.flatten(ctx, found, call.Diags)
			}
			return err
		},
	}
}
