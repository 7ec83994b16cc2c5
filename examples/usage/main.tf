# Usage and costs have a configuration of their own: they change every day, and
# so does every plan that has them in its outputs.
terraform {
  required_providers {
    openai = {
      source = "allthingsai/openai"
    }
  }
}

# Whole days in the past, so that the plan does not change during a day.
locals {
  today    = formatdate("YYYY-MM-DD'T'00:00:00Z", plantimestamp())
  week_ago = formatdate("YYYY-MM-DD'T'00:00:00Z", timeadd(plantimestamp(), "-168h"))
}

data "openai_usage" "week" {
  kind       = "completions"
  start_time = local.week_ago
  end_time   = local.today
  group_by   = ["model"]
}

data "openai_costs" "week" {
  start_time = local.week_ago
  end_time   = local.today
}

output "usage_last_7_days" {
  description = "What the organization used in the last seven whole days."
  value = {
    requests      = data.openai_usage.week.total.num_model_requests
    input_tokens  = data.openai_usage.week.total.input_tokens
    output_tokens = data.openai_usage.week.total.output_tokens
    cost_usd      = data.openai_costs.week.total_usd
  }
}
