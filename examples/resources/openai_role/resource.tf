resource "openai_role" "auditor" {
  role_name   = "Auditor"
  description = "Sees groups and what was used, changes nothing."
  permissions = ["api.groups.read", "api.usage.read"]
}
