# An endpoint for all events of batches.
data "openai_webhook_event_types" "all" {}

resource "openai_webhook_endpoint" "batches" {
  name        = "batches"
  url         = "https://shop.example.com/openai/batches"
  event_types = [for kind in data.openai_webhook_event_types.all.event_types : kind if length(regexall("^batch\\.", kind)) > 0]
}
