import {
  to = openai_project_group_role.support
  identity = {
    project_id = "proj_123"
    group_id   = "group_123"
    role_id    = "role_123"
  }
}
