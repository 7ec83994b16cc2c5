data "openai_webhook_endpoints" "all" {}

output "endpoint_names" {
  value = [for endpoint in data.openai_webhook_endpoints.all.webhook_endpoints : endpoint.name]
}
