resource "openai_group" "support" {
  name = "Support"
}

data "openai_group" "support" {
  name = openai_group.support.name
}
