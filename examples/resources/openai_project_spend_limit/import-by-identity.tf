import {
  to = openai_project_spend_limit.dev
  identity = {
    project_id = "proj_123"
  }
}
