resource "openai_project" "shop" {
  name = "shop-prod"
}

resource "openai_project_service_account" "checkout" {
  project_id = openai_project.shop.id
  name       = "checkout"
}

resource "openai_project_api_key" "checkout" {
  project_id         = openai_project.shop.id
  service_account_id = openai_project_service_account.checkout.id
  name               = "checkout"

  rotation = {
    after   = "90d"
    overlap = "7d"
  }
}

# Once every instance uses the new key, the overlap can end early:
#
#   terraform apply -invoke=action.openai_project_api_key_revoke_previous.checkout
action "openai_project_api_key_revoke_previous" "checkout" {
  config {
    project_id = openai_project.shop.id
    api_key_id = openai_project_api_key.checkout.id
    previous_ids = concat(
      [openai_project_api_key.checkout.previous_id],
      keys(coalesce(openai_project_api_key.checkout.expiring_keys, {})),
    )
  }
}
