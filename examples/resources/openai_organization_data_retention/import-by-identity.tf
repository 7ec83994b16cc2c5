import {
  to = openai_organization_data_retention.this
  identity = {
    singleton_id = "organization"
  }
}
