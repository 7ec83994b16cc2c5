resource "openai_project" "dev" {
  name = "shop-dev"
}

resource "openai_project_model_permissions" "dev" {
  project_id = openai_project.dev.id
  mode       = "deny_list"
  model_ids  = ["gpt-4o"]
}

data "openai_project_model_permissions" "dev" {
  project_id = openai_project_model_permissions.dev.project_id
}

output "models" {
  value = data.openai_project_model_permissions.dev.model_ids
}
