data "openai_organization_user" "max" {
  email = "member@example.com"
}
