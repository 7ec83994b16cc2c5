resource "openai_project" "dev" {
  name = "shop-dev"
}

data "openai_project_role" "viewer" {
  project_id = openai_project.dev.id
  role_id    = "role-api-project-viewer"
}
