resource "openai_mcp_tunnel" "crm" {
  name        = "crm"
  description = "MCP server of the customer database"
}

# The tunnel client runs next to the MCP server, with this id and an API key of
# its own. A new tunnel is ready 25 to 30 seconds after its creation.
output "crm_tunnel_id" {
  value = openai_mcp_tunnel.crm.id
}
