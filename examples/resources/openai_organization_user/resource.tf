# An existing member of the organization: no import is needed.
resource "openai_organization_user" "max" {
  email = "member@example.com"
  role  = "reader"
}
