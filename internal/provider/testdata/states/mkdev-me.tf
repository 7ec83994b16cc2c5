resource "openai_admin_api_key" "this" {
  name = "Nightly report"
}

resource "openai_group" "this" {
  name = "Support"
}

resource "openai_group_user" "this" {
  group_id = "{group}"
  user_id  = "{user}"
}

resource "openai_invite" "this" {
  email = "grace@example.com"
  role  = "reader"
}

resource "openai_group_role" "this" {
  group_id = "{group}"
  role_id  = "{role}"
}

moved {
  from = openai_organization_group_role.this
  to   = openai_group_role.this
}

resource "openai_role" "this" {
  role_name   = "Caller"
  description = "Calls."
  permissions = ["api.model.request", "api.groups.read"]
}

moved {
  from = openai_organization_role.this
  to   = openai_role.this
}

resource "openai_organization_user" "this" {
  user_id = "{user}"
  role    = "reader"
}

resource "openai_user_role" "this" {
  user_id = "{user}"
  role_id = "role-api-organization-reader"
}

moved {
  from = openai_organization_user_role.this
  to   = openai_user_role.this
}

resource "openai_project" "this" {
  name = "shop"
}

resource "openai_project_group" "this" {
  project_id = "{project}"
  group_id   = "{group}"
  role       = "role-api-project-member"
}

resource "openai_project_role" "this" {
  project_id  = "{project}"
  role_name   = "Caller of shop"
  description = "Calls."
  permissions = ["api.model.request", "api.groups.read"]
}

resource "openai_project_service_account" "this" {
  project_id = "{project}"
  name       = "billing"
}

# Its state has schema version 1, which needs a move to another address.
resource "openai_project_user" "member" {
  project_id = "{project}"
  user_id    = "{user}"
  role       = "member"
}

moved {
  from = openai_project_user.this
  to   = openai_project_user.member
}

resource "openai_project_rate_limit" "this" {
  project_id                = "{project}"
  model                     = "gpt-4o"
  max_requests_per_1_minute = 10
}

moved {
  from = openai_rate_limit.this
  to   = openai_project_rate_limit.this
}
