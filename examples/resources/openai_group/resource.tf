resource "openai_group" "support" {
  name = "Support"
}
