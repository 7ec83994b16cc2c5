data "openai_organization_users" "owners" {
  role = "owner"
}
