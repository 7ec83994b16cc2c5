# 12.5 dollars
output "limit_usd" {
  value = provider::openai::cents(1250)
}
