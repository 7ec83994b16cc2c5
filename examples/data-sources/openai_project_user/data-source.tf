resource "openai_project" "dev" {
  name = "shop-dev"
}

resource "openai_project_user" "max" {
  project_id = openai_project.dev.id
  email      = "member@example.com"
  role       = "member"
}

data "openai_project_user" "max" {
  project_id = openai_project.dev.id
  email      = openai_project_user.max.email
}
