data "openai_roles" "all" {}

output "custom_roles" {
  value = [for role in data.openai_roles.all.roles : role.name if !role.predefined_role]
}
