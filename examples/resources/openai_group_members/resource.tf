resource "openai_group" "support" {
  name = "Support"
}

resource "openai_project" "dev" {
  name = "shop-dev"
}

resource "openai_project_service_account" "bot" {
  project_id = openai_project.dev.id
  name       = "support-bot"
}

# Other members are removed from the group.
resource "openai_group_members" "support" {
  group_id = openai_group.support.id
  members = [
    "owner@example.com",
    "member@example.com",
    openai_project_service_account.bot.id,
  ]
}
