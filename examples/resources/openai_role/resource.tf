resource "openai_role" "auditor" {
  role_name   = "Auditor"
  description = "Sees usage, costs and models, and changes nothing."
  permissions = ["api.usage.read", "api.model.read"]
}
