resource "openai_project" "dev" {
  name = "shop-dev"
}

# Limits that are not configured here do not change. Destroying the resource restores
# the previous values of the configured limits.
resource "openai_project_rate_limit" "mini" {
  project_id                = openai_project.dev.id
  model                     = "gpt-4o-mini"
  max_requests_per_1_minute = 60
  max_tokens_per_1_minute   = 40000
}
