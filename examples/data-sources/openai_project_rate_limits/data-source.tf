resource "openai_project" "dev" {
  name = "shop-dev"
}

data "openai_project_rate_limits" "dev" {
  project_id = openai_project.dev.id
}
