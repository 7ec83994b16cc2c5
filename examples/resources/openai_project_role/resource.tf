resource "openai_project" "dev" {
  name = "shop-dev"
}

resource "openai_project_role" "caller" {
  project_id  = openai_project.dev.id
  role_name   = "Caller"
  description = "Calls models, and nothing else."
  permissions = ["api.model.request"]
}
