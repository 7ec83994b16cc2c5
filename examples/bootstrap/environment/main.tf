terraform {
  required_providers {
    openai = {
      source = "allthingsai/openai"
    }
  }
}

resource "openai_project" "this" {
  name = var.name
}

# One service account and one key for each service, named after it. Usage is
# reported by service, and one key can be revoked without an effect on others.
resource "openai_project_service_account" "service" {
  for_each = var.services

  project_id = openai_project.this.id
  name       = each.value
  role       = "member"
}

resource "openai_project_api_key" "service" {
  for_each = var.services

  project_id         = openai_project.this.id
  service_account_id = openai_project_service_account.service[each.value].id
  name               = each.value

  # Due keys are rotated by the next apply. The old key stays valid for a day.
  rotation = {
    after   = "${var.key_rotation_days}d"
    overlap = "1d"
  }
}

# The API refuses calls above the hard limit; alerts only notify people.
resource "openai_project_spend_limit" "this" {
  project_id    = openai_project.this.id
  threshold_usd = var.hard_limit_usd
}

resource "openai_project_spend_alert" "share" {
  for_each = toset([for percent in var.alert_percents : tostring(percent)])

  project_id                          = openai_project.this.id
  threshold_usd                       = floor(var.hard_limit_usd * tonumber(each.value)) / 100
  notification_channel_recipients     = var.alert_emails
  notification_channel_subject_prefix = "[${var.name} ${each.value} %]"

  # An alert is written after the limit it announces.
  depends_on = [openai_project_spend_limit.this]
}

resource "openai_project_rate_limit" "model" {
  for_each = var.rate_limits

  project_id                = openai_project.this.id
  model                     = each.key
  max_requests_per_1_minute = each.value.requests_per_minute
  max_tokens_per_1_minute   = each.value.tokens_per_minute
}

resource "openai_project_user" "member" {
  for_each = var.members

  project_id = openai_project.this.id
  email      = each.value
  role       = "member"
}
