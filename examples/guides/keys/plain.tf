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

  rotation = {
    after   = "30d"
    overlap = "1d"
  }
}

output "checkout_key" {
  value     = openai_project_api_key.checkout.value
  sensitive = true
}
