import {
  to = openai_organization_spend_alert.eighty_percent
  id = "alert_123"
}
