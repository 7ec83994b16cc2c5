resource "openai_webhook_endpoint" "orders" {
  name        = "orders"
  url         = "https://shop.example.com/openai/events"
  event_types = ["response.completed"]
}

data "openai_webhook_endpoint" "orders" {
  id = openai_webhook_endpoint.orders.id
}

output "event_types" {
  value = data.openai_webhook_endpoint.orders.event_types
}
