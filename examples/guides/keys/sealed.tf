variable "recipient" {
  type = string
}

variable "identity" {
  type      = string
  sensitive = true
  ephemeral = true
}

resource "openai_project" "prod" {
  name = "shop-prod"
}

resource "openai_project_service_account" "checkout" {
  project_id = openai_project.prod.id
  name       = "checkout"
}

resource "openai_project_api_key" "checkout" {
  project_id         = openai_project.prod.id
  service_account_id = openai_project_service_account.checkout.id
  name               = "checkout"
  scopes             = ["model.request"]
  expires_in_seconds = 120 * 24 * 60 * 60
  age_recipients     = [var.recipient]
  rotation           = { after = "90d", overlap = "7d" }
}

ephemeral "openai_unsealed_secret" "checkout" {
  sealed_value = openai_project_api_key.checkout.sealed_value
  identity     = var.identity
}

resource "aws_secretsmanager_secret_version" "checkout" {
  secret_id                = "shop-prod/checkout"
  secret_string_wo         = ephemeral.openai_unsealed_secret.checkout.value
  secret_string_wo_version = openai_project_api_key.checkout.key_version
}

output "checkout_sealed" {
  value = openai_project_api_key.checkout.sealed_value
}
