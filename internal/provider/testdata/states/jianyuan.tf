resource "openai_admin_api_key" "this" {
  name = "Nightly report"
}

resource "openai_organization_data_retention" "this" {
  type = "modified_abuse_monitoring"
}

moved {
  from = openai_data_retention.this
  to   = openai_organization_data_retention.this
}

resource "openai_group" "this" {
  name = "Support"
}

resource "openai_group_role" "this" {
  group_id = "{group}"
  role_id  = "{role}"
}

moved {
  from = openai_group_role_assignment.this
  to   = openai_group_role.this
}

resource "openai_group_user" "this" {
  group_id = "{group}"
  user_id  = "{user}"
}

resource "openai_invite" "this" {
  email = "grace@example.com"
  role  = "reader"
}

resource "openai_role" "this" {
  role_name   = "Caller"
  description = "Calls."
  permissions = ["api.groups.read", "api.model.request"]
}

moved {
  from = openai_organization_role.this
  to   = openai_role.this
}

resource "openai_project" "this" {
  name = "shop"
}

resource "openai_project_group_role" "this" {
  project_id = "{project}"
  group_id   = "{group}"
  role_id    = "role-api-project-member"
}

moved {
  from = openai_project_group_role_assignment.this
  to   = openai_project_group_role.this
}

resource "openai_project_model_permissions" "this" {
  project_id = "{project}"
  mode       = "allow_list"
  model_ids  = ["gpt-4o", "gpt-4o-mini"]
}

resource "openai_project_rate_limit" "this" {
  project_id                = "{project}"
  rate_limit_id             = "rl-gpt-4o"
  max_requests_per_1_minute = 10
}

resource "openai_project_role" "this" {
  project_id  = "{project}"
  role_name   = "Caller of shop"
  description = "Calls."
  permissions = ["api.groups.read", "api.model.request"]
}

resource "openai_project_service_account" "this" {
  project_id = "{project}"
  name       = "billing"
}

resource "openai_project_spend_alert" "this" {
  project_id                          = "{project}"
  currency                            = "USD"
  interval                            = "month"
  threshold_amount                    = 12345
  notification_channel_type           = "email"
  notification_channel_recipients     = ["finance@example.com", "cfo@example.com"]
  notification_channel_subject_prefix = "[spend]"
}

resource "openai_project_spend_limit" "this" {
  project_id       = "{project}"
  currency         = "USD"
  interval         = "month"
  threshold_amount = 500000
}

resource "openai_project_user" "this" {
  project_id = "{project}"
  user_id    = "{user}"
  role       = "member"
}

resource "openai_project_user_role" "this" {
  project_id = "{project}"
  user_id    = "{user}"
  role_id    = "role-api-project-member"
}

moved {
  from = openai_project_user_role_assignment.this
  to   = openai_project_user_role.this
}

resource "openai_organization_spend_alert" "this" {
  threshold_usd                       = 123.45
  notification_channel_recipients     = ["finance@example.com", "cfo@example.com"]
  notification_channel_subject_prefix = "[spend]"
}

moved {
  from = openai_spend_alert.this
  to   = openai_organization_spend_alert.this
}

resource "openai_organization_spend_limit" "this" {
  threshold_usd = 5000
}

moved {
  from = openai_spend_limit.this
  to   = openai_organization_spend_limit.this
}

resource "openai_organization_member" "this" {
  email = "member@example.com"
  role  = "reader"
}

moved {
  from = openai_user_role.this
  to   = openai_organization_member.this
}

resource "openai_user_role" "assigned" {
  user_id = "{user}"
  role_id = "role-api-organization-reader"
}

moved {
  from = openai_user_role_assignment.this
  to   = openai_user_role.assigned
}
