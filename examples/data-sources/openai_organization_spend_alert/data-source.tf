resource "openai_organization_spend_alert" "half" {
  threshold_usd                   = 1250
  notification_channel_recipients = ["finops@example.com"]
}

data "openai_organization_spend_alert" "half" {
  alert_id = openai_organization_spend_alert.half.id
}
