resource "openai_project" "dev" {
  name = "shop-dev"
}

resource "openai_project_spend_limit" "dev" {
  project_id    = openai_project.dev.id
  threshold_usd = 50
}

data "openai_project_spend_limit" "dev" {
  project_id = openai_project_spend_limit.dev.project_id
}

output "dev_limit_refuses_calls" {
  value = data.openai_project_spend_limit.dev.enforcement_status == "enforcing"
}
