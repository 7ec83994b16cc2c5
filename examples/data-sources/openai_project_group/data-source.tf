resource "openai_group" "support" {
  name = "Support"
}

resource "openai_project" "dev" {
  name = "shop-dev"
}

resource "openai_project_group" "support" {
  project_id = openai_project.dev.id
  group_id   = openai_group.support.id
  role       = "role-api-project-member"
}

data "openai_project_group" "support" {
  project_id = openai_project_group.support.project_id
  group_id   = openai_project_group.support.group_id
}
