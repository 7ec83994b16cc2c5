# The amount can be given in cents instead of dollars.
resource "openai_organization_spend_limit" "this" {
  threshold_amount = 250000
}
