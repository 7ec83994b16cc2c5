import {
  to = openai_project_rate_limit.mini
  identity = {
    project_id    = "proj_123"
    rate_limit_id = "rl-gpt-4o-mini"
  }
}
