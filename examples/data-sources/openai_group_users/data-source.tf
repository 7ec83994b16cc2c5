resource "openai_group" "support" {
  name = "Support"
}

data "openai_group_users" "support" {
  group_id = openai_group.support.id
}

output "addresses" {
  value = data.openai_group_users.support.users[*].email
}
