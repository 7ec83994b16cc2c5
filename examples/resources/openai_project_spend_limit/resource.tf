resource "openai_project" "dev" {
  name = "shop-dev"
}

# Calls with the project's keys are refused once the month has cost this much.
resource "openai_project_spend_limit" "dev" {
  project_id    = openai_project.dev.id
  threshold_usd = 49.90
}
