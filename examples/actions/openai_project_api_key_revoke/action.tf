resource "openai_project" "shop" {
  name = "shop-prod"
}

# The key of an interrupted apply: a plan has reported it as an orphan.
#
#   terraform apply -invoke=action.openai_project_api_key_revoke.orphan
action "openai_project_api_key_revoke" "orphan" {
  config {
    project_id = openai_project.shop.id
    api_key_id = "key_123"
    name       = "checkout"
  }
}
