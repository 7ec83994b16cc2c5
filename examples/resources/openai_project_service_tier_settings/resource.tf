resource "openai_project" "dev" {
  name = "shop-dev"
}

# Requests of this project run in the standard tier, or cheaper when they ask
# for it, and never in a dearer one.
resource "openai_project_service_tier_settings" "dev" {
  project_id    = openai_project.dev.id
  default       = "standard"
  enabled_tiers = ["flex"]
}
