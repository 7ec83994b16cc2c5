resource "openai_project" "dev" {
  name = "shop-dev"
}

data "openai_project_hosted_tool_permissions" "dev" {
  project_id = openai_project.dev.id
}

output "web_search" {
  value = data.openai_project_hosted_tool_permissions.dev.web_search_enabled
}
