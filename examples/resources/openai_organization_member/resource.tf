resource "openai_project" "dev" {
  name = "shop-dev"
}

# Invited if absent, adopted if present, removed on destroy.
resource "openai_organization_member" "grace" {
  email    = "grace@example.com"
  role     = "reader"
  projects = [{ id = openai_project.dev.id, role = "member" }]
}
