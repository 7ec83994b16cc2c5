resource "openai_organization_member" "ada" {
  email = "ada@example.com"
  role  = "reader"
}

# Sends the e-mail once more:
#
#   terraform apply -invoke=action.openai_organization_member_reinvite.ada
action "openai_organization_member_reinvite" "ada" {
  config {
    email = openai_organization_member.ada.email
  }
}
