resource "openai_project" "shop" {
  name = "shop-prod"
}

resource "openai_project_service_account" "checkout" {
  project_id = openai_project.shop.id
  name       = "checkout"
}

# For an incident. Afterwards, terraform apply creates the managed keys again:
#
#   terraform apply -invoke=action.openai_service_account_revoke_keys.checkout
action "openai_service_account_revoke_keys" "checkout" {
  config {
    project_id         = openai_project.shop.id
    service_account_id = openai_project_service_account.checkout.id
  }
}
