resource "openai_organization_spend_limit" "this" {
  threshold_usd = 2500
}

data "openai_organization_spend_limit" "this" {
  depends_on = [openai_organization_spend_limit.this]
}
