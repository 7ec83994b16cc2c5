resource "openai_project" "dev" {
  name = "shop-dev"
}

data "openai_project" "by_id" {
  project_id = openai_project.dev.id
}

data "openai_project" "default" {
  name = "Default project"
}
