data "openai_organization_data_retention" "this" {}

output "retention" {
  value = data.openai_organization_data_retention.this.type
}
