resource "openai_project" "dev" {
  name = "shop-dev"
}

# Notifies the recipients; no calls are refused.
resource "openai_project_spend_alert" "dev" {
  project_id                          = openai_project.dev.id
  threshold_usd                       = 40
  notification_channel_recipients     = ["finops@example.com"]
  notification_channel_subject_prefix = "[shop-dev]"
}
