import {
  to = openai_project_spend_alert.dev
  id = "proj_123/alert_123"
}
