resource "openai_project" "dev" {
  name = "shop-dev"
}

data "openai_project_data_retention" "dev" {
  project_id = openai_project.dev.id
}

# Fails the plan's checks, not the plan, when no retention is set.
check "retention" {
  assert {
    condition     = data.openai_project_data_retention.dev.type != "none"
    error_message = "The data of the project are kept for the usual time."
  }
}
