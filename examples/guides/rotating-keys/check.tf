resource "openai_project" "prod" {
  name = "shop-prod"
}

data "openai_key_report" "prod" {
  project_ids = [openai_project.prod.id]
  older_than  = "100d" # after + overlap, and 3 days for failed pipelines
}

check "keys_of_prod" {
  assert {
    condition     = data.openai_key_report.prod.counts["older_than"] == 0
    error_message = "Not rotated in time: ${join(", ", [for key in data.openai_key_report.prod.keys : key.name if contains(key.findings, "older_than")])}."
  }
}
