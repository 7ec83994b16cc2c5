import {
  to = openai_mcp_tunnel.crm
  identity = {
    id = "tunnel_0123456789abcdef0123456789abcdef"
  }
}
