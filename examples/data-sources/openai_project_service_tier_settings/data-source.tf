resource "openai_project" "dev" {
  name = "shop-dev"
}

data "openai_project_service_tier_settings" "dev" {
  project_id = openai_project.dev.id
}

output "default_tier" {
  value = data.openai_project_service_tier_settings.dev.default
}
