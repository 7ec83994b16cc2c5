resource "openai_project" "dev" {
  name = "shop-dev"
}

# One account for each service, named after it.
resource "openai_project_service_account" "checkout" {
  project_id = openai_project.dev.id
  name       = "checkout"
}
