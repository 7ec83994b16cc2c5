data "openai_role" "reader" {
  role_name = "reader"
}

output "what_readers_may_do" {
  value = data.openai_role.reader.permissions
}
