# role-api-project-member
output "role_id" {
  value = provider::openai::predefined_role_id("project", "member")
}
