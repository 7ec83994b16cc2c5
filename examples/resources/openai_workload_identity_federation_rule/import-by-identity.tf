import {
  to = openai_workload_identity_federation_rule.github
  identity = {
    workload_identity_provider_id        = "wip_123"
    workload_identity_federation_rule_id = "wifr_123"
  }
}
