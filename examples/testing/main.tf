# An environment to test with `terraform test`, on an organization that
# `openai-admin emulate` serves: see tests/.

terraform {
  required_version = ">= 1.6"
  required_providers {
    openai = {
      source = "allthingsai/openai"
    }
  }
}

variable "name" {
  description = "Name of the project."
  type        = string
}

variable "hard_limit_usd" {
  description = "What the project may spend in a month, in US dollars."
  type        = number

  validation {
    condition     = var.hard_limit_usd <= 5000
    error_message = "More than 5000 dollars a month need a decision of finance."
  }
}

resource "openai_project" "this" {
  name = var.name
}

resource "openai_project_spend_limit" "this" {
  project_id    = openai_project.this.id
  threshold_usd = var.hard_limit_usd
}

# Alerts at 50% and 80% of the limit.
resource "openai_project_spend_alert" "share" {
  for_each = toset(["50", "80"])

  project_id                      = openai_project.this.id
  threshold_usd                   = var.hard_limit_usd * tonumber(each.key) / 100
  notification_channel_recipients = ["finops@example.com"]
}

resource "openai_project_service_account" "app" {
  project_id = openai_project.this.id
  name       = "app"
}

resource "openai_project_api_key" "app" {
  project_id         = openai_project.this.id
  service_account_id = openai_project_service_account.app.id
  name               = "app"
  scopes             = ["model.request"]

  rotation = {
    after   = "30d"
    overlap = "1d"
  }
}

output "project_id" {
  description = "Id of the project."
  value       = openai_project.this.id
}
