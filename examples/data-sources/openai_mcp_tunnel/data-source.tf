resource "openai_mcp_tunnel" "crm" {
  name        = "crm"
  description = "MCP server of the customer database"
}

data "openai_mcp_tunnel" "crm" {
  id = openai_mcp_tunnel.crm.id
}

output "crm_organizations" {
  value = data.openai_mcp_tunnel.crm.organization_ids
}
