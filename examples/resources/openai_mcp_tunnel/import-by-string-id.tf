import {
  to = openai_mcp_tunnel.crm
  id = "tunnel_0123456789abcdef0123456789abcdef"
}
