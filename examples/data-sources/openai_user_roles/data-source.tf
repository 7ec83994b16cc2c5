data "openai_organization_user" "max" {
  email = "member@example.com"
}

data "openai_user_roles" "max" {
  user_id = data.openai_organization_user.max.id
}
