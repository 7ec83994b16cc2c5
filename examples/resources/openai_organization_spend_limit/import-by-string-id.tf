import {
  to = openai_organization_spend_limit.this
  id = "organization"
}
