resource "openai_project" "dev" {
  name = "shop-dev"
}

# Data of this project stays in the European Union. It cannot be moved later.
resource "openai_project" "eu" {
  name      = "shop-eu"
  residency = "EU_STORAGE_PROCESSING"
}
