resource "openai_project" "dev" {
  name = "shop-dev"
}

# What is not mentioned stays as it is; what is gets its previous value back when
# the resource is destroyed.
resource "openai_project_rate_limit" "mini" {
  project_id                = openai_project.dev.id
  model                     = "gpt-4o-mini"
  max_requests_per_1_minute = 60
  max_tokens_per_1_minute   = 40000
}
