resource "openai_project" "dev" {
  name = "shop-dev"
}

resource "openai_project_service_account" "checkout" {
  project_id = openai_project.dev.id
  name       = "checkout"
}

data "openai_project_service_account" "checkout" {
  project_id = openai_project.dev.id
  name       = openai_project_service_account.checkout.name
}
