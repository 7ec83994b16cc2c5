# 12.5 dollars
output "limit_usd" {
  value = provider::openai::cents_to_usd(1250)
}
