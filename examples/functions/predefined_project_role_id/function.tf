# role-api-project-member__api-project__proj_123
output "role_id" {
  value = provider::openai::predefined_project_role_id("member", "proj_123")
}
