resource "openai_project" "prod" {
  name = "shop-prod"
}

resource "openai_project_service_account" "checkout" {
  project_id = openai_project.prod.id
  name       = "checkout"
}

resource "openai_project_api_key" "checkout" {
  project_id         = openai_project.prod.id
  service_account_id = openai_project_service_account.checkout.id
  name               = "checkout"
  expires_in_seconds = 120 * 24 * 60 * 60

  rotation = {
    after   = "90d"
    overlap = "7d"
  }
  rotation_triggers = {
    leaked = "never"
  }
}
