resource "openai_project" "dev" {
  name = "shop-dev"
}

data "openai_project_service_accounts" "dev" {
  project_id = openai_project.dev.id
}
