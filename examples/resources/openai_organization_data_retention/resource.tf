# OpenAI has to approve this first. Destroying the resource restores the previous
# setting, where the API can do so.
resource "openai_organization_data_retention" "this" {
  type = "modified_abuse_monitoring"
}
