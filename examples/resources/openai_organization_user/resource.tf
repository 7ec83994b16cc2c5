# Somebody who is in the organization already: no import is needed.
resource "openai_organization_user" "max" {
  email = "member@example.com"
  role  = "reader"
}
