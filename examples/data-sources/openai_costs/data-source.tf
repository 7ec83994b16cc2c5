# What every project has cost in the last thirty whole days.
data "openai_costs" "month" {
  start_time = formatdate("YYYY-MM-DD'T'00:00:00Z", timeadd(plantimestamp(), "-720h"))
  group_by   = ["project_id"]
}

output "cost_of_month_usd" {
  value = data.openai_costs.month.total_usd
}
