output "environments" {
  description = "What an application team needs to know of each environment."
  value = {
    dev  = module.dev.summary
    prod = module.prod.summary
  }
}

output "keys" {
  description = "Secret of every key, by environment and service. Hand them to a secret store."
  value = {
    dev  = module.dev.keys
    prod = module.prod.keys
  }
  sensitive = true
}
