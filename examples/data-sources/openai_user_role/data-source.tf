data "openai_organization_user" "max" {
  email = "member@example.com"
}

resource "openai_role" "auditor" {
  role_name   = "Auditor"
  permissions = ["api.usage.read"]
}

resource "openai_user_role" "max" {
  user_id = data.openai_organization_user.max.id
  role_id = openai_role.auditor.id
}

data "openai_user_role" "max" {
  user_id = openai_user_role.max.user_id
  role_id = openai_user_role.max.role_id
}
