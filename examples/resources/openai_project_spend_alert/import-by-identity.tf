import {
  to = openai_project_spend_alert.dev
  identity = {
    project_id = "proj_123"
    alert_id   = "alert_123"
  }
}
