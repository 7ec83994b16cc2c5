resource "openai_organization_spend_alert" "eighty_percent" {
  threshold_usd                   = 2000
  notification_channel_recipients = ["finops@example.com", "cto@example.com"]
}
