import {
  to = openai_project_service_tier_settings.dev
  identity = {
    project_id = "proj_123"
  }
}
