# Groups that the identity provider does not manage.
data "openai_groups" "ours" {
  is_scim_managed = false
}

output "group_names" {
  value = data.openai_groups.ours.groups[*].name
}
