resource "openai_project" "dev" {
  name = "shop-dev"
}

# The API refuses calls with the project's keys once the spend of the month reaches
# this amount.
resource "openai_project_spend_limit" "dev" {
  project_id    = openai_project.dev.id
  threshold_usd = 49.90
}
