resource "openai_project" "dev" {
  name = "shop-dev"
}

data "openai_project_rate_limit" "mini" {
  project_id = openai_project.dev.id
  model      = "gpt-4o-mini"
}
