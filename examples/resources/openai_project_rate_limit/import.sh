terraform import openai_project_rate_limit.mini proj_123/rl-gpt-4o-mini
