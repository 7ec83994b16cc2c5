# The last seven whole days.
data "openai_usage" "week" {
  kind       = "completions"
  start_time = formatdate("YYYY-MM-DD'T'00:00:00Z", timeadd(plantimestamp(), "-168h"))
  group_by   = ["model", "project_id"]
}

output "tokens_by_model" {
  value = {
    for result in flatten(data.openai_usage.week.buckets[*].results) :
    result.model => result.input_tokens + result.output_tokens...
  }
}
