resource "openai_group" "support" {
  name = "Support"
}

resource "openai_project" "dev" {
  name = "shop-dev"
}

resource "openai_project_group" "support" {
  project_id = openai_project.dev.id
  group_id   = openai_group.support.id
  role       = "role-api-project-viewer"
}

resource "openai_project_role" "caller" {
  project_id  = openai_project.dev.id
  role_name   = "Caller"
  permissions = ["api.model.request"]
}

# A second role in addition to the first role of the group.
resource "openai_project_group_role" "support" {
  project_id = openai_project_group.support.project_id
  group_id   = openai_project_group.support.group_id
  role_id    = openai_project_role.caller.id
}
