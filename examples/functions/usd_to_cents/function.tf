# 1250 cents
resource "openai_organization_spend_limit" "this" {
  threshold_amount = provider::openai::usd_to_cents(12.5)
}
