# OpenAI has to approve of this first. Destroying the resource puts back what
# was found here, where the API has a way to do so.
resource "openai_organization_data_retention" "this" {
  type = "modified_abuse_monitoring"
}
