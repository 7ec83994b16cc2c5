variable "recipient" {
  description = "Public key to seal secrets to."
  type        = string
}

# Comes from TF_VAR_identity, for example out of the secrets of the pipeline.
variable "identity" {
  description = "The private key to it."
  type        = string
  sensitive   = true
  ephemeral   = true
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
  age_recipients     = [var.recipient]
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
