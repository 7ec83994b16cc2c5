import {
  to = openai_workload_identity_provider.github
  identity = {
    workload_identity_provider_id = "wip_123"
  }
}
