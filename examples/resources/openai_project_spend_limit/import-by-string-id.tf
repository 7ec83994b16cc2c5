import {
  to = openai_project_spend_limit.dev
  id = "proj_123"
}
