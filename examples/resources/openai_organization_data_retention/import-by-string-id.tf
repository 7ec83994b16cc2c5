import {
  to = openai_organization_data_retention.this
  id = "organization"
}
