output "project_id" {
  description = "Id of the project."
  value       = openai_project.this.id
}

output "summary" {
  description = "The environment without its secrets."
  value = {
    project_id     = openai_project.this.id
    hard_limit_usd = openai_project_spend_limit.this.threshold_usd
    services = {
      for name, key in openai_project_api_key.service : name => {
        service_account_id = key.service_account_id
        api_key_id         = key.id
      }
    }
  }
}

output "keys" {
  description = "Secret of every key, by service."
  value       = { for name, key in openai_project_api_key.service : name => key.value }
  sensitive   = true
}
