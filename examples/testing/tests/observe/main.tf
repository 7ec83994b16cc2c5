# Reads what the organization says of a project.

terraform {
  required_providers {
    openai = {
      source = "allthingsai/openai"
    }
  }
}

variable "project_id" {
  description = "Id of the project."
  type        = string
}

data "openai_project" "this" {
  project_id = var.project_id
}

data "openai_project_api_keys" "this" {
  project_id = var.project_id
}

data "openai_project_spend_limit" "this" {
  project_id = var.project_id
}
