resource "openai_invite" "grace" {
  email = "grace@example.com"
  role  = "reader"
}

data "openai_invite" "grace" {
  invite_id = openai_invite.grace.id
}
