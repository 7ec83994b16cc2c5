resource "openai_project" "dev" {
  name = "shop-dev"
}

resource "openai_project_service_account" "checkout" {
  project_id = openai_project.dev.id
  name       = "checkout"
}

# Dies by itself after 90 days, even if nobody applies again.
resource "openai_project_api_key" "checkout" {
  project_id         = openai_project.dev.id
  service_account_id = openai_project_service_account.checkout.id
  name               = "checkout"
  scopes             = ["model.request"]
  expires_in_seconds = 90 * 24 * 60 * 60
}

output "checkout_key" {
  value     = openai_project_api_key.checkout.value
  sensitive = true
}
