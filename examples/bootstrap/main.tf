# Two environments of one product, dev and prod, each in a project of its own:
# what dev spends or breaks never touches prod.

terraform {
  required_version = ">= 1.5"
  required_providers {
    openai = {
      source = "allthingsai/openai"
    }
  }
}

# The admin key comes from OPENAI_ADMIN_KEY; OPENAI_BASE_URL points to the
# emulator when the API itself is not wanted.
provider "openai" {}

module "dev" {
  source = "./environment"

  name           = "${var.product}-dev"
  services       = var.services
  hard_limit_usd = var.dev_hard_limit_usd
  alert_emails   = var.alert_emails
  members        = var.developers

  # Keys of dev are rotated more often, and its rate limits are low.
  key_rotation_days = 30
  rate_limits = {
    "gpt-4o-mini" = { requests_per_minute = 60, tokens_per_minute = 40000 }
  }
}

module "prod" {
  source = "./environment"

  name           = "${var.product}-prod"
  services       = var.services
  hard_limit_usd = var.prod_hard_limit_usd
  alert_emails   = var.alert_emails

  key_rotation_days = 90
  rate_limits = {
    "gpt-4o-mini" = { requests_per_minute = 500, tokens_per_minute = 200000 }
  }
}

# People join the organization by invitation, and land in dev when they accept.
resource "openai_organization_member" "newcomer" {
  for_each = var.newcomers

  email    = each.value
  role     = "reader"
  projects = [{ id = module.dev.project_id, role = "member" }]
}

# Limit of the spend of all environments together.
resource "openai_organization_spend_limit" "this" {
  threshold_usd = var.organization_hard_limit_usd
}
