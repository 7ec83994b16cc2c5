terraform {
  required_providers {
    openai = {
      source = "allthingsai/openai"
    }
  }
}

provider "openai" {}

variable "recipient" {
  type = string
}

variable "identity" {
  type      = string
  sensitive = true
  ephemeral = true
}

variable "trigger" {
  type    = string
  default = "1"
}

variable "used" {
  description = "File that the program which uses the keys writes to."
  type        = string
}

resource "openai_project" "test" {
  name = "test"
}

resource "openai_project_service_account" "test" {
  project_id = openai_project.test.id
  name       = "test"
}

resource "openai_project_api_key" "test" {
  project_id         = openai_project.test.id
  service_account_id = openai_project_service_account.test.id
  name               = "test"
  age_recipients     = [var.recipient]
  rotation_triggers  = { by = var.trigger }
}

resource "openai_admin_api_key" "test" {
  name           = "test"
  age_recipients = [var.recipient]
}

ephemeral "openai_unsealed_secret" "test" {
  sealed_value = openai_project_api_key.test.sealed_value
  identity     = var.identity
}

ephemeral "openai_project_api_key" "test" {
  project_id         = openai_project.test.id
  service_account_id = openai_project_service_account.test.id
  name               = "test"
}

resource "terraform_data" "program" {
  triggers_replace = openai_project_api_key.test.key_version

  provisioner "local-exec" {
    command = "printf '%s %s\\n' \"$${#SEALED}\" \"$${#EPHEMERAL}\" >> '${var.used}'"
    environment = {
      SEALED    = ephemeral.openai_unsealed_secret.test.value
      EPHEMERAL = ephemeral.openai_project_api_key.test.value
    }
  }
}
