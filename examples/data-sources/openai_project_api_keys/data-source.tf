resource "openai_project" "dev" {
  name = "shop-dev"
}

data "openai_project_api_keys" "dev" {
  project_id = openai_project.dev.id
}

# Keys that should have been rotated by now.
output "old_keys" {
  value = [for k in data.openai_project_api_keys.dev.api_keys : k.name if k.age_days > 90]
}
