resource "openai_project" "dev" {
  name = "shop-dev"
}

# Values that are not set here stay as they are. Destroying the resource restores
# the previous values of the others.
resource "openai_project_rate_limit" "mini" {
  project_id                = openai_project.dev.id
  model                     = "gpt-4o-mini"
  max_requests_per_1_minute = 60
  max_tokens_per_1_minute   = 40000
}
