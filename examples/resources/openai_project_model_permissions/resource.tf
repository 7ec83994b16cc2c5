resource "openai_project" "dev" {
  name = "shop-dev"
}

# The keys of this project may use these two models and no others. Destroying
# the resource allows every model again.
resource "openai_project_model_permissions" "dev" {
  project_id = openai_project.dev.id
  mode       = "allow_list"
  model_ids  = ["gpt-4o-mini", "gpt-4o"]
}
