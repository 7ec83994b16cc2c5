resource "openai_project" "dev" {
  name = "shop-dev"
}

# No remote servers and no web for this project. Destroying the resource puts
# back what was found here.
resource "openai_project_hosted_tool_permissions" "dev" {
  project_id               = openai_project.dev.id
  code_interpreter_enabled = true
  file_search_enabled      = true
  image_generation_enabled = true
  mcp_enabled              = false
  web_search_enabled       = false
}
