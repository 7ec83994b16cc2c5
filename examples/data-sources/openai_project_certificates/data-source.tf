resource "openai_project" "dev" {
  name = "shop-dev"
}

data "openai_project_certificates" "dev" {
  project_id = openai_project.dev.id
}

output "active" {
  value = [for c in data.openai_project_certificates.dev.certificates : c.id if c.active]
}
