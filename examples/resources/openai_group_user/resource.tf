resource "openai_group" "support" {
  name = "Support"
}

data "openai_organization_user" "max" {
  email = "member@example.com"
}

resource "openai_group_user" "max" {
  group_id = openai_group.support.id
  user_id  = data.openai_organization_user.max.id
}
