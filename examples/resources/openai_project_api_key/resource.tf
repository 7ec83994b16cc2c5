resource "openai_project" "dev" {
  name = "shop-dev"
}

resource "openai_project_service_account" "checkout" {
  project_id = openai_project.dev.id
  name       = "checkout"
}

# Rotated every 90 days with a week of overlap. Expires after 120 days if no apply
# rotates it. Only the age identity of the recipient can decrypt the secret.
resource "openai_project_api_key" "checkout" {
  project_id         = openai_project.dev.id
  service_account_id = openai_project_service_account.checkout.id
  name               = "checkout"
  scopes             = ["model.request"]
  expires_in_seconds = 120 * 24 * 60 * 60
  age_recipients     = ["age1spqt5nwkaeqsawjds3d5ktqf5seqqxa57hd5ru0dcfuxxyqd0y8s0zf6ku"]
  rotation           = { after = "90d", overlap = "7d" }
}

# Without age_recipients, value and the state contain the secret in plain text.
resource "openai_project_api_key" "search" {
  project_id         = openai_project.dev.id
  service_account_id = openai_project_service_account.checkout.id
  name               = "search"
  rotation           = { after = "90d", overlap = "7d" }
}

output "search_key" {
  value     = openai_project_api_key.search.value
  sensitive = true
}
