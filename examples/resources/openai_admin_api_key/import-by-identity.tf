# The secret cannot be imported: value and sealed_value stay null.
import {
  to = openai_admin_api_key.reports_2026
  identity = {
    admin_api_key_id = "key_123"
  }
}
