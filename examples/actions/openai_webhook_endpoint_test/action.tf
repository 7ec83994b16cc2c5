resource "openai_webhook_endpoint" "orders" {
  name           = "orders"
  url            = "https://shop.example.com/openai/events"
  event_types    = ["response.completed", "response.failed"]
  age_recipients = ["age1spqt5nwkaeqsawjds3d5ktqf5seqqxa57hd5ru0dcfuxxyqd0y8s0zf6ku"]
}

# Sends a sample event to try the receiver:
#
#   terraform apply -invoke=action.openai_webhook_endpoint_test.orders
action "openai_webhook_endpoint_test" "orders" {
  config {
    webhook_endpoint_id = openai_webhook_endpoint.orders.id
    event_type          = "response.completed"
  }
}
