resource "openai_project" "dev" {
  name = "shop-dev"
}

resource "openai_project_spend_alert" "dev" {
  project_id                      = openai_project.dev.id
  threshold_usd                   = 40
  notification_channel_recipients = ["finops@example.com"]
}

data "openai_project_spend_alert" "dev" {
  project_id = openai_project.dev.id
  alert_id   = openai_project_spend_alert.dev.id
}
