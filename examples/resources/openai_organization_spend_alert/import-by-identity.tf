import {
  to = openai_organization_spend_alert.eighty_percent
  identity = {
    alert_id = "alert_123"
  }
}
