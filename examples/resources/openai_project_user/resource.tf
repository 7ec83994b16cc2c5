resource "openai_project" "dev" {
  name = "shop-dev"
}

resource "openai_project_user" "max" {
  project_id = openai_project.dev.id
  email      = "member@example.com"
  role       = "member"
}
