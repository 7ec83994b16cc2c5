data "openai_key_report" "all" {
  older_than = "90d"
  unused_for = "30d"
}

check "keys_are_young" {
  assert {
    condition     = data.openai_key_report.all.counts["older_than"] == 0
    error_message = "Older than 90 days: ${join(", ", [for key in data.openai_key_report.all.keys : "${key.project_name}/${key.name}" if contains(key.findings, "older_than")])}."
  }
  assert {
    condition     = data.openai_key_report.all.counts["owned_by_user"] == 0
    error_message = "Keys belong to people who may leave: make service accounts for them."
  }
}
