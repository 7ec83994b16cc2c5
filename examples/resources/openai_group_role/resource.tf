resource "openai_group" "support" {
  name = "Support"
}

resource "openai_role" "auditor" {
  role_name   = "Auditor"
  permissions = ["api.usage.read"]
}

resource "openai_group_role" "support" {
  group_id = openai_group.support.id
  role_id  = openai_role.auditor.id
}
