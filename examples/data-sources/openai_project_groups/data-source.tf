resource "openai_project" "dev" {
  name = "shop-dev"
}

data "openai_project_groups" "dev" {
  project_id = openai_project.dev.id
}
