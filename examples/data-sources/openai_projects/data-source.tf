data "openai_projects" "all" {
  include_archived = true
}

output "active_projects" {
  value = [for p in data.openai_projects.all.projects : p.name if p.status == "active"]
}
