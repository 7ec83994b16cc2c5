import {
  to = openai_workload_identity_federation_rule.github
  id = "wip_123/wifr_123"
}
