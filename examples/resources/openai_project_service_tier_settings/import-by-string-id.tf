import {
  to = openai_project_service_tier_settings.dev
  id = "proj_123"
}
