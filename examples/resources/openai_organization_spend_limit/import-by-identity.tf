import {
  to = openai_organization_spend_limit.this
  identity = {
    singleton_id = "organization"
  }
}
