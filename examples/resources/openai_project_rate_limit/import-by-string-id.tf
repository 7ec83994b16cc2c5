import {
  to = openai_project_rate_limit.mini
  id = "proj_123/rl-gpt-4o-mini"
}
