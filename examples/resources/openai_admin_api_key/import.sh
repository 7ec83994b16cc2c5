# The secret cannot be imported: value and sealed_value stay null.
terraform import openai_admin_api_key.reports_2026 key_123
