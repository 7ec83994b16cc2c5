resource "openai_project" "dev" {
  name = "shop-dev"
}

resource "openai_project_service_account" "checkout" {
  project_id = openai_project.dev.id
  name       = "checkout"
}

resource "openai_project_api_key" "checkout" {
  project_id         = openai_project.dev.id
  service_account_id = openai_project_service_account.checkout.id
  name               = "checkout"
  expires_in_seconds = 30 * 24 * 60 * 60
}

output "checkout_key" {
  value     = openai_project_api_key.checkout.value
  sensitive = true
}
