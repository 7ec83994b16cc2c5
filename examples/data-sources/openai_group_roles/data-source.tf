resource "openai_group" "support" {
  name = "Support"
}

data "openai_group_roles" "support" {
  group_id = openai_group.support.id
}
