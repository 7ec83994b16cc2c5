# The provider block needs api_key, an API key of the project. The signing secret
# is rotated every 90 days. The previous secret stays valid for 24 hours. Only the
# age identity of the recipient can decrypt the secret.
resource "openai_webhook_endpoint" "orders" {
  name           = "orders"
  url            = "https://shop.example.com/openai/events"
  event_types    = ["response.completed", "response.failed"]
  age_recipients = ["age1spqt5nwkaeqsawjds3d5ktqf5seqqxa57hd5ru0dcfuxxyqd0y8s0zf6ku"]
  rotation       = { after = "90d" }
}

# Without age_recipients, signing_secret and the state contain the secret in plain
# text.
resource "openai_webhook_endpoint" "batches" {
  name        = "batches"
  url         = "https://shop.example.com/openai/batches"
  event_types = ["batch.completed", "batch.failed"]
}

output "batches_signing_secret" {
  value     = openai_webhook_endpoint.batches.signing_secret
  sensitive = true
}
