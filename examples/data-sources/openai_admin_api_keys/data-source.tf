data "openai_admin_api_keys" "all" {}

check "admin_keys_expire" {
  assert {
    condition     = alltrue([for key in data.openai_admin_api_keys.all.admin_api_keys : key.expires_at != null || key.name == "emulator"])
    error_message = "There is an admin key without an expiry."
  }
}
