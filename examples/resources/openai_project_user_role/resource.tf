resource "openai_project" "dev" {
  name = "shop-dev"
}

data "openai_organization_user" "max" {
  email = "member@example.com"
}

resource "openai_project_user_role" "max" {
  project_id = openai_project.dev.id
  user_id    = data.openai_organization_user.max.id
  role_id    = "role-api-project-viewer"
}
